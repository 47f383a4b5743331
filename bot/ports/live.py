"""What the desk's open pages are told while somebody looks at them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.ports.cases import Query
from tickets.model import Status

ANYTHING = "*"  # in place of a number: so much changed, or so much may have been missed, that all is looked up anew
TALK = ""  # in place of a number: a conversation with a citizen began, went on or ended


class News(Protocol):
    """Says that something was committed, in whichever process. It may say so twice, and after a lost connection to the
    database it says ANYTHING: who hears it looks up what there is."""

    def hear(self, told: Callable[[str], None]) -> Callable[[], None]:
        """`told` is called with the number of each ticket that was filed or changed, TALK or ANYTHING, until what this
        returns is called. It must return at once."""
        ...


class Silence:
    """Never says anything: for who opens the desk without a database that tells. Keeps News."""

    def hear(self, told: Callable[[str], None]) -> Callable[[], None]:  # noqa: ARG002 - the contract's
        return lambda: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """As much of a ticket as an open list must know."""

    number: str
    version: int
    status: Status
    assignee: str | None
    filed_at: datetime


class Live(Protocol):
    """Short questions by keys and indexes, whose cost does not grow with the number of tickets."""

    async def glances(self, numbers: Collection[str]) -> Mapping[str, Glance]:
        """By number; those that are none are left out."""
        ...

    async def among(self, query: Query, numbers: Collection[str]) -> frozenset[str]:
        """Those of these numbers that the query lists, on whichever page."""
        ...

    async def filed(self, since: datetime, limit: int) -> Sequence[str]:
        """Numbers of what was filed since then, the latest first."""
        ...


class Habits(Protocol):
    """How each clerk likes the desk."""

    async def shortcuts(self, login: str) -> bool:
        """Whether single keys act; they do for who never said."""
        ...

    async def set_shortcuts(self, login: str, *, on: bool) -> None: ...
