"""`sla` of a service: what is promised usually, where it presses, and in single areas."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from bot.settings.section import Mistake, Section
from tickets.calendar import Target, Unit
from tickets.city import Area, Service
from tickets.model import Priority
from tickets.target import Targets

LONGEST: Final = 1000  # working days or hours that can be promised
_PRESSING: Final = (Priority.URGENT, Priority.EMERGENCY)
_UNITS: Final = frozenset(Unit)
_PROMISE: Final = (
    f"{{days: N}} or {{hours: N}}, N from 1 to {LONGEST}; beside it may stand urgent: {{days: N}}, "
    "emergency: {hours: N} and areas: {code of an area: {days: N}}"
)
_NONE: Final = Target(amount=1, unit=Unit.DAYS), Targets()


def read_targets(section: Section) -> tuple[Target, Targets]:
    """`sla: {days: 5, urgent: {days: 2}, emergency: {hours: 4}, areas: {centro: {days: 3}}}`."""
    return section.get("sla", _targets, _PROMISE, _NONE)


def check_areas(top: Section, services: Iterable[Service], areas: Iterable[Area]) -> None:
    """Whether the city has each area that a service makes a difference for."""
    codes = [area.code for area in areas]
    for service in services:
        for area in sorted(service.targets.areas.keys() - codes):
            known = ", ".join(codes) or "none"
            advice = f"{service.code}: sla.areas has {area}, which is no area; the areas are: {known}"
            top.wrong("services", advice, Mistake.AREA, shown=area)


def _targets(value: Mapping[str, Any]) -> tuple[Target, Targets]:
    usual = {key: amount for key, amount in value.items() if key in _UNITS}
    if not value.keys() <= {*_UNITS, *_PRESSING, "areas"}:
        raise ValueError
    priorities = {priority: _target(value[priority]) for priority in _PRESSING if priority in value}
    areas = {_code(area): _target(target) for area, target in value.get("areas", {}).items()}
    return _target(usual), Targets(priorities=priorities, areas=areas)


def _target(value: Mapping[str, Any]) -> Target:
    ((unit, amount),) = value.items()
    if not isinstance(amount, int) or isinstance(amount, bool) or not 1 <= amount <= LONGEST:
        raise ValueError
    return Target(amount=amount, unit=Unit(unit))


def _code(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
