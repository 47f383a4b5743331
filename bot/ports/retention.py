"""Reports whose time is over, what is left of those that were deleted, and which are kept out of all rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tickets.retention import Hold, Rule, Tombstone


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What was done in a unit of work: to how many reports, and from which time of closing on the next part begins;
    None: there is none."""

    reports: int
    next: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a rule did on a day. `rule` as it says itself: its numbers only, no report's."""

    at: datetime
    rule: str
    reports: int


class Retention(Protocol):
    async def due(self, rule: Rule, now: datetime) -> Mapping[tuple[str, int], int]:
        """How many reports the rule would take now, by service and year (UTC) of filing."""
        ...

    async def carry(self, rule: Rule, now: datetime, since: datetime | None, limit: int) -> Part:
        """Do it to at most so many, the first closed first, from `since` on (None: from the beginning). Reports that
        are held are left alone. Done twice it is done once; one that was opened and closed again meanwhile is new."""
        ...

    async def ran(self, at: datetime, rule: Rule, reports: int) -> None:
        """Note so many more for this run of this rule."""
        ...

    async def runs(self, limit: int) -> Sequence[Ran]:
        """The latest first."""
        ...

    async def hold(self, hold: Hold) -> None:
        """Twice is once."""
        ...

    async def release(self, number: str) -> None: ...

    async def held(self, number: str) -> Hold | None: ...

    async def buried(self, number: str) -> Tombstone | None:
        """What is left of a report that a rule deleted; None: there is a report of this number, or never was one."""
        ...
