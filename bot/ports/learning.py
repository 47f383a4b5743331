"""What clerks' corrections teach."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Verdict(StrEnum):
    """What was decided about an example."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A redacted sentence and the service that a clerk says it is about. `number` is the ticket it comes from, by
    which it is erased with its citizen."""

    number: str
    language: str
    service: str
    text: str = field(repr=False)
    verdict: Verdict = Verdict.PROPOSED
    id: int = 0


class Lessons(Protocol):
    """Examples from clerks' corrections, at most one a ticket."""

    async def propose(self, lesson: Lesson, now: datetime) -> None:
        """In place of an earlier one of this ticket, whatever was decided about that."""
        ...

    async def withdraw(self, number: str) -> None:
        """Forget the lesson of this ticket."""
        ...

    async def with_verdict(self, verdict: Verdict, limit: int) -> Sequence[Lesson]:
        """Oldest first."""
        ...

    async def judge(self, id: int, verdict: Verdict) -> bool:  # noqa: A002 - as everywhere in the ports
        """False when there is none of this number."""
        ...
