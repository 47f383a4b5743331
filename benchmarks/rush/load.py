"""Conversations with whoever answers, at a set rate or as fast as it can, and what came of them.

At a set rate messages leave by the clock, whether or not earlier ones are answered, and each is timed from the moment
it was due: an answerer that stands still for a second cannot hide it by making us wait ("coordinated omission").
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from typing import Protocol

LONGEST = 30.0  # seconds until a message counts as unanswered


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """When one message was acknowledged (2xx) and when its reply was there; None where it never was."""

    acknowledged: float | None
    replied: float | None


class Conversation(Protocol):
    """One citizen. `filed`: they have the number of a ticket, which is counted once."""

    filed: bool

    @property
    def over(self) -> bool: ...

    async def exchange(self) -> Exchange:
        """Say the next thing and hear the reply to it."""
        ...


Begin = Callable[[], Conversation]


@dataclass(slots=True)
class Measured:
    """Seconds, from when each message was due; `late` is how long after that we ourselves sent it. `refused`: not
    acknowledged."""

    acknowledged: list[float] = field(default_factory=list)
    replied: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    sent: int = 0
    refused: int = 0
    reports: int = 0
    took: float = 0.0

    @property
    def per_second(self) -> float:
        """Messages fully answered."""
        return len(self.replied) / self.took if self.took else 0.0

    def note(self, due: float, exchange: Exchange) -> None:
        self.refused += exchange.acknowledged is None
        if exchange.acknowledged is not None:
            self.acknowledged.append(exchange.acknowledged - due)
        if exchange.replied is not None:
            self.replied.append(exchange.replied - due)


async def at_rate(begin: Begin, rate: float, seconds: float) -> Measured:
    """`rate` messages a second: the next one of somebody who has been answered, else the first of somebody new."""
    measured, ready, tasks = Measured(), deque[Conversation](), set[asyncio.Task[None]]()
    start = perf_counter()

    async def turn(one: Conversation, due: float) -> None:
        measured.late.append(perf_counter() - due)
        filed = one.filed
        measured.note(due, await one.exchange())
        measured.reports += one.filed and not filed
        if not one.over:
            ready.append(one)

    for n in range(int(rate * seconds)):
        due = start + n / rate
        await asyncio.sleep(max(0.0, due - perf_counter()))
        task = asyncio.create_task(turn(ready.popleft() if ready else begin(), due))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        measured.sent += 1
    await asyncio.gather(*tasks)
    measured.took = perf_counter() - start
    return measured


async def saturated(begin: Begin, crowd: int, seconds: float) -> Measured:
    """So many citizens at a time, each with the next message as soon as the last is answered."""
    measured, start = Measured(), perf_counter()
    end = start + seconds

    async def place() -> None:
        while perf_counter() < end:
            one = begin()
            while not one.over and perf_counter() < end:
                due, filed = perf_counter(), one.filed
                measured.sent += 1
                exchange = await one.exchange()
                if exchange.replied is not None and exchange.replied <= end:  # what comes later is not of this time
                    measured.note(due, exchange)
                    measured.reports += one.filed and not filed

    await asyncio.gather(*(place() for _ in range(crowd)))
    measured.took = seconds
    return measured


def percentiles(seconds: list[float], *cuts: int) -> list[float]:
    """In milliseconds; none of nothing."""
    ordered = sorted(seconds)
    return [_cut(ordered, cut) * 1000 for cut in cuts] if ordered else []


def _cut(ordered: list[float], cut: int) -> float:
    return median(ordered) if cut == 50 else ordered[min(len(ordered) - 1, len(ordered) * cut // 100)]
