"""`escalation` of config.yml: who is told before a promised date, and after it was missed; optional."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from bot.settings.section import Section, some_texts
from tickets.calendar import Target, Unit
from tickets.city import Department, Service
from tickets.staff import DAYS, DESK, Level, Role, Side

_MOST = {Unit.HOURS: DAYS - 1, Unit.DAYS: 366}
_SPAN = f"{{hours: N}} or {{days: N}} of working time, N from 1 to {_MOST[Unit.HOURS]} hours or {_MOST[Unit.DAYS]} days"
_HOUR = Target(amount=1, unit=Unit.HOURS)


def read_escalation(
    top: Section, staff: Iterable[Role], departments: Iterable[Department], services: Iterable[Service]
) -> tuple[Level, ...]:
    """`escalation: [{before: {hours: 9}, to: [desk]}, {after: {days: 1}, to: [head], departments: [roads]}]`, and
    `services` as `departments`; without either it is of all tickets."""
    if not top.has("escalation"):
        return ()
    roles = [DESK, *(role.code for role in staff)]
    of, about = [one.code for one in departments], [one.code for one in services]
    return tuple(_level(section, roles, of, about) for section in top.sections("escalation"))


def _level(section: Section, roles: list[str], departments: list[str], services: list[str]) -> Level:
    sides = [side for side in Side if section.has(side)]
    if len(sides) != 1:
        section.wrong(sides[0] if sides else Side.BEFORE, "must stand alone: each level has either `before` or `after`")
    side = sides[0] if sides else Side.BEFORE
    for other in sides[1:]:
        section.raw(other)
    span = section.get(side, _span, _SPAN, _HOUR, required=False)
    level = Level(
        side=side,
        span=span,
        to=section.get("to", _some_of(roles), f"a list of roles: {_listed(roles)}", ()),
        departments=_filter(section, "departments", departments),
        services=_filter(section, "services", services),
    )
    section.done()
    return level


def _filter(section: Section, name: str, codes: list[str]) -> tuple[str, ...]:
    what = f"a list of some of `{name}`: {_listed(codes)}"
    return section.get(name, _some_of(codes), what, (), required=False)


def _some_of(allowed: Collection[str]) -> Callable[[object], tuple[str, ...]]:
    def check(value: object) -> tuple[str, ...]:
        codes = some_texts(value)
        if not codes or not set(codes) <= set(allowed):
            raise ValueError
        return tuple(dict.fromkeys(codes))

    return check


def _listed(codes: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(filter(None, codes)))


def _span(value: dict[str, Any]) -> Target:
    ((unit, amount),) = value.items()
    if not isinstance(amount, int) or isinstance(amount, bool) or not 1 <= amount <= _MOST[Unit(unit)]:
        raise ValueError
    return Target(amount=amount, unit=Unit(unit))
