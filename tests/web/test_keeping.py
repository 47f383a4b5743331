"""A digest of days that are over is counted once a minute, however often it is looked at."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from tests.web.statistics import series
from tests.web.world import NOW
from tickets.figures import Digest, Scope
from tickets.period import week
from web.keeping import Kept

PERIOD = week("2026-W47")
KEY = (PERIOD, Scope())
DIGEST = Digest(city="x", period=PERIOD, made_at=NOW, whole=series(Scope(), PERIOD, 9))


class Counter:
    """Counts how often it counts."""

    def __init__(self, trouble: Exception | None = None) -> None:
        self.times, self.trouble = 0, trouble

    def __call__(self) -> Callable[[], Coroutine[Any, Any, Digest]]:
        async def count() -> Digest:
            self.times += 1
            await asyncio.sleep(0)
            if self.trouble:
                raise self.trouble
            return DIGEST

        return count


@pytest.mark.parametrize(("seconds", "times"), [(0, 1), (59, 1), (60, 2), (-1, 2)])
async def test_it_is_kept_for_a_minute(seconds: int, times: int) -> None:
    kept, counter = Kept(), Counter()
    for at in (NOW, NOW + timedelta(seconds=seconds)):
        assert await kept.get(KEY, at, counter(), is_over=True) is DIGEST
    assert counter.times == times


async def test_many_who_ask_at_once_are_answered_by_one_count_and_a_running_period_is_not_kept() -> None:
    kept, counter = Kept(), Counter()
    await asyncio.gather(*(kept.get(KEY, NOW, counter(), is_over=False) for _ in range(5)))
    assert counter.times == 1
    await kept.get(KEY, NOW, counter(), is_over=False)
    assert counter.times == 2


async def test_who_gives_up_stops_nobody_elses_and_a_failure_is_not_kept() -> None:
    kept, counter = Kept(), Counter()
    first = asyncio.create_task(kept.get(KEY, NOW, counter(), is_over=True))
    second = asyncio.create_task(kept.get(KEY, NOW, counter(), is_over=True))
    await asyncio.sleep(0)
    first.cancel()
    assert await second is DIGEST
    failing, broken = Kept(), Counter(OSError())
    for _ in range(2):
        with pytest.raises(OSError):
            await failing.get(KEY, NOW, broken(), is_over=True)
    assert broken.times == 2


async def test_the_memory_holds_so_many() -> None:
    kept, counter = Kept(), Counter()
    for n in range(40):
        await kept.get((PERIOD.before(n), Scope()), NOW, counter(), is_over=True)
    assert len(kept._counts) <= 16
