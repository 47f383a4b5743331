"""Keys by which other programs read and file here, and what they have sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Scope(StrEnum):
    """What a key opens."""

    READ = "read"  # more requests a minute than somebody without a key has
    FILE = "file"  # reports
    UPDATE = "update"  # notes on reports, for clerks
    MOVE = "move"  # and their status, of which citizens are told


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What is known of a key; the key itself is nowhere. `rate`: requests a minute; `made_by`: a login; `used_on`: the
    beginning of the last day on which it was used."""

    id: int = 0
    name: str
    scopes: frozenset[Scope]
    rate: int
    made_at: datetime
    made_by: str
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    used_on: datetime | None = None

    def opens(self, now: datetime) -> bool:
        """Whether it is neither revoked nor too old."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class Keys(Protocol):
    async def add(self, key: Key, secret: str) -> None:
        """Of the secret only a keyed hash is kept. Raises Taken where one has this name, also a revoked one."""
        ...

    async def find(self, secret: str) -> Key | None:
        """Whose this is, also where it opens nothing any more."""
        ...

    async def all(self) -> Sequence[Key]:
        """By name, the revoked ones too."""
        ...

    async def revoke(self, name: str, at: datetime) -> bool:
        """It opens nothing from now on; False where there is none of this name, or it was revoked before."""
        ...

    async def used(self, secret: str, day: datetime) -> None:
        """Note the day of this use."""
        ...


class Postings(Protocol):
    """What programs sent, so that what is sent again is answered as before. Only keyed hashes of it are kept."""

    async def once(self, sent: Sequence[str], number: str, now: datetime, until: datetime) -> str:
        """The number that the same was answered with, else this one, which is kept until then. Whoever sends the same
        at the same time waits for the end of this unit of work."""
        ...

    async def number(self, sent: Sequence[str], now: datetime) -> str | None:
        """The number that the same was answered with, and is kept."""
        ...

    async def forget(self, now: datetime) -> int:
        """Delete what has had its time; how many."""
        ...
