from asyncio import create_task, wait
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations

import pytest

from bot.ports import Departure, Failure, Parked
from channels.message import Contact, Delivery, Inbound, Receipt
from channels.reason import Reason
from store.database import Database
from tests.store.samples import NOON, accept, enqueue, inbound, queued
from tests.store.samples import citizen as known

DORA = Contact(channel="whatsapp", address="+525500000003")
DORA_SMS = replace(DORA, channel="sms")
DAY = timedelta(hours=24)
LEASE = 60.0
LATER = NOON + 2 * DAY
SOON = NOON + timedelta(seconds=3)
NUMBER = "7K3-9QX"


def heard(external_id: str, at: datetime = NOON) -> Inbound:
    return replace(inbound(external_id, DORA), received_at=at, free_until=at + DAY)


async def dora(database: Database, at: datetime = NOON) -> int:
    await accept(database, heard(f"at {at}", at))
    async with database.view() as view:
        found = await view.citizens.find(DORA)
    assert found
    return found.id


async def until(database: Database, citizen: int) -> datetime | None:
    async with database.view() as view:
        return await view.windows.open_until(citizen)


async def claim(database: Database, now: datetime = LATER) -> list[Departure]:
    async with database.work() as work:
        departures = await work.outbox.claim("one", now, 30.0, 10)
        await work.commit()
    return list(departures)


async def park(database: Database, *keys: str) -> list[int]:
    """Two days after Dora wrote; how many were kept for her after each."""
    citizen = await dora(database)
    await enqueue(database, *[queued(key, citizen, to=DORA, number=NUMBER) for key in keys])
    kept = []
    for _ in keys:
        (departure,) = await claim(database)
        async with database.work() as work:
            kept.append(await work.windows.park(departure, LATER, LATER + timedelta(hours=12)))
            await work.commit()
    return kept


async def failures(database: Database) -> list[Failure]:
    async with database.view() as view:
        return list((await view.undelivered.page(0, 10)).rows)


async def told(database: Database) -> list[tuple[str, Delivery, str]]:
    async with database.view() as view:
        return [(sent.key, sent.delivery, sent.reason) for sent in await view.outbox.of_ticket(NUMBER)]


async def test_the_window_follows_the_latest_message_whatever_order_they_come_in(database: Database) -> None:
    later = NOON + timedelta(hours=3)
    citizen = await dora(database, later)
    await accept(database, heard("an older one"), heard("oldest", NOON - DAY))
    assert await until(database, citizen) == later + DAY


async def test_who_writes_by_a_channel_without_a_window_has_none(database: Database) -> None:
    await accept(database, inbound("1"))
    async with database.view() as view:
        found = await view.citizens.find(inbound("1").sender)
    assert found
    assert await until(database, found.id) is None


async def test_what_is_parked_frees_its_lane_and_is_released_in_order(database: Database) -> None:
    assert await park(database, "a", "b", "c") == [1, 2, 3]
    citizen = await dora(database)
    assert await claim(database) == []
    async with database.work() as work:
        assert await work.windows.waiting(citizen)
        assert await work.windows.release(citizen, LATER) == 3
        await work.commit()
    released = []
    while found := await claim(database):
        (departure,) = found
        released.append(departure.outbound.text[-1])
        async with database.work() as work:
            await work.outbox.sent(departure, f"id of {departure.id}", LATER)
            await work.commit()
    assert released == ["a", "b", "c"]
    assert [delivery for _, delivery, _ in await told(database)] == [Delivery.SENT] * 3


async def test_what_is_released_goes_before_what_came_after_it(database: Database) -> None:
    await park(database, "a")
    citizen = await dora(database)
    await enqueue(database, queued("b", citizen, to=DORA), now=LATER)
    async with database.work() as work:
        assert await work.windows.release(citizen, LATER) == 1
        await work.commit()
    assert await send_all(database, LATER) == ["a", "b"]


