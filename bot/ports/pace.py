"""How fast a citizen writes, for the guard against talking to a machine."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Answers to one citizen since a time, and how many of the messages were like one just before. `stopped`: they
    get no more answers for now; `recent` are short keyed hashes of the last messages."""

    since: datetime
    answers: int
    alike: int = 0
    stopped: bool = False
    recent: bytes = field(default=b"", repr=False)


class Paces(Protocol):
    async def get(self, citizen: int, now: datetime, span: timedelta) -> Pace | None:
        """What was counted, unless it began longer ago than `span`."""
        ...

    async def save(self, citizen: int, pace: Pace, said: str) -> None:
        """The pace with one more message, which said this."""
        ...
