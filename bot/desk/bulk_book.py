"""An act on many tickets, as it is kept from the moment somebody looks at what it would do: what is to be done, which
tickets in which version, what each was before, and what became of each.

Whether a ticket was done is told by the ticket's own history, written in the same unit of work. What stands here of it
is written some tickets later; a process that is killed in between leaves it behind, never wrong.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import msgspec

from bot.ports.links import Batch
from tickets.model import Priority, Status, Ticket

MOST: Final = 500  # tickets of one act
HELD: Final = timedelta(minutes=2)  # between the act and its news: who undoes it by then bothers nobody
UNDOABLE: Final = timedelta(hours=24)


class What(StrEnum):
    """What is done to all of them."""

    ASSIGN = "assign"
    MOVE = "move"
    PRIORITY = "priority"
    SERVICE = "service"
    DEPARTMENT = "department"
    NOTE = "note"


class Why(StrEnum):
    """Why one of them is left alone."""

    CHANGED = "changed"  # somebody did something to it meanwhile
    SAME = "same"  # it is so already
    CLOSED = "closed"
    MERGED = "merged"  # it goes on in another
    NO_MOVE = "no_move"  # it cannot go there from where it stands
    EMERGENCY = "emergency"  # those are closed one by one
    NOT_YOURS = "not_yours"
    NO_CLERK = "no_clerk"  # who was to get it cannot work on it
    TOO_LONG = "too_long"  # with this note the news are longer than a message of some citizen's channel
    GONE = "gone"  # there is no such ticket, or no key opens it
    SERVICE = "service"  # the city offers it no more
    FAULT = "fault"  # of ours


class State(StrEnum):
    SHOWN = "shown"  # what it would do; nothing was done
    DOING = "doing"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


# What each act can change of a ticket (names of tickets.undoing.TOUCHED).
CHANGES: Final = {
    What.ASSIGN: ("assignee",),
    What.MOVE: ("status", "closed_at", "waiting_since", "answered_at", "due_at"),
    What.PRIORITY: ("priority", "due_at"),
    What.SERVICE: ("service", "department", "route", "confidence", "due_at"),
    What.DEPARTMENT: ("department", "route", "assignee"),
    What.NOTE: (),
}


class Before(msgspec.Struct, frozen=True, omit_defaults=True):
    """What of a ticket its act can change, as it was; what it cannot change is left out."""

    assignee: str | None = None
    department: str | None = None
    service: str | None = None
    route: str | None = None
    priority: Priority | None = None
    status: Status | None = None
    confidence: float | None = None
    due_at: datetime | None = None
    closed_at: datetime | None = None
    waiting_since: datetime | None = None
    answered_at: datetime | None = None


class Line(msgspec.Struct, omit_defaults=True):
    """One ticket in the version that was shown. `left`: why it was not done; `kept`: why it was not undone; `untold`:
    its news could not be told, for they had become too long."""

    number: str
    version: int
    before: Before
    done: bool = False
    left: Why | None = None
    undone: bool = False
    kept: Why | None = None
    untold: bool = False

    @property
    def settled(self) -> bool:
        return self.done or self.left is not None

    @property
    def settled_back(self) -> bool:
        return not self.done or self.undone or self.kept is not None


class Order(msgspec.Struct, frozen=True):
    """What is to be done: to whom or what (`to`; empty: to nobody), with which words."""

    what: What
    to: str = ""
    note: str = ""

    @property
    def tells(self) -> bool:
        """Whether citizens hear of it."""
        return self.what is What.MOVE


class Book(msgspec.Struct, omit_defaults=True):
    """All of it. `told`: the news of what was not undone are on their way."""

    order: Order
    lines: list[Line]
    state: State = State.SHOWN
    finished_at: datetime | None = None
    undone_by: str = ""
    told: bool = False

    def count(self, what: str) -> int:
        """How many lines are `done`, `left`, `undone`, `kept` or `untold`."""
        return sum(bool(getattr(line, what)) for line in self.lines)

    def news_at(self) -> datetime | None:
        """When its news go out; None: there are none any more, or it is not done yet."""
        waits = self.order.tells and not self.told and self.finished_at is not None
        return self.finished_at + HELD if waits and self.finished_at else None


_DECODER: Final = msgspec.json.Decoder(Book)


def read(batch: Batch) -> Book:
    return _DECODER.decode(batch.steps)


def written(batch: Batch, book: Book) -> Batch:
    return replace(batch, steps=msgspec.json.encode(book).decode())


def before(ticket: Ticket, what: What) -> Before:
    return Before(**{name: getattr(ticket, name) for name in CHANGES[what]})


def as_it_was(line: Line, what: What) -> dict[str, Any]:
    """What is put back of a ticket."""
    return {name: getattr(line.before, name) for name in CHANGES[what]}


def joined(there: Book, mine: Book) -> None:
    """What was settled by me, into what others may have settled meanwhile."""
    for line, own in zip(there.lines, mine.lines, strict=True):
        if own.settled and not line.settled:
            line.done, line.left = own.done, own.left
        if own.settled_back and own.done and not line.settled_back:
            line.undone, line.kept = own.undone, own.kept
        line.untold = line.untold or own.untold