async def test_what_is_to_be_parked_while_its_citizen_writes_is_sent(database: Database) -> None:
    citizen = await dora(database)
    await enqueue(database, queued("a", citizen, to=DORA))
    (departure,) = await claim(database)
    await dora(database, LATER)
    async with database.work() as work:
        assert not await work.windows.park(departure, LATER, LATER + DAY)
        assert not await work.windows.waiting(citizen)
        await work.commit()
    assert [again.outbound.key for again in await claim(database)] == ["a"]


async def test_a_late_refusal_closes_the_window_and_queues_the_message_once(database: Database) -> None:
    citizen = await dora(database)
    await enqueue(database, queued("a", citizen, to=DORA, number=NUMBER))
    (departure,) = await claim(database, NOON)
    late = Receipt(key="a", external_id="SM1", delivery=Delivery.FAILED, reason=Reason.OUTSIDE_WINDOW)
    async with database.work() as work:
        await work.outbox.sent(departure, "SM1", NOON)
        for receipt in (late, late, replace(late, key=None)):
            await work.outbox.receipt("whatsapp", receipt, NOON)
            await work.windows.refused_late("whatsapp", receipt, NOON)
        await work.commit()
    assert await until(database, citizen) == NOON
    assert [again.outbound.text for again in await claim(database, SOON)] == ["text of a"]
    assert await failures(database) == []


async def refused_late(database: Database, key: str, now: datetime = NOON) -> None:
    late = Receipt(key=key, external_id="", delivery=Delivery.FAILED, reason=Reason.OUTSIDE_WINDOW)
    async with database.work() as work:
        await work.outbox.receipt("whatsapp", late, now)
        await work.windows.refused_late("whatsapp", late, now)
        await work.commit()


async def send_all(database: Database, now: datetime = NOON) -> list[str]:
    """One after the other; the keys they had at first."""
    keys = []
    while found := await claim(database, now):
        async with database.work() as work:
            for departure in found:
                await work.outbox.sent(departure, "", now)
                keys.append(departure.outbound.text.removeprefix("text of "))
            await work.commit()
    return keys


@pytest.mark.parametrize("order", list(permutations("abc")))
async def test_late_refusals_in_any_order_queue_messages_in_their_own(database: Database, order: Sequence[str]) -> None:
    citizen = await dora(database)
    await enqueue(database, *[queued(key, citizen, to=DORA) for key in "abc"])
    assert await send_all(database) == ["a", "b", "c"]
    await enqueue(database, queued("d", citizen, to=DORA))
    for second, key in enumerate(order):
        at = NOON + timedelta(seconds=second)
        await refused_late(database, key, at)
        assert await send_all(database, at) == []
    assert await send_all(database, at + timedelta(seconds=3)) == ["a", "b", "c", "d"]


@pytest.mark.parametrize("key", ["a", "a+2", "a+5", "stop:1"])
async def test_a_message_is_queued_anew_once_for_each_time_that_somebody_wants_it(database: Database, key: str) -> None:
    citizen = await dora(database)
    await enqueue(database, queued(key, citizen, to=DORA))
    for _ in range(3):
        assert await refuse(database) == 2
        (failure,) = await failures(database)
        async with database.work() as work:
            assert await work.undelivered.again(failure.id, LATER)
            await work.commit()


async def refuse(database: Database) -> int:
    """Whatever is sent, at once, until nothing more is tried; how often that was."""
    tried = 0
    while found := await claim(database):
        tried += len(found)
        async with database.work() as work:
            for departure in found:
                await work.windows.refused(departure, LATER)
            await work.commit()
    return tried


@pytest.mark.parametrize("order", list(permutations("abc")))
async def test_what_is_parked_after_late_refusals_is_released_in_order(
    database: Database, order: Sequence[str]
) -> None:
    citizen = await dora(database)
    await enqueue(database, *[queued(key, citizen, to=DORA) for key in "abc"])
    await send_all(database)
    for key in order:  # each copy is parked before the next refusal comes
        await refused_late(database, key, LATER)
        (departure,) = await claim(database, LATER + timedelta(seconds=3))
        async with database.work() as work:
            await work.windows.park(departure, LATER, LATER + DAY)
            await work.commit()
    async with database.work() as work:
        assert await work.windows.release(citizen, LATER) == 3
        await work.commit()
    assert await send_all(database, LATER) == ["a", "b", "c"]


