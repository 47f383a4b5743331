"""The city: everything that `config.yml` says, as one frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from tickets.calendar import Calendar, Target
from tickets.model import Point, Priority
from tickets.openness import Openness
from tickets.routing import Rule
from tickets.staff import Level, Role
from tickets.target import Targets

Texts = Mapping[str, str]  # language -> words
FIRST_NOTICE = "1"  # the version of the privacy notice that all were told of before versions were kept


class Ask(StrEnum):
    """What a service needs from the citizen beside itself. A photo is offered, never demanded."""

    PLACE = "place"
    DETAILS = "details"
    PHOTO = "photo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    code: str
    names: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerOption:
    """One answer to a service's question; `words` are what people write for it, per language."""

    code: str
    names: Texts
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a service asks beside what and where (Open311 `attribute`); without options the answer is free text."""

    code: str
    texts: Texts
    options: tuple[AnswerOption, ...] = ()

    def option(self, code: str) -> AnswerOption | None:
        return next((option for option in self.options if option.code == code), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """Who else is responsible, and how to reach them."""

    names: Texts
    reach: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """A body beyond the city to which clerks hand tickets, by e-mail in this language."""

    names: Texts
    address: str = field(repr=False)
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Canned:
    """A reply that clerks have at hand, and what it is called at the desk; {number}, {service}, {due} and {name} in its
    texts stand for a ticket's."""

    code: str
    names: Texts
    texts: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearby:
    """When a report may tell of the same thing as an open ticket of its service: so near and so young, or (without a
    point) in the same street and area."""

    metres: int = 60
    age: timedelta = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A kind of request offered (Open311 `service`). With a `body` it is that one's, and nothing is filed here.
    `target`: the usual promise, `targets` where it differs; count with `target_for`."""

    code: str
    names: Texts
    department: str
    target: Target
    asks: tuple[Ask, ...]
    questions: tuple[Question, ...] = ()
    body: Body | None = None
    nearby: Nearby = Nearby()
    targets: Targets = field(default_factory=Targets)

    def target_for(self, priority: Priority, area: str | None) -> Target:
        """The promise for a report of this priority in this area (None: in none of ours)."""
        return self.targets.of(priority, area) or self.target

    def question(self, code: str) -> Question | None:
        return next((question for question in self.questions if question.code == code), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A part of the city; `ring` is the outer ring of its polygon, closed, as (longitude, latitude) pairs."""

    code: str
    name: str
    ring: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A municipality beside ours, whose a place may be; `ring` as in Area."""

    body: Body
    ring: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Information:
    """A question that citizens ask, and its answer; `words` are what such questions hold, per language."""

    code: str
    words: Mapping[str, tuple[str, ...]]
    answers: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Numbers that are called in danger; without a `violence` or `self_harm` line it is the emergency number."""

    emergency: str
    violence: str = ""
    self_harm: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """How conversations go: after which silence a draft is brought up again and dropped, how long the answer "not
    fixed" reopens a ticket, after which silence the bot takes over from a person, from how many followers on a ticket
    is urgent, and of which service an emergency is filed when nothing tells."""

    remind: timedelta = timedelta(minutes=30)
    expire: timedelta = timedelta(hours=23)  # while WhatsApp still takes free text
    reopen: timedelta = timedelta(hours=72)
    handover: timedelta = timedelta(hours=24)
    urgent_from: int = 5
    emergency_service: str = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Who of the staff is told of emergencies at once: a channel and an address on it. No language: that in which they
    write to us, else the city's first."""

    channel: str
    address: str = field(repr=False)
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """A street of the gazetteer; `line` as (longitude, latitude) pairs, `also` other names people use."""

    name: str
    also: tuple[str, ...]
    line: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmark:
    name: str
    also: tuple[str, ...]
    point: Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """How to reach a person: said when the bot cannot help. `hours` in each language."""

    phone: str
    hours: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """One municipality. `languages` in the city's order of preference; the first is the default."""

    name: str
    timezone: str
    languages: tuple[str, ...]
    locales: Texts  # language -> locale for dates and numbers, such as es -> es_MX
    prefixes: Texts  # phone prefix such as +52 -> language, to guess a first language
    privacy_url: str
    office: Office
    calendar: Calendar
    departments: tuple[Department, ...]
    services: tuple[Service, ...]
    areas: tuple[Area, ...]
    streets: tuple[Street, ...]
    landmarks: tuple[Landmark, ...]
    outside: Body | None = None  # whose a place is that lies in none of our areas, and in no neighbour's
    neighbours: tuple[Neighbour, ...] = ()
    information: tuple[Information, ...] = ()
    lines: Lines = Lines(emergency="")
    talk: Talk = Talk()
    alerts: tuple[Alert, ...] = ()
    staff: tuple[Role, ...] = ()
    escalation: tuple[Level, ...] = ()
    canned: tuple[Canned, ...] = ()
    partners: tuple[Partner, ...] = ()
    routing: tuple[Rule, ...] = ()  # the first that fits names the department
    openness: Openness = field(default_factory=Openness)  # what anybody is told
    privacy_version: str = FIRST_NOTICE  # grows when the notice at `privacy_url` changes: then everybody is told again

    @property
    def now(self) -> "City":
        """Itself: a city by itself is what holds (`Cities`)."""
        return self

    def service(self, code: str) -> Service | None:
        return next((service for service in self.services if service.code == code), None)


class Cities(Protocol):
    """Whose settings may change while everything runs: what lives long asks for the city each time it acts, once."""

    @property
    def now(self) -> City:
        """The city that holds."""
        ...
