"""What happens to us in the course of a run, at points chosen by the seed: kills, restarts, outages, forgeries."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from time import monotonic

from benchmarks.hostility.dice import Dice
from benchmarks.hostility.ledger import Ledger, Trouble

_LOOK = 0.02  # seconds between looks at how far the run is
_FIRST, _LAST = 0.03, 0.92  # share of the messages before and after which nothing happens
Happen = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """`what` happens when so many messages were accepted."""

    what: str
    after: int


def plan(counts: Mapping[str, int], messages: int, dice: Dice) -> list[Planned]:
    """So many of each, in the order in which they happen."""
    planned = [
        Planned(what=what, after=int(messages * dice.random.uniform(_FIRST, _LAST)))
        for what, number in counts.items()
        for _ in range(number)
    ]
    return sorted(planned, key=lambda one: one.after)


async def happen(planned: list[Planned], doings: Mapping[str, Happen], ledger: Ledger) -> None:
    """Everything in its turn; what lasts goes on beside the next. Returns when all is over."""
    async with asyncio.TaskGroup() as under_way:
        for one in planned:
            await _reached(one.after, ledger)
            under_way.create_task(_one(one.what, doings[one.what], ledger))
            await asyncio.sleep(0)


async def _reached(accepted: int, ledger: Ledger) -> None:
    while ledger.accepted < accepted:  # noqa: ASYNC110 - a look now and then disturbs the run less than an event each
        await asyncio.sleep(_LOOK)


async def _one(what: str, doing: Happen, ledger: Ledger) -> None:
    begin = monotonic()
    await doing()
    ledger.troubles.append(Trouble(what=what, at=begin, over=monotonic()))
    ledger.count(what)
