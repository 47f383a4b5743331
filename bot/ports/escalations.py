"""Which tickets press, and which level of escalation was told of which promised date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tickets.model import Update
from tickets.staff import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """Where a level stands by now: it is reached by tickets that are promised until then (before), or that are late
    since then or longer (after). One of the `codes`, told already, makes it needless."""

    level: Level
    until: datetime
    codes: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A level that a ticket has reached, and that was told of this promised date of it."""

    number: str
    due_at: datetime
    level: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressing:
    """An open ticket whose clock runs, as far as it concerns escalation: no word of a citizen. `course`: what moved its
    dates, in order."""

    number: str
    service: str
    department: str
    street: str | None
    area: str | None
    filed_at: datetime
    due_at: datetime
    first_due_at: datetime | None
    course: tuple[Update, ...] = ()
    told: tuple[Reached, ...] = ()


class Escalations(Protocol):
    """Which level was told of which promised date: each once, whichever process looks."""

    async def tell(self, levels: Sequence[Reached]) -> Sequence[Reached]:
        """Those of them that nobody told before; written in the caller's unit of work."""
        ...

    async def near(self, rungs: Sequence[Rung], now: datetime, begin: int, limit: int) -> Sequence[str]:
        """Numbers of tickets that may have reached one of them, without the first `begin`: the oldest dates first. Of
        those whose date was missed only who was promised a new one: their citizens hear of it first."""
        ...

    async def pressing(self, numbers: Sequence[str]) -> Sequence[Pressing]:
        """As they are now, in this order; without those that are closed or wait for their citizen."""
        ...

    async def of(self, numbers: Sequence[str]) -> Sequence[Reached]:
        """What was told of these tickets, in order."""
        ...
