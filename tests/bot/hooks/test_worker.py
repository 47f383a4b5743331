"""Subscribers are told at least once and in order, whatever fails, on both databases."""

import asyncio
from dataclasses import replace

import pytest

from bot.hooks.acts import Wanted
from bot.hooks.patience import GIVE_UP
from bot.hooks.sending import Answer
from bot.hooks.worker import LEASE, HookWorker
from bot.ports.hooks import BROKEN, State
from store.database import Database
from tests.bot.hooks.receiver import receiving, verified
from tests.bot.hooks.tower import Tower, filed
from tickets.model import Status


async def test_events_of_a_ticket_arrive_in_their_order_whatever_fails(tower: Tower) -> None:
    await tower.subscribe()
    [one, _] = await filed(tower, "AAA-001", "AAA-002")
    closed = await tower.moved(one, Status.RESOLVED)
    await tower.moved(closed, Status.IN_PROGRESS)
    tower.there.answers = [(500, {}), (503, {}), (204, {}), (429, {}), (400, {})]
    for _ in range(12):
        await tower.settle()
        tower.clock.forward(700)
    order = [name for name, _ in tower.there.order()]
    assert [name for name in order if name.startswith("AAA-001")] == ["AAA-001.1", "AAA-001.2", "AAA-001.3"]
    assert sorted(order) == ["AAA-001.1", "AAA-001.2", "AAA-001.3", "AAA-002.1"]


async def test_each_try_is_signed_anew_under_the_same_id(tower: Tower) -> None:
    await tower.subscribe()
    await filed(tower, "AAA-001")
    tower.there.answers = [(500, {})]
    await tower.settle()
    tower.clock.forward(60)
    await tower.settle()
    (first, body), (second, same) = tower.there.seen
    assert first["webhook-id"] == second["webhook-id"]
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 60
    assert verified(first, body, tower.secret)
    assert verified(second, same, tower.secret)


async def test_what_is_refused_for_three_days_is_set_aside_and_tried_again_on_demand(tower: Tower) -> None:
    await tower.subscribe()
    await filed(tower, "AAA-001")
    tower.there.refuses = "AAA-001"
    for hour in range(80):
        await filed(tower, f"BBB-{hour:03}")  # others are well
        await tower.settle()
        tower.clock.forward(3600)
    assert await tower.waiting() == (0, 1)
    assert (await tower.state()).state is State.ON
    assert len(tower.there.taken) == 80
    assert tower.counters.get("hooks", outcome="aside", reason="status") == 1
    tower.there.refuses = ""
    assert await tower.acts.again(tower.hook, "ada") == 1
    await tower.settle()
    assert tower.there.order()[-1] == ("AAA-001.1", "ticket.filed")


async def test_a_subscriber_that_is_down_is_asked_seldom_then_stopped_and_gets_all_when_it_goes_on(
    tower: Tower,
) -> None:
    await tower.subscribe()
    await filed(tower, *(f"AAA-{n:03}" for n in range(20)))
    tower.there.usual = 500
    await tower.settle()
    for _ in range(60):
        tower.clock.forward(60)
        await tower.settle()
    tries = len(tower.there.seen)
    assert tries < 40, "an hour of a subscriber that is down"
    assert (await tower.state()).broken
    tower.clock.forward(GIVE_UP.total_seconds())
    await tower.settle()
    assert (await tower.state()).state is State.FAILING
    tower.clock.forward(86_400)
    before = len(tower.there.seen)
    await tower.settle()
    assert len(tower.there.seen) == before
    tower.there.usual = 200
    await tower.acts.turn(tower.hook, State.ON, "ada")
    await tower.settle()
    assert len(tower.there.taken) == 20
    assert await tower.waiting() == (0, 0)


async def test_after_an_outage_nothing_waits_for_the_end_of_its_pause(tower: Tower) -> None:
    await tower.subscribe()
    await filed(tower, *(f"AAA-{n:03}" for n in range(BROKEN + 3)))
    tower.there.usual = 500
    for _ in range(30):
        await tower.settle()
        tower.clock.forward(120)
    tower.there.usual = 200
    tower.clock.forward(900)
    await tower.settle()
    assert len(tower.there.taken) == BROKEN + 3


async def test_410_ends_it(tower: Tower) -> None:
    await tower.subscribe()
    await filed(tower, "AAA-001", "AAA-002")
    tower.there.usual = 410
    await tower.settle()
    assert (await tower.state()).state is State.GONE
    await filed(tower, "AAA-003")
    seen = len(tower.there.seen)
    tower.clock.forward(86_400)
    await tower.settle()
    assert len(tower.there.seen) == seen


async def test_a_process_that_dies_before_it_notes_sends_it_again_under_the_same_id(
    tower: Tower, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tower.subscribe()
    await filed(tower, "AAA-001")
    killed = tower.worker()

    async def dies(*_: object) -> None:
        raise asyncio.CancelledError

    monkeypatch.setattr(killed, "_note", dies)
    with pytest.raises(asyncio.CancelledError):
        await killed.loop.step()
    assert len(tower.there.taken) == 1
    await tower.settle()
    assert len(tower.there.taken) == 1, "its claim is still held"
    tower.clock.forward(LEASE.total_seconds())
    await tower.settle()
    assert tower.there.order() == [("AAA-001.1", "ticket.filed")] * 2


async def test_two_processes_tell_each_event_once(tower: Tower, second: Database) -> None:
    await tower.subscribe()
    made = await filed(tower, *(f"AAA-{n:03}" for n in range(12)))
    for one in made:
        await tower.moved(one, Status.RESOLVED)
    workers = (tower.worker(), tower.worker(second, "two"))

    async def working(worker: HookWorker) -> None:
        idle = 0
        while idle < 5:
            idle = 0 if await worker.loop.step() else idle + 1
            await asyncio.sleep(0)

    await asyncio.gather(*map(working, workers))
    order = [name for name, _ in tower.there.order()]
    assert sorted(order) == sorted(f"{one.number}.{n}" for one in made for n in (1, 2))
    assert all(order.index(f"{one.number}.1") < order.index(f"{one.number}.2") for one in made)


async def test_a_slow_subscriber_leaves_hands_for_others(tower: Tower) -> None:
    async with receiving() as quick:
        slow: list[str] = []
        going_on = asyncio.Event()

        async def send(url: str, body: bytes, headers: object) -> Answer:
            if url == quick.url:
                return Answer(status=204)
            slow.append(url)
            await going_on.wait()
            return Answer(status=204)

        await tower.subscribe()
        first = tower.hook
        await tower.acts.add(Wanted(name="Quick", url=quick.url), "ada")
        tower.acts = replace(tower.acts, send=send)  # type: ignore[arg-type]
        await filed(tower, *(f"AAA-{n:03}" for n in range(30)))
        worker = tower.worker()
        task = asyncio.create_task(worker.loop.run())
        while (await _held(tower)).keys() != {first} and not task.done():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.02)
        assert len(slow) == 4
        going_on.set()
        worker.loop.stop()
        await task


async def _held(tower: Tower) -> dict[int, int]:
    async with tower.database.view() as view:
        return {hook: one.waiting for hook, one in (await view.hooks.held()).items() if one.waiting}
