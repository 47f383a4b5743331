"""Tickets that came from another system: which number each had there, and what it said when it came."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from tickets.model import Ticket, Update

IMPORT = "import"  # the channel of whoever reported something to another system: nobody is told anything by it


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A case that came before: our `number`, and the `version` of our ticket as it was left. `same`: the source says
    of it what it said then. The ticket itself may be gone."""

    number: str
    version: int
    same: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """A case that comes: `external` is its number in the source, `content` all that the source says of it, and
    `updates` the history that goes with the ticket, from version 1 to the ticket's own."""

    external: str
    content: str = field(repr=False)
    ticket: Ticket
    updates: tuple[Update, ...]


class Moving(Protocol):
    """Of a source, a name for the other system, every number is kept for good: what was deleted here since then is
    known too, and does not come again."""

    async def known(self, source: str, contents: Mapping[str, str]) -> Mapping[str, Moved]:
        """Of these cases (number there -> what is said of it now) those that came before."""
        ...

    async def taken(self, numbers: Collection[str]) -> frozenset[str]:
        """Of these numbers of ours those that a ticket has, or had when it came."""
        ...

    async def file(self, source: str, newcomers: Sequence[Newcomer], at: datetime) -> None:
        """Many new ones at once; nobody is told. Raises Taken where one came meanwhile or a number is no longer free:
        then this unit of work is to be left."""
        ...

    async def keep(self, source: str, external: str, content: str, version: int, at: datetime) -> None:
        """What is said of a case now, and at which version our ticket was left."""
        ...
