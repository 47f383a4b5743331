from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import update

from bot.ports import Departure
from channels.message import Contact, Delivery, Inbound, Receipt
from channels.reason import Reason
from store.database import Database
from store.tables import outbox
from tests.store.samples import NOON, accept, enqueue, inbound, queued

DORA = Contact(channel="whatsapp", address="+525500000003")
DORA_SMS = replace(DORA, channel="sms")
DAY = timedelta(hours=24)
LATER = NOON + 2 * DAY
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


async def park(database: Database, *keys: str) -> list[bool]:
    """Whether each was the first of Dora's; two days after she wrote."""
    citizen = await dora(database)
    await enqueue(database, *[queued(key, citizen, to=DORA, number=NUMBER) for key in keys])
    first = []
    for _ in keys:
        (departure,) = await claim(database)
        async with database.work() as work:
            first.append(await work.windows.park(departure, LATER, LATER + timedelta(hours=12)))
            await work.commit()
    return first


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
    assert await park(database, "a", "b", "c") == [True, False, False]
    citizen = await dora(database)
    assert await claim(database) == []
    async with database.work() as work:
        assert await work.windows.waiting(citizen)
        assert await work.windows.release(citizen, LATER) == 3
        await work.commit()
    released = []
    while found := await claim(database):
        (departure,) = found
        released.append(departure.outbound.key[0])
        async with database.work() as work:
            await work.outbox.sent(departure, f"id of {departure.id}", LATER)
            await work.commit()
    assert released == ["a", "b", "c"]
    assert [delivery for _, delivery, _ in await told(database)] == [Delivery.SENT] * 3


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


async def test_a_parked_message_goes_by_sms_once(database: Database) -> None:
    await park(database, "a")
    async with database.work() as work:
        assert await work.windows.overdue(LATER, 10) == []
        (parked,) = await work.windows.overdue(LATER + DAY, 10)
        assert [await work.windows.by_sms(parked, DORA_SMS, LATER) for _ in range(2)] == [True, False]
        await work.windows.give_up(parked)  # it is parked no more
        await work.commit()
    (departure,) = await claim(database)
    assert departure.outbound.recipient == DORA_SMS
    assert [(delivery, reason) for _, delivery, reason in await told(database)] == [(Delivery.SENDING, "")]


async def test_a_parked_message_does_not_go_by_sms_to_who_opted_out_there(database: Database) -> None:
    await park(database, "a")
    await accept(database, inbound("2", DORA_SMS))
    async with database.work() as work:
        other = await work.citizens.find(DORA_SMS)
        assert other
        await work.citizens.save(replace(other, opted_out=True))
        (parked,) = await work.windows.overdue(LATER + DAY, 10)
        assert not await work.windows.by_sms(parked, DORA_SMS, LATER)
        await work.windows.give_up(parked)
        await work.commit()
    assert await told(database) == [("a", Delivery.FAILED, "outside_window")]


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
    assert [again.outbound.key for again in await claim(database, NOON)] == ["a+2"]
    async with database.view() as view:
        assert await view.undelivered.count() == 0


async def test_a_parked_message_that_cannot_be_opened_stops_nobody(database: Database) -> None:
    await park(database, "a", "b")
    citizen = await dora(database)
    async with database.work() as work:
        await work.windows._tx.execute(update(outbox).where(outbox.c.key == "a").values(outbound=b"?" * 60))  # type: ignore[attr-defined]  # no port breaks a row
        await work.commit()
    async with database.work() as work:
        assert [one.outbound is None for one in await work.windows.overdue(LATER + DAY, 10)] == [True, False]
        assert await work.windows.release(citizen, LATER) == 2
        await work.commit()
    assert [departure.outbound.key[0] for departure in await claim(database)] == ["b"]
