"""Tickets as the desk and the bot read and write them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.ports.page import Page
from bot.ports.search import Word
from tickets.model import Place, Status, Ticket, Update
from tickets.retention import Tombstone
from tickets.staff import Level


class Flag(StrEnum):
    """What can be asked for of a ticket beside what it is of."""

    LATE = "late"  # open, not waiting for its citizen, and the first date that it was promised for is past
    DISPUTED = "disputed"  # open, and a citizen said that it is not fixed
    UNDELIVERED = "undelivered"  # a message to a citizen about it reached nobody, and no clerk has seen to that
    UNLOCATED = "unlocated"  # neither a point nor a street is known
    UNSURE = "unsure"  # its service was recognized with less than `tickets.figures.UNSURE`
    ESCALATED = "escalated"  # open, and a level was told the desk that holds (`Query.levels`)
    OUTSIDE = "outside"  # a body beyond the city has it


NOBODY = ""  # as an assignee


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What the desk lists; all that is said must hold. None means any, and so do no services and no words. `assignee`
    may be NOBODY. `since` and `until` bound when it was filed, the latter left out. `levels`: what ESCALATED counts.
    `now`: None is the store's own; `soon`: until when a date is near, None: a day from now.

    Open ones come first: emergencies; within those and within the rest what is late (as Flag.LATE), then what is due
    before `soon` and does not wait for its citizen, then all else; of these those that more neighbours joined, then the
    older ones, then by number. Closed ones follow, the latest closed first."""

    open: bool | None = True
    status: Status | None = None
    services: tuple[str, ...] = ()
    area: str | None = None
    department: str | None = None
    assignee: str | None = None
    channel: str | None = None
    language: str | None = None
    flags: frozenset[Flag] = frozenset()
    levels: tuple[Level, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    words: tuple[Word, ...] = field(default=(), repr=False)
    now: datetime | None = None
    soon: datetime | None = None
    offset: int = 0
    limit: int = 50


MOST_CLOSED = 1_000  # closed tickets of a list that can be paged through, and counted where counting would be slow


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many tickets a query would list with another status, another service, or one flag more. Of open tickets all
    is exact, and what is missing is 0; `flags` are of those that are open. `closed` is None where there are more than
    MOST_CLOSED and nobody counted them all."""

    statuses: Mapping[Status, int]  # of the open ones
    services: Mapping[str, int]  # of the open ones, whichever services the query names
    flags: Mapping[Flag, int]
    closed: int | None = None

    @property
    def open(self) -> int:
        return sum(self.statuses.values())


class Cases(Protocol):
    """Tickets with their history: `tickets.ports.Tickets`, and writes in the unit of work's transaction."""

    async def get(self, number: str) -> Ticket | None:
        """None too for one that no key of ours opens; such a one is in no list either."""
        ...

    async def of_reporter(self, reporter: int, limit: int) -> Sequence[Ticket]: ...

    async def followed_by(self, citizen: int, limit: int) -> Sequence[Ticket]: ...

    async def follows(self, number: str, citizen: int) -> bool: ...

    async def near(
        self, place: Place, service: str, metres: float, since: datetime, limit: int
    ) -> Sequence[Ticket]: ...

    async def past(
        self, place: Place, service: str, metres: float, since: datetime, limit: int
    ) -> Sequence[Ticket]:  # fmt: skip
        """As `near`, of those closed since then; of a place without a point none."""
        ...

    async def reported(self, reporter: int) -> int:
        """How many tickets this citizen reported."""
        ...

    async def overdue(self, now: datetime, limit: int) -> Sequence[Ticket]:
        """Open tickets past their promised date, save those waiting for the citizen; the longest missed first. Fewer
        than `limit`: there are no more."""
        ...

    async def buried(self, number: str) -> Tombstone | None: ...

    async def last_news(self, number: str) -> Update | None: ...

    async def history(self, number: str) -> Sequence[Update]: ...

    async def file(self, ticket: Ticket, update: Update) -> None:
        """Raises Taken when the number exists."""
        ...

    async def change(self, ticket: Ticket, update: Update) -> None:
        """Write the ticket's next version and its update; raises Stale unless the stored version is one lower."""
        ...

    async def lock(self, numbers: Collection[str]) -> None:
        """Until the end of this unit of work nobody else changes them. Tickets are locked before threads, threads
        before messages that wait, and citizens last: whoever needs several of a kind says so at once."""
        ...

    async def page(self, query: Query) -> Page[Ticket]:
        """In the order that Query says. Of closed ones the latest MOST_CLOSED can be reached; their number is exact
        where it is known without counting, else `capped` there."""
        ...

    async def counts(self, query: Query) -> Counts: ...

    async def board(self, query: Query) -> tuple[Page[Ticket], Counts]:
        """`page` and `counts` of one query, for less than both cost."""
        ...

    async def count(self, query: Query) -> int | None:
        """How many there are; None: more than MOST_CLOSED closed ones."""
        ...

    async def count_by_status(self) -> Mapping[Status, int]: ...
