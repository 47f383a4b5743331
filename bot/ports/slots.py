"""How fast messages may leave, kept by all processes together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.ports.outbox import Departure


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What a provider bears, in messages per second: through the whole channel, and to one chat. 0: no limit."""

    rate: float = 0.0
    chat_rate: float = 0.0

    @property
    def burst(self) -> int:
        """How many may leave at once after a quiet time: a fifth of a second's worth."""
        return max(1, int(self.rate / 5))

    @property
    def interval(self) -> float:
        """Seconds between two messages of a channel. Together with the burst no second ever sees more than `rate`."""
        return 1 / (self.rate - self.burst + 1) if self.burst > 1 else 1 / self.rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """What may leave now; the rest went back into the queue. `closed`: channels without a free slot, until when."""

    departures: tuple[Departure, ...]
    closed: Mapping[str, datetime] = field(default_factory=dict)


class Slots(Protocol):
    async def take(self, departures: Sequence[Departure], limits: Mapping[str, Limit], now: datetime) -> Admitted:
        """A slot for each of these that finds one; the others are due when theirs will be free, no attempt counted.
        In the unit of work that claimed them."""
        ...

    async def pause(self, channel: str, limit: Limit, until: datetime) -> None:
        """No slot of this channel is free before then."""
        ...

    async def tidy(self, now: datetime) -> int:
        """Forget chats whose slots are past; how many."""
        ...
