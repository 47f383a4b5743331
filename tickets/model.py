"""Tickets and their history, as frozen values. Words: docs/glossary.md; codes: Open311 GeoReport v2."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    """Where a ticket stands. Open311 knows only `open` and `closed`; see `workflow.OPEN`."""

    RECEIVED = "received"
    TRIAGED = "triaged"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    RESOLVED = "resolved"
    DECLINED = "declined"
    DUPLICATE = "duplicate"


class Priority(StrEnum):
    NORMAL = "normal"
    URGENT = "urgent"
    EMERGENCY = "emergency"


class Author(StrEnum):
    """Who made an update."""

    CITIZEN = "citizen"
    CLERK = "clerk"
    SYSTEM = "system"


class Event(StrEnum):
    """What an update records."""

    FILED = "filed"
    MOVED = "moved"
    COMMENTED = "commented"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """WGS 84, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where it is: the citizen's words, and what the gazetteer made of them (all optional: unresolved is fine)."""

    words: str = field(default="", repr=False)
    point: Point | None = field(default=None, repr=False)
    street: str | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acted. `name` is a clerk's login; empty for citizens and the system."""

    author: Author
    name: str = ""


CITIZEN = Actor(author=Author.CITIZEN)
SYSTEM = Actor(author=Author.SYSTEM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One service request. `reporter` is the citizen's id; `version` grows by one with each change."""

    number: str
    service: str
    department: str
    status: Status
    priority: Priority
    place: Place
    description: str = field(repr=False)
    reporter: int
    channel: str
    language: str
    confidence: float | None
    filed_at: datetime
    due_at: datetime
    closed_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One appended row of a ticket's history; `version` is the ticket's version that it made, unique per ticket.
    `old` and `new` are of a move, `old_service` and `new_service` of a correction.
    `public` updates may be told to the citizen; the others are between clerks."""

    number: str
    version: int
    at: datetime
    actor: Actor
    event: Event
    old: Status | None = None
    new: Status | None = None
    old_service: str | None = None
    new_service: str | None = None
    note: str = field(default="", repr=False)
    public: bool = False
