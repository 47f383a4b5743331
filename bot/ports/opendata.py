"""Very many tickets as anybody may see them, for open data: by the rules of `bot.ports.public`, a column at a time."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from tickets.city import City
from tickets.instant import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """So many public tickets, a list for each column, all of one length. What the columns mean: `tickets.public`."""

    number: Sequence[str]
    service: Sequence[str]
    department: Sequence[str]
    status: Sequence[str]
    filed_at: Sequence[Instant]
    changed_at: Sequence[Instant]
    due_at: Sequence[Instant]
    first_due_at: Sequence[Instant | None]
    closed_at: Sequence[Instant | None]
    latitude: Sequence[float | None]
    longitude: Sequence[float | None]
    street: Sequence[str | None]
    area: Sequence[str | None]
    words: Sequence[str | None] = field(repr=False)
    photos: Sequence[tuple[str, ...]] = field(repr=False)
    news: Sequence[str | None] = field(repr=False)
    followers: Sequence[int]
    reopened: Sequence[int]
    outside: Sequence[str | None]
    merged_into: Sequence[str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """By what it is known that something changed in a stretch of time: how many tickets were filed in it, their latest
    change, the sum of their versions, and how many words and photos of theirs are cleared."""

    tickets: int
    changed: Instant
    versions: int
    words: int
    photos: int


class OpenData(Protocol):
    async def span(self) -> tuple[datetime, datetime] | None:
        """When the first ticket was filed and when the last; None: there is none."""
        ...

    async def mark(self, since: datetime, until: datetime) -> Mark:
        """Of the tickets filed from `since` on and before `until`."""
        ...

    def sheets(self, city: City, since: datetime, until: datetime, size: int) -> AsyncIterator[Sheet]:
        """Those filed from `since` on and before `until`, the first filed first, at most `size` at a time; what is
        cleared of them is read at the beginning."""
        ...
