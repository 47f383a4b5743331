"""Tickets that have to do with each other, and tickets that a body beyond the city has."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Relation(StrEnum):
    """What two tickets have to do with each other."""

    RELATED = "related"
    SPLIT = "split"  # one was a part of the other


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """As one of the two sees it: `other` is the other's number."""

    other: str
    relation: Relation
    at: datetime
    login: str


class Links(Protocol):
    async def of(self, number: str) -> Sequence[Link]:
        """The oldest first, from whichever side they were made."""
        ...

    async def add(self, number: str, other: str, relation: Relation, at: datetime, login: str) -> bool:
        """False: they were linked already."""
        ...

    async def remove(self, number: str, other: str) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """A ticket that was given to a body beyond the city: its name, where the mail went, and what the clerk wrote."""

    id: int
    number: str
    body: str
    address: str = field(repr=False)
    language: str
    note: str = field(repr=False)
    at: datetime
    login: str
    ended_at: datetime | None = None


class Referrals(Protocol):
    async def add(self, referral: Referral, token: str) -> int:
        """The id it got; `referral.id` counts for nothing. Of the token only a keyed hash is kept."""
        ...

    async def by_token(self, token: str) -> Referral | None:
        """The ended ones too: their link says that it has ended."""
        ...

    async def used(self, token: str) -> None:
        """Hashed anew by today's key: whoever answered by a link finds it also after an old one was taken away."""
        ...

    async def of_ticket(self, number: str) -> Sequence[Referral]:
        """The oldest first."""
        ...

    async def end(self, wanted: int, at: datetime) -> bool:
        """False: it had ended already."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One act on many tickets. `act` is empty while it is only looked at; `steps` is JSON: which tickets, as they were,
    and what became of each (bot/desk/bulk_book.py)."""

    id: int
    at: datetime
    login: str
    act: str
    steps: str = field(repr=False)
    undone_at: datetime | None = None


class Batches(Protocol):
    async def add(self, batch: Batch) -> int:
        """The id it got; `batch.id` counts for nothing."""
        ...

    async def get(self, wanted: int, *, lock: bool = False) -> Batch | None:
        """`lock`: until the end of this unit of work nobody else changes it. None too for one that no key opens."""
        ...

    async def keep(self, batch: Batch) -> None:
        """In place of what is there of this id, which is locked."""
        ...

    async def last(self, limit: int) -> Sequence[Batch]:
        """The newest first, without those that are only looked at."""
        ...

    async def forget(self, looked_at: datetime, done: datetime) -> None:
        """Those that were only looked at before the one time, and all from before the other."""
        ...

    async def undo(self, wanted: int, at: datetime) -> bool:
        """False: it was undone already."""
        ...
