"""What the city says of the system that it leaves: which column means what, and which words stand for what. YAML.

Only columns that are named here are ever looked at: names and numbers of people stay behind.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from bot.settings.section import Problem, Section, among, open_yaml, some_text
from tickets.city import City
from tickets.model import Status

ISO: Final = "iso"  # dates as ISO 8601 writes them
SKIP: Final = "skip"
_MOST_DATES, _LONGEST_SOURCE = 20, 60


class Column(StrEnum):
    """What a case is made of; the words are those of the mapping's `columns`."""

    NUMBER = "number"
    SERVICE = "service"
    STATUS = "status"
    FILED = "filed"
    CHANGED = "changed"
    CLOSED = "closed"
    DUE = "due"
    DESCRIPTION = "description"
    ADDRESS = "address"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    LANGUAGE = "language"


REQUIRED: Final = (Column.NUMBER, Column.SERVICE, Column.STATUS, Column.FILED)
# Where an Open311 server tells these things: GeoReport v2, "GET Service Requests".
OPEN311: Final[Mapping[Column, tuple[str, ...]]] = {
    Column.NUMBER: ("service_request_id",),
    Column.SERVICE: ("service_code", "service_name"),
    Column.STATUS: ("status",),
    Column.FILED: ("requested_datetime",),
    Column.CHANGED: ("updated_datetime",),
    Column.CLOSED: ("closed_datetime",),  # an extension of some; else what is closed was changed last then
    Column.DUE: ("expected_datetime",),
    Column.DESCRIPTION: ("description",),
    Column.ADDRESS: ("address",),
    Column.LATITUDE: ("lat",),
    Column.LONGITUDE: ("long",),
}
_OPEN311_STATUSES: Final = {"open": Status.RECEIVED, "closed": Status.RESOLVED}


class BadMapping(Exception):
    """The mapping cannot be used; each problem says on which line and what to do."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("The mapping cannot be used:\n  " + "\n  ".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """What becomes of what the mapping does not name; None: it is refused. `undated`: what is closed without a date
    was closed when it was filed, else it is refused."""

    service: str | None = None
    status: Status | None = None
    undated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A mapping that fits the city. `columns`: of several names the first that is filled counts, but all of the
    description's. `services` and `statuses` are found by `plain` words. `dates` are tried in this order, those without
    an offset are on the clocks of `zone`; `rate`: questions a second to an Open311 server."""

    source: str
    zone: ZoneInfo
    language: str
    dates: tuple[str, ...]
    columns: Mapping[Column, tuple[str, ...]]
    services: Mapping[str, str]
    statuses: Mapping[str, Status]
    unknown: Unknown
    skipped: frozenset[str] = frozenset()  # services that are left behind on purpose
    encoding: str = ""  # empty: found out
    delimiter: str = ""
    jurisdiction: str = ""
    rate: float = 1.0


def plain(words: str) -> str:
    """As words of the mapping are compared: case and blanks do not count."""
    return " ".join(words.split()).casefold()


def read_mapping(text: str, city: City, *, online: bool) -> Plan:
    """`online`: the source is an Open311 server, of which columns and statuses are known. Raises BadMapping."""
    problems: list[Problem] = []
    top = open_yaml(text, problems)
    source = top.get("source", _source, f"a short name of the other system, at most {_LONGEST_SOURCE} characters", "")
    languages = city.languages
    named = _services(top, city)
    plan = Plan(
        source=source,
        zone=top.get("timezone", _zone, "a time zone such as America/Bogota", city.calendar.zone, required=False),
        language=top.get("language", among(languages), f"one of {', '.join(languages)}", languages[0], required=False),
        dates=top.get("dates", _dates, "`iso`, or a list such as ['%d/%m/%Y %H:%M', iso]", (ISO,), required=False),
        columns=_columns(top, online=online),
        services=_own(city) | {word: code for word, code in named.items() if code != SKIP},
        skipped=frozenset(word for word, code in named.items() if code == SKIP),
        statuses=_statuses(top, online=online),
        encoding=top.get("encoding", _encoding, "a name such as utf-8 or windows-1252", "", required=False),
        delimiter=top.get("delimiter", _sign, "one character, such as ';'", "", required=False),
        jurisdiction=top.get("jurisdiction_id", some_text, "some text", "", required=False),
        rate=top.get("rate", _rate, "questions a second, from 0.01 to 100", 1.0, required=False),
        unknown=_unknown(top, city),
    )  # fmt: skip
    top.done()
    if problems:
        raise BadMapping(problems)
    return plan


