"""One change of the desk, made in a city, by the readers of config.yml: whatever is taken here is taken there."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final, Protocol, TypeVar

import msgspec
import yaml

from bot.amending import plain
from bot.ports.amendments import RULES, Kind
from bot.settings import room
from bot.settings.calendar import kept, read_days
from bot.settings.city import read_service
from bot.settings.information import read_answer
from bot.settings.replies import read_reply
from bot.settings.routing import read_routing
from bot.settings.section import Mistake, Problem, Section, open_yaml
from bot.settings.target import check_areas
from tickets.city import City, Service

AS_FILED: Final = "null"  # the value of a change that takes all others back: as config.yml has it
_SERVICES = ("names", "sla")  # keys of a service that the desk may change


class Wrong(Exception):
    """It does not fit the city, and `problems` says why: nothing was changed."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(one) for one in problems))
        self.problems = tuple(problems)


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


T = TypeVar("T", bound=_Coded)


def changed(city: City, base: City, kind: Kind, key: str, value: str | None) -> City:
    """The city with this change on top of others. `base` is what config.yml says. Raises Wrong."""
    found = None if value is None else _decoded(value)
    back = value is not None and found is None
    match kind:
        case Kind.CANNED:
            items = _items(city.canned, base.canned, key, _read(found, key, city, read_reply), back=back)
            return replace(city, canned=items)
        case Kind.ANSWER:
            entries = _items(city.information, base.information, key, _read(found, key, city, read_answer), back=back)
            return replace(city, information=entries)
        case Kind.SERVICE:
            return _serviced(city, base, key, found, back=back)
        case Kind.ROUTE:
            return _routed(city, base, key, found, back=back)
        case Kind.HOLIDAY:
            return _dated(city, base, key, found, back=back)


def wrong(key: str, advice: str, what: Mistake) -> Wrong:
    """A mistake that no reader knows."""
    return Wrong([Problem(key=key, line=0, advice=advice, what=what)])


def section_of(written: object, problems: list[Problem]) -> Section:
    """As if it stood in config.yml."""
    return open_yaml(yaml.safe_dump(written, allow_unicode=True, sort_keys=False), problems)


def _decoded(value: str) -> Any:
    try:
        return msgspec.json.decode(value)
    except msgspec.MsgspecError:
        raise wrong("value", "is no JSON", Mistake.UNFIT) from None


def _read(found: Any, key: str, city: City, reader: Callable[[Section, tuple[str, ...]], T]) -> T | None:
    if found is None:
        return None
    problems: list[Problem] = []
    item = reader(section_of({"code": key} | found if isinstance(found, dict) else found, problems), city.languages)
    if item.code != key and not problems:
        raise wrong("code", "is another one", Mistake.UNFIT)
    if problems:
        raise Wrong(problems)
    return item


def _items(now: Sequence[T], base: Sequence[T], key: str, item: T | None, *, back: bool) -> tuple[T, ...]:
    """With this one in its place: those of config.yml in its order, then the desk's own."""
    found = {one.code: one for one in now}
    filed = {one.code: one for one in base}
    found.pop(key, None) if (chosen := filed.get(key) if back else item) is None else found.update({key: chosen})
    order = [*(code for code in filed if code in found), *(code for code in found if code not in filed)]
    return tuple(found[code] for code in order)


def _serviced(city: City, base: City, key: str, found: Any, *, back: bool) -> City:
    filed = base.service(key)
    if filed is None:
        raise wrong("code", "is no service of config.yml any more", Mistake.UNFIT)
    service = filed if back else _service(city, filed, found)
    services = tuple(service if one.code == key else one for one in city.services)
    problems: list[Problem] = []
    top = Section(problems, "", 0, {})
    check_areas(top, [service], city.areas)
    for language in city.languages:
        room.check_menu(top, "services", [one.names.get(language, "") for one in services])
    if problems:
        raise Wrong(problems)
    return replace(city, services=services)


def _service(city: City, filed: Service, found: Any) -> Service:
    if not isinstance(found, dict) or not found.keys() <= set(_SERVICES):
        raise wrong("services", f"changes other keys than {', '.join(_SERVICES)}", Mistake.UNFIT)
    problems: list[Problem] = []
    read = read_service(
        section_of(plain.service(filed) | found, problems), city.languages, city.departments, filed.nearby
    )  # fmt: skip
    if problems:
        raise Wrong(problems)
    return read


def _routed(city: City, base: City, key: str, found: Any, *, back: bool) -> City:
    if key != RULES:
        raise wrong("routing", "is no list of rules", Mistake.UNFIT)
    if back:
        return replace(city, routing=base.routing)
    problems: list[Problem] = []
    top = section_of({"routing": found or []}, problems)
    rules = read_routing(top, city.departments, city.services, city.areas)
    if problems:
        raise Wrong(problems)
    return replace(city, routing=rules)


def _dated(city: City, base: City, key: str, found: Any, *, back: bool) -> City:
    try:
        day = date.fromisoformat(key)
    except ValueError:
        raise wrong("date", "is no date", Mistake.UNFIT) from None
    calendar = city.calendar
    own, works = dict(calendar.own), set(calendar.nation.works)
    own.pop(day, None)
    works.discard(day)
    if back:
        own |= {day: names} if (names := base.calendar.own.get(day)) is not None else {}
        works |= {day} & base.calendar.nation.works
    elif found is not None:
        own[day] = _names(day, found, city.languages)
    elif day in calendar.nation.days:
        if day.weekday() not in calendar.opening:
            raise wrong("date", "is a day on which nobody works anyway", Mistake.EMPTY)
        works.add(day)
    nation = replace(calendar.nation, works=frozenset(works))
    return replace(city, calendar=replace(calendar, nation=nation, holidays=kept(nation, own)))


def _names(day: date, found: Any, languages: tuple[str, ...]) -> Any:
    names = found.get("names") if isinstance(found, dict) else None
    if not isinstance(names, dict):
        raise wrong("names", "is no mapping", Mistake.UNFIT)
    problems: list[Problem] = []
    own, _ = read_days(section_of({"holidays": [plain.holiday(day, names)]}, problems), languages)
    if problems:
        raise Wrong(problems)
    return own[day]
