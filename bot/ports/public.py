"""Tickets as anybody may see them, and what clerks cleared of them. The rules: `tickets/public.py`.

Nothing that leaves `Public` has to be looked at again: words, photos and places are those that may be told. Points are
searched as they are told, so that nobody finds a sensitive place by asking for it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.ports.points import Box
from tickets.city import City
from tickets.model import Point
from tickets.public import PublicTicket, PublicUpdate


class Order(StrEnum):
    """How tickets follow each other; by number where the times are the same."""

    FILED = "filed"  # the newest first
    CHANGED = "changed"  # the latest changed first
    CHANGES = "changes"  # the longest unchanged first: for who reads on from where they were


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Behind which ticket to go on: its time (`filed_at` or `changed_at`, as the order says) and its number."""

    at: datetime
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Within so many metres of a point."""

    point: Point
    metres: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicQuery:
    """Which tickets; what is left out asks for nothing. Times: from `since` on, before `until`. `numbers` and
    `services`: any of these. `area`: its code; of sensitive services only those whose area is told. `after` goes on
    behind a ticket, `offset` leaves out so many from there."""

    numbers: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    open: bool | None = None
    area: str | None = None
    filed_since: datetime | None = None
    filed_until: datetime | None = None
    changed_since: datetime | None = None
    changed_until: datetime | None = None
    closed_since: datetime | None = None
    closed_until: datetime | None = None
    box: Box | None = None
    near: Near | None = None
    after: Cursor | None = None
    offset: int = 0
    limit: int = 50
    order: Order = Order.FILED


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearing:
    """What a clerk cleared of a ticket: its words (empty: none), the Files names of photos, and a clerk's public note
    (empty: none) with the version of the update that it stands in. `at` and `login`: when, and who."""

    words: str = field(default="", repr=False)
    photos: tuple[str, ...] = ()
    news: str = field(default="", repr=False)
    news_version: int | None = None
    at: datetime
    login: str


class Public(Protocol):
    async def get(self, number: str, city: City) -> PublicTicket | None:
        """The one of this number, as it is written in the store."""
        ...

    async def some(self, query: PublicQuery, city: City) -> Sequence[PublicTicket]:
        """Those that fit, in order, at most `query.limit`."""
        ...

    async def updates(
        self, city: City, *, numbers: Collection[str] = (), since: datetime | None = None,
        until: datetime | None = None, after: tuple[datetime, str, int] | None = None, limit: int = 100,
    ) -> Sequence[PublicUpdate]:  # fmt: skip
        """What anybody is told of, the oldest first, at most `limit`: public updates, and those that can be seen of a
        ticket anyway (joined, reopened, confirmed, merged, handed on, undone). Of these tickets (none: of all), made
        from `since` on and before `until`; `after` goes on behind the one with this time, number and version."""
        ...

    async def every(
        self, city: City, *, since: datetime | None = None, until: datetime | None = None,
        after: Cursor | None = None, limit: int = 5000,
    ) -> Sequence[PublicTicket]:  # fmt: skip
        """A part of all tickets for an export, the first filed first, at most `limit`: filed from `since` on and
        before `until`, behind `after` (`filed_at` and number of the last one of the part before)."""
        ...

    async def crowded(self, city: City) -> frozenset[tuple[str, str]]:
        """(service, area) of sensitive services in which at least `city.openness.few` tickets stand, open and closed:
        only there are places told. Other services are not among it."""
        ...

    async def shown(self, name: str) -> bool:
        """Whether the photo with this Files name was cleared, and so may be shown to anybody."""
        ...

    async def clearing(self, number: str) -> Clearing | None:
        """What a clerk cleared of this ticket; None: nothing."""
        ...

    async def clear(self, number: str, clearing: Clearing) -> None:
        """In place of what was cleared before. Photos that are none of this ticket's are left out."""
        ...

    async def unclear(self, number: str) -> None:
        """Nothing of it is cleared any more."""
        ...
