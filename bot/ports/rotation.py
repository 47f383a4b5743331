"""Sealing anew, with the newest key, what older keys sealed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is sealed anew at a time: the next rows of a table, from the key on that `after` holds (none: the first)."""

    table: str
    after: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What was done of a part: rows looked at and values sealed anew; `lost` no key of ours opens: they stay so.
    `next` is None at the table's end."""

    looked: int
    sealed: int
    lost: int
    next: Part | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Of who unsubscribed from the digest. `older`: hashes by older keys, each with what the newest makes of the same
    address. `unknown`: how many are of addresses that stand nowhere, so that nobody can tell by which key they are."""

    older: Mapping[bytes, bytes] = field(repr=False)
    unknown: int


class Rotation(Protocol):
    """Whatever a key sealed, and the hashes by which citizens are found. Done while others write: a row that somebody
    changed meanwhile is left to them, for they write with the newest key."""

    def tables(self) -> Sequence[str]:
        """Those that hold anything sealed, citizens first: they are looked up most."""
        ...

    async def step(self, part: Part, limit: int) -> Step:
        """At most so many rows, in this unit of work."""
        ...

    async def old(self) -> Mapping[str, int]:
        """How many values of each column are sealed with any key but the newest; columns without one are left out."""
        ...

    async def marks(self, addresses: Sequence[str]) -> Marks:
        """Found again by these addresses, the digest's readers, and by those of everybody whom we write mails to."""
        ...

    async def move(self, marks: Marks) -> int:
        """Whoever is in `older` is found by the newest key alone from now on; how many. Who subscribed again meanwhile
        stays subscribed."""
        ...
