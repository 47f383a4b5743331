"""Tries are counted by all processes together, and only so many are remembered."""

import asyncio
from datetime import timedelta

import pytest

from bot.ports.tries import FORGET, Tally
from store import tries
from store.database import Database
from tests.conftest import StillClock
from web.throttle import Tried

LOGIN, ADDRESS = ("login", "ana"), ("address", "192.0.2.7/32")


async def test_tries_side_by_side_are_all_counted_wherever_they_are_made(database: Database, clock: StillClock) -> None:
    processes = [Tried(database) for _ in range(4)]
    tries_ = [processes[n % 4].take([LOGIN, ADDRESS], clock.now()) for n in range(24)]
    waits = await asyncio.gather(*tries_)
    assert waits.count(0) == 5
    assert set(waits) == {0, 1}


async def test_keys_in_another_order_never_wait_for_each_other(database: Database, clock: StillClock) -> None:
    tried, others = Tried(database), [("login", f"clerk{n}") for n in range(6)]
    for n in range(6):
        await asyncio.gather(
            tried.take([others[n], ADDRESS], clock.now()), tried.take([ADDRESS, others[n]], clock.now())
        )
    async with database.work() as work:
        assert (await work.tries.held([ADDRESS], clock.now()))[ADDRESS].tries == 12


async def test_a_right_try_forgets_the_login_and_takes_back_one_of_the_address(
    database: Database, clock: StillClock
) -> None:
    """Or whoever has one account could guess at all others from the same address."""
    tried = Tried(database)
    for n in range(20):
        assert await tried.take([("login", f"clerk{n}"), ADDRESS], clock.now()) == 0
    assert await tried.take([LOGIN, ADDRESS], clock.now()) == 1
    await tried.forget([LOGIN, ADDRESS], clock.now())
    async with database.work() as work:
        held = await work.tries.held([LOGIN, ADDRESS], clock.now())
    assert (held[LOGIN].tries, held[ADDRESS].tries) == (0, 19)


async def test_those_untouched_for_longest_are_forgotten_when_there_are_too_many(
    database: Database, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tries, "MOST", 10)
    tried = Tried(database)
    for n in range(40):
        await tried.take([("login", f"clerk{n}")], clock.now() + timedelta(seconds=n))
    async with database.work() as work:
        held = await work.tries.held([("login", f"clerk{n}") for n in range(40)], clock.now())
    assert {key[1] for key, tally in held.items() if tally.tries} == {f"clerk{n}" for n in range(30, 40)}


async def test_what_is_long_past_is_swept(database: Database, clock: StillClock) -> None:
    await Tried(database).take([LOGIN], clock.now())
    async with database.work() as work:
        await work.housekeeping.rest(clock.now() + FORGET + timedelta(seconds=1), clock.now())
        assert (await work.tries.held([LOGIN], clock.now()))[LOGIN] == Tally(0, clock.now(), clock.now())


async def test_nothing_of_a_login_or_an_address_stands_in_the_database(database: Database, clock: StillClock) -> None:
    await Tried(database).take([LOGIN, ADDRESS], clock.now())
    async with database.work() as work:
        from store.tables import tries as table

        rows = (await work._tx.execute(table.select())).all()  # type: ignore[attr-defined]
    assert len(rows) == 2
    assert all(len(row.hash) == 32 for row in rows)