def _columns(top: Section, *, online: bool) -> Mapping[Column, tuple[str, ...]]:
    usual = OPEN311 if online else {}
    if online and not top.has("columns"):
        return usual
    section = top.section("columns")
    found = dict(usual)
    for column in Column:
        names = section.get(
            column, _names, "a column's name, or a list of them", usual.get(column, ()),
            required=column in REQUIRED and column not in usual,
        )  # fmt: skip
        if names:
            found[column] = names
    section.done()
    return found


def _own(city: City) -> dict[str, str]:
    """The city's services by their codes and by their names in each language."""
    open_ = [service for service in city.services if service.body is None]
    names = {plain(name): service.code for service in open_ for name in service.names.values()}
    return names | {plain(service.code): service.code for service in open_}


def _services(top: Section, city: City) -> Mapping[str, str]:
    codes = (*(service.code for service in city.services if service.body is None), SKIP)
    return _words(top, "services", among(codes), f"one of {', '.join(codes)}")


def _statuses(top: Section, *, online: bool) -> Mapping[str, Status]:
    usual = dict(_OPEN311_STATUSES) if online else {plain(status): status for status in Status}
    said = _words(top, "statuses", among(tuple(Status)), f"one of {', '.join(Status)}")
    return usual | {word: Status(status) for word, status in said.items()}


def _words(top: Section, name: str, kind: Callable[[object], str], what: str) -> dict[str, str]:
    """Words of the other system, each with what it stands for here."""
    if not top.has(name):
        return {}
    section = top.section(name)
    found: dict[str, str] = {}
    for word in section.names():
        if meant := section.get(word, kind, what, ""):
            found[plain(word)] = meant
    return found


def _unknown(top: Section, city: City) -> Unknown:
    if not top.has("unknown"):
        return Unknown()
    section = top.section("unknown")
    codes = (*(service.code for service in city.services if service.body is None), SKIP)
    statuses = (*Status, SKIP)
    service = section.get("service", among(codes), f"one of {', '.join(codes)}", SKIP, required=False)
    status = section.get("status", among(statuses), f"one of {', '.join(statuses)}", SKIP, required=False)
    closed = section.get("closed", among((SKIP, "filed")), "skip or filed", SKIP, required=False)
    section.done()
    return Unknown(
        service=None if service == SKIP else service,
        status=None if status == SKIP else Status(status),
        undated=closed != SKIP,
    )


def _source(value: object) -> str:
    name = some_text(value).strip()
    if len(name) > _LONGEST_SOURCE:
        raise ValueError
    return name


def _zone(value: object) -> ZoneInfo:
    return ZoneInfo(some_text(value))


def _dates(value: object) -> tuple[str, ...]:
    formats = [value] if isinstance(value, str) else value
    if not isinstance(formats, list) or not 0 < len(formats) <= _MOST_DATES:
        raise ValueError
    return tuple(some_text(one) for one in formats)


def _names(value: object) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not names:
        raise ValueError
    return tuple(some_text(one).strip() for one in names)


def _encoding(value: object) -> str:
    try:
        "".encode(name := some_text(value))
    except LookupError:
        raise ValueError from None
    return name


def _sign(value: object) -> str:
    if not isinstance(value, str) or len(value) != 1 or value in '"\r\n':
        raise ValueError
    return value


def _rate(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0.01 <= value <= 100:
        raise ValueError
    return float(value)