async def test_a_message_refused_at_once_stays_before_what_waited_behind_it(database: Database) -> None:
    citizen = await dora(database)
    await enqueue(database, *[queued(key, citizen, to=DORA) for key in "abc"])
    (departure,) = await claim(database)
    async with database.work() as work:
        await work.windows.refused(departure, LATER)
        await work.commit()
    assert await send_all(database, LATER) == ["a", "b", "c"]


async def test_what_is_on_its_way_is_left_alone_by_a_late_refusal(database: Database) -> None:
    citizen = await dora(database)
    await enqueue(database, queued("a", citizen, to=DORA))
    await send_all(database)
    await enqueue(database, queued("b", citizen, to=DORA), queued("c", citizen, to=DORA))
    (held,) = await claim(database, NOON)
    await refused_late(database, "a")
    async with database.work() as work:
        await work.outbox.sent(held, "SM2", NOON)
        await work.commit()
    assert await send_all(database, SOON) == ["a", "c"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_notices_that_are_just_hurried_on_stay_behind_what_is_queued_anew(database: Database) -> None:
    """A claim holds their rows until its commit, and knows nothing of their citizen."""
    citizen, other = await dora(database), replace(DORA, address="+525500000099")
    await enqueue(database, queued("a", citizen, to=DORA))
    assert await send_all(database) == ["a"]
    await enqueue(database, queued("o", await known(database, other), to=other, bulk=True), now=NOON - DAY)
    await enqueue(database, *[queued(key, citizen, to=DORA, bulk=True) for key in "bc"], queued("r", citizen, to=DORA))
    async with database.work() as work:
        [claimed] = await work.outbox.claim("one", NOON, 30.0, 1)
        late = create_task(refused_late(database, "a"))
        await wait([late], timeout=0.5)
        await work.outbox.sent(claimed, "", NOON)
        await work.commit()
    await late
    assert await send_all(database, SOON) == ["a", "b", "c", "r"]


async def ages(database: Database, now: datetime) -> list[datetime]:
    """Since when the messages that are due wait."""
    return [departure.queued_at for departure in await claim(database, now)]


async def test_a_message_queued_anew_that_nobody_asked_for_is_as_old_as_it_was(database: Database) -> None:
    citizen = await dora(database)
    await enqueue(database, queued("a", citizen, to=DORA))
    await send_all(database)
    await refused_late(database, "a", LATER)
    assert await ages(database, LATER + timedelta(seconds=3)) == [NOON]


async def test_what_a_clerk_sends_again_and_what_its_citizen_asks_for_is_young(database: Database) -> None:
    await park(database, "a")
    citizen = await dora(database)
    async with database.work() as work:
        await work.windows.release(citizen, LATER)
        await work.commit()
    [departure] = await claim(database)
    assert departure.queued_at == LATER
    async with database.work() as work:
        await work.outbox.failed(departure, Reason.TOO_OLD, LATER)
        assert await work.undelivered.again(departure.id, LATER + DAY)
        await work.commit()
    assert await ages(database, LATER + DAY) == [LATER + DAY]


async def overdue(database: Database, now: datetime = LATER + DAY) -> list[Parked]:
    async with database.work() as work:
        claimed = await work.windows.claim(now, LEASE, 10)
        await work.commit()
    return list(claimed)


async def test_a_claimed_message_tells_until_when_its_citizen_takes_free_text(database: Database) -> None:
    citizen = await dora(database)
    await enqueue(database, queued("a", citizen, to=DORA))
    (departure,) = await claim(database)
    assert departure.free_until == NOON + DAY
