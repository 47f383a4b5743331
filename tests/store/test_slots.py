"""How fast messages may leave, counted by all processes together."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.ports import Limit
from channels.message import Contact, Delivery
from store.database import Database
from tests.store.samples import ANA, BEA, CLARA, NOON, citizen, enqueue, queued

NUMBER = "7K3-9QX"


async def leave(database: Database, now: datetime, limits: Mapping[str, Limit], owner: str = "one") -> list[str]:
    """One claim; the keys of what was admitted, which is then sent."""
    async with database.work() as work:
        departures = await work.outbox.claim(owner, now, 60, 16)
        admitted = await work.slots.take(departures, limits, now)
        for departure in admitted.departures:
            await work.outbox.sent(departure, f"id {departure.id}", now)
        await work.commit()
    return [departure.outbound.key for departure in admitted.departures]


async def lanes(database: Database, count: int) -> list[tuple[int, Contact]]:
    contacts = [Contact(channel="sms", address=f"+5255000{n:05}") for n in range(count)]
    return [(await citizen(database, contact), contact) for contact in contacts]


async def test_one_a_second_means_a_second_between_any_two(database: Database) -> None:
    for n, (lane, contact) in enumerate(await lanes(database, 3)):
        await enqueue(database, queued(f"k{n}", lane, to=contact))
    limits = {"sms": Limit(rate=1)}
    left = [(tenth, await leave(database, NOON + timedelta(seconds=tenth / 10), limits)) for tenth in range(25)]
    assert [(tenth, keys) for tenth, keys in left if keys] == [(0, ["k0"]), (10, ["k1"]), (20, ["k2"])]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rate=st.sampled_from([0.5, 1, 2, 7.5, 30]), steps=st.lists(st.integers(0, 700), min_size=5, max_size=25))
async def test_no_second_sees_more_than_the_rate_whoever_claims(
    database: Database, rate: float, steps: list[int]
) -> None:
    """`steps`: milliseconds between two claims, by two processes in turn."""
    base = NOON + timedelta(days=next(_days))
    for n, (lane, contact) in enumerate(await lanes(database, 40)):
        await enqueue(database, queued(f"{base} {n}", lane, to=contact), now=base)
    now, left = base, list[datetime]()
    for turn, step in enumerate(steps):
        now += timedelta(milliseconds=step)
        left += [now] * len(await leave(database, now, {"sms": Limit(rate=rate)}, f"process {turn % 2}"))
    span = timedelta(seconds=max(1, 1 / rate))
    most = max(sum(one <= other < one + span for other in left) for one in left)
    assert most <= max(1, rate)
    async with database.work() as work:  # nothing of this example is left for the next
        while rest := await work.outbox.claim("end", now + timedelta(hours=9), 60, 16):
            for departure in rest:
                await work.outbox.failed(departure, "over", now)
        await work.commit()


_days = iter(range(10_000))


async def test_a_chat_has_a_rate_of_its_own(database: Database) -> None:
    clara, ana = await citizen(database, CLARA), await citizen(database, ANA)
    await enqueue(database, queued("c1", clara, to=CLARA), queued("c2", clara, to=CLARA), queued("a1", ana))
    limits = {"telegram": Limit(rate=30, chat_rate=1)}
    assert await leave(database, NOON, limits) == ["c1", "a1"]
    assert await leave(database, NOON + timedelta(seconds=0.9), limits) == []
    assert await leave(database, NOON + timedelta(seconds=1), limits) == ["c2"]


async def test_waiting_for_a_slot_is_no_attempt_and_shows_as_queued(database: Database) -> None:
    ana, bea = await citizen(database, ANA), await citizen(database, BEA)
    await enqueue(database, queued("a", ana), queued("b", bea, to=BEA, number=NUMBER))
    assert await leave(database, NOON, {"sms": Limit(rate=1)}) == ["a"]
    async with database.view() as view:
        [row] = await view.outbox.of_ticket(NUMBER)
    assert row.delivery == Delivery.QUEUED
    async with database.work() as work:
        [departure] = await work.outbox.claim("one", NOON + timedelta(seconds=1), 60, 16)
        await work.commit()
    assert departure.attempts == 1


async def test_a_full_channel_says_until_when_and_holds_up_no_other(database: Database) -> None:
    for n, (lane, contact) in enumerate(await lanes(database, 20)):
        await enqueue(database, queued(f"k{n}", lane, to=contact))
    clara = await citizen(database, CLARA)
    await enqueue(database, queued("c", clara, to=CLARA))
    async with database.work() as work:
        departures = await work.outbox.claim("one", NOON, 60, 16)
        admitted = await work.slots.take(departures, {"sms": Limit(rate=1)}, NOON)
        await work.commit()
    assert (len(admitted.departures), admitted.closed) == (1, {"sms": NOON + timedelta(seconds=1)})
    async with database.work() as work:
        [other] = await work.outbox.claim("one", NOON, 60, 16, admitted.closed)
        await work.commit()
    assert other.outbound.key == "c"


async def test_a_pause_holds_for_every_process(database: Database) -> None:
    ana = await citizen(database)
    await enqueue(database, queued("k", ana))
    limit, until = Limit(rate=30), NOON + timedelta(seconds=40)
    async with database.work() as work:
        await work.slots.pause("sms", limit, until)
        await work.slots.pause("sms", limit, NOON + timedelta(seconds=3))  # a shorter one changes nothing
        await work.commit()
    assert await leave(database, until - timedelta(milliseconds=1), {"sms": limit}, "another") == []
    assert await leave(database, until, {"sms": limit}, "another") == ["k"]


async def test_chats_of_the_past_are_forgotten(database: Database) -> None:
    clara = await citizen(database, CLARA)
    await enqueue(database, queued("c", clara, to=CLARA))
    await leave(database, NOON, {"telegram": Limit(rate=1, chat_rate=0.1)})
    for later, forgotten in [(0.5, 0), (5, 0), (15, 1)]:
        async with database.work() as work:
            assert await work.slots.tidy(NOON + timedelta(seconds=later)) == forgotten
            await work.commit()


@pytest.mark.parametrize(("rate", "burst"), [(0.5, 1), (1, 1), (9, 1), (30, 6), (80, 16)])
def test_a_burst_is_a_fifth_of_a_second_and_the_rest_is_spread(rate: float, burst: int) -> None:
    limit = Limit(rate=rate)
    assert limit.burst == burst
    assert burst + (1 - 1e-9) // limit.interval <= max(1, rate)
