"""Tickets and their history, as frozen values. Words: docs/glossary.md; codes: Open311 GeoReport v2."""

from dataclasses import dataclass
from dataclasses import field as dataclass_field
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
    CORRECTED = "corrected"  # `changes` says what
    FOLLOWED = "followed"  # a neighbour joined; the update does not tell who
    LEFT = "left"  # a neighbour follows no more
    REOPENED = "reopened"  # a citizen says that it is not fixed
    CONFIRMED = "confirmed"  # a citizen says that it is
    RATED = "rated"
    ERASED = "erased"  # a citizen had their data deleted; the case goes on
    POSTPONED = "postponed"  # a promised date was missed and a new one given; `changes` has both
    ASSIGNED = "assigned"  # `changes` has from whom to whom
    RERANKED = "reranked"  # a clerk changed its priority; `changes` has both
    ANSWERED = "answered"  # a clerk wrote to its citizen; the note is what was written
    LINKED = "linked"  # with another ticket that has to do with it; `changes` has the other's number
    UNLINKED = "unlinked"
    MERGED = "merged"  # into another, or another into this one; `changes` says which
    UNMERGED = "unmerged"
    SPLIT = "split"  # a part of it is a ticket of its own, or it is that part
    REFERRED = "referred"  # handed to another department or to an outside body
    RETURNED = "returned"  # an outside body said what came of it
    RETOLD = "retold"  # a message of it had reached nobody; `changes` has why, and how they are told instead
    CLAIMED = "claimed"  # whose number or address a program had given says that they want to be told
    CLEARED = "cleared"  # a clerk decided what of its words and photos anybody may see; `changes` has which
    HELD = "held"  # a supervisor keeps it out of all rules of retention; the note says why
    RELEASED = "released"  # and leaves it to them again
    TRIMMED = "trimmed"  # by a rule of retention; `changes` has what was done
    UNDONE = "undone"  # the update right before it, an act on many at once, is taken back; `changes` has the batch


class Field(StrEnum):
    """What of a ticket a correction changed."""

    SERVICE = "service"  # codes
    PLACE = "place"  # its words, or what stands for them
    DESCRIPTION = "description"
    ANSWER = "answer"  # to a service's own question: `question=value`
    PRIORITY = "priority"
    DUE = "due"  # ISO 8601, UTC
    ASSIGNEE = "assignee"  # logins; empty: nobody
    DEPARTMENT = "department"  # codes
    DELIVERY = "delivery"  # of a message: why it did not arrive, and one of casework.Way
    VERDICT = "verdict"  # what an outside body says: one of casework.Verdict
    OUTSIDE = "outside"  # an outside body's name; empty: it is ours
    LINK = "link"  # the other ticket's number: `old` of one that is no more, `new` of one that is
    MERGED_INTO = "merged_into"  # the number of the ticket that goes on; empty: this one does
    MERGED_FROM = "merged_from"  # the number of the one that was merged into this one
    FORMER = "former"  # the number that it had in the system from which it came
    SHOWN = "shown"  # what anybody may see of it: some of casework.Shown, with blanks between; empty: nothing
    KEPT = "kept"  # `old`: what a rule of retention did, one of retention.Duty
    BATCH = "batch"  # the number of the act on many at once that this is a part of


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field as it was and as it is now, as text; a place and a description are citizens' words."""

    field: Field
    old: str = dataclass_field(default="", repr=False)
    new: str = dataclass_field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """WGS 84, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where it is: the citizen's words, and what the gazetteer made of them (all optional: unresolved is fine)."""

    words: str = dataclass_field(default="", repr=False)
    point: Point | None = dataclass_field(default=None, repr=False)
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
    """One service request. `reporter` is the citizen's id; `version` grows by one with each change. `answers` are pairs
    of a question of its service and an option's code or the citizen's own words. `first_due_at` is what was promised
    first, where `due_at` was `postponed` since; `reopened` counts how often a citizen said that it is not fixed.
    While it waits for its citizen, `waiting_since`, the clock of its promise stands; `answered_at`: the first thing
    that a clerk did and that the citizen may see. `assignee` is the login of who works on it, `outside` the body
    beyond the city that has it now, `merged_into` the number of the ticket that goes on in its place, `route` the code
    of the rule by which its department got it, None where that is its service's usual one."""

    number: str
    service: str
    department: str
    status: Status
    priority: Priority
    place: Place
    description: str = dataclass_field(repr=False)
    reporter: int
    channel: str
    language: str
    confidence: float | None
    filed_at: datetime
    due_at: datetime
    closed_at: datetime | None = None
    version: int = 1
    answers: tuple[tuple[str, str], ...] = dataclass_field(default=(), repr=False)
    followers: int = 0
    reopened: int = 0
    postponed: int = 0
    first_due_at: datetime | None = None
    waiting_since: datetime | None = None
    answered_at: datetime | None = None
    assignee: str | None = None
    outside: str | None = None
    merged_into: str | None = None
    route: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One appended row of a ticket's history; `version` is the ticket's version that it made, unique per ticket.
    `old` and `new` are of a move, `changes` of a correction or a postponement.
    `public` updates may be told to the citizen; the others are between clerks. `citizen`: who of the reporter and the
    followers it is of, for their own sake (export, erasure); nobody is shown it."""

    number: str
    version: int
    at: datetime
    actor: Actor
    event: Event
    old: Status | None = None
    new: Status | None = None
    changes: tuple[Change, ...] = ()
    note: str = dataclass_field(default="", repr=False)
    public: bool = False
    citizen: int | None = None

    def change(self, field: Field) -> Change | None:
        """What this update changed of one field."""
        return next((change for change in self.changes if change.field == field), None)  # templates give its text
