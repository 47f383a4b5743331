"""Answers that are kept for a while."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.ports import StoreUnavailable
from web.public.allowance import Allowance
from web.public.keeping import Keeping

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Maker:
    """Makes numbers, one after the other; `fails` with what it is given."""

    def __init__(self) -> None:
        self.made, self.fails = 0, list[Exception]()
        self.may = asyncio.Event()
        self.may.set()

    async def __call__(self) -> int:
        await self.may.wait()
        if self.fails:
            raise self.fails.pop()
        self.made += 1
        return self.made


def keeping(most: int = 10) -> Keeping[int]:
    return Keeping(fresh=MINUTE, stale=5 * MINUTE, most=most)


async def test_who_asks_meanwhile_waits_for_the_same_and_who_gives_up_stops_nobody() -> None:
    kept, make = keeping(), Maker()
    make.may.clear()
    waiting = [asyncio.create_task(kept.get("a", NOON, make)) for _ in range(5)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    make.may.set()
    assert await asyncio.gather(*waiting[1:]) == [1, 1, 1, 1]


async def test_what_failed_is_not_kept_and_what_was_kept_stands_in_for_a_database_that_is_away() -> None:
    kept, make = keeping(), Maker()
    make.fails = [ValueError()]
    with pytest.raises(ValueError):
        await kept.get("a", NOON, make)
    assert await kept.get("a", NOON, make) == 1
    make.fails = [StoreUnavailable(), StoreUnavailable()]
    assert await kept.get("a", NOON + 2 * MINUTE, make) == 1
    with pytest.raises(StoreUnavailable):
        await kept.get("a", NOON + 7 * MINUTE, make)
    assert await kept.get("a", NOON + 7 * MINUTE, make) == 2


async def test_a_clock_that_was_set_back_keeps_nothing_for_ever() -> None:
    kept, make = keeping(), Maker()
    await kept.get("a", NOON, make)
    assert await kept.get("a", NOON - MINUTE, make) == 2


async def test_only_so_many_are_kept_and_the_oldest_goes_first() -> None:
    kept, make = keeping(most=2), Maker()
    for key in ("a", "b", "c"):
        await kept.get(key, NOON, make)
    assert await kept.get("c", NOON, make) == 3
    assert await kept.get("a", NOON, make) == 4


async def test_it_is_known_whether_an_answer_costs_anything() -> None:
    kept, make = keeping(), Maker()
    assert not kept.has("a", NOON)
    make.may.clear()
    waiting = asyncio.create_task(kept.get("a", NOON, make))
    await asyncio.sleep(0)
    assert kept.has("a", NOON)
    make.may.set()
    await waiting
    assert (kept.has("a", NOON), kept.has("a", NOON + MINUTE)) == (True, False)


def test_an_allowance_is_spent_and_comes_back_bit_by_bit_for_each_address() -> None:
    allowance = Allowance(free=3, every=timedelta(seconds=10))
    for _ in range(3):
        assert allowance.wait("203.0.113.9", NOON) == 0
        allowance.spend("203.0.113.9", NOON)
    assert allowance.wait("203.0.113.9", NOON) == 10
    assert allowance.wait("203.0.113.9", NOON + timedelta(seconds=4)) == 6
    assert allowance.wait("203.0.113.9", NOON + timedelta(seconds=10)) == 0
    assert (allowance.wait("203.0.113.8", NOON), allowance.wait(None, NOON)) == (0, 0)


def test_all_addresses_of_one_customer_share_an_allowance() -> None:
    allowance = Allowance(free=1, every=timedelta(seconds=10))
    allowance.spend("2001:db8::1", NOON)
    assert allowance.wait("2001:db8::2", NOON) > 0
    assert allowance.wait("2001:db8:0:1::1", NOON) == 0
