"""Who follows a ticket, and what citizens think of its end."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from handlers.turn import Citizen
from tickets.model import Ticket


class Followers(Protocol):
    """Neighbours who joined a report. Nobody is shown who they are."""

    async def add(self, number: str, citizen: int, now: datetime) -> bool:
        """False when they follow it already."""
        ...

    async def remove(self, number: str, citizen: int) -> bool:
        """False when they did not follow it."""
        ...

    async def bring(self, number: str, citizens: Collection[int], via: str, now: datetime) -> int:
        """Those who do not follow it yet, for the duplicate `via` was merged into it; how many those are."""
        ...

    async def send_back(self, number: str, via: str) -> int:
        """Those who came by this duplicate and follow it still do so no more; how many."""
        ...

    async def follows(self, number: str, citizen: int) -> bool: ...

    async def of_ticket(self, number: str) -> Sequence[Citizen]:
        """All of them, oldest first; its reporter is none."""
        ...

    async def of_citizen(self, citizen: int, limit: int) -> Sequence[Ticket]:
        """The tickets that they joined, newest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """1 (bad) to 5, and in the citizen's words; either may be missing."""

    number: str
    citizen: int
    at: datetime
    score: int | None
    word: str | None = field(default=None, repr=False)


class Ratings(Protocol):
    """Each that was given stays, for the weeks that counted it."""

    async def rate(self, rating: Rating) -> None:
        """A score is one more rating; a word alone goes to their newest, or is one of its own where there is none."""
        ...

    async def of_ticket(self, number: str) -> Sequence[Rating]:
        """The newest of each citizen, the oldest of these first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """A citizen who is to be asked, or was, whether a resolved ticket is fixed. No `answer` is no answer."""

    number: str
    citizen: int
    resolved_at: datetime
    due: datetime | None
    asked_at: datetime | None = None
    answer: str | None = None


class Closures(Protocol):
    """The question after a resolution: one per ticket, citizen and resolution. What happened to it stays, also when the
    ticket is resolved again; then only the newest resolution's can be asked and answered."""

    async def plan(self, closures: Sequence[Closure]) -> None:
        """Replace what is there of the same resolution. One that clocks put before an older one counts as newer."""
        ...

    async def due(self, now: datetime, after: int, limit: int) -> Sequence[Closure]:
        """To be asked now, of citizens with an id above `after`: by citizen, of each the oldest. Left out are those in
        a thread or in a dialogue that is younger than an hour, and whose channel takes no free text now."""
        ...

    async def asked(self, number: str, citizen: int, now: datetime) -> None: ...

    async def answered(self, number: str, citizen: int, answer: str) -> None:
        """No row is no error: they said so unasked. So did who has a row that nobody asked: it keeps the answer, and no
        figure counts it as a question."""
        ...

    async def expire(self, before: datetime) -> int:
        """What was resolved before this time is asked about no more; how many questions that were."""
        ...

    async def drop(self, number: str) -> None:
        """Nobody is asked about it any more: it is open again."""
        ...

    async def of_ticket(self, number: str) -> Sequence[Closure]:
        """Those of its newest resolution."""
        ...
