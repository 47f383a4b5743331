"""What is parked for too long: claimed, decided on one by one, and sent by SMS or listed for a clerk."""

from asyncio import gather
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import update

from bot.ports import Parked
from channels.message import Delivery
from channels.reason import Reason
from store.database import Database
from store.tables import outbox
from tests.store.samples import NOON, accept, enqueue, inbound, queued
from tests.store.test_windows import DAY, DORA, DORA_SMS, LATER, LEASE, ages, claim, dora, overdue, park, send_all, told


async def test_a_parked_message_goes_by_sms_once(database: Database) -> None:
    await park(database, "a")
    async with database.work() as work:
        assert await work.windows.claim(LATER, LEASE, 10) == []
        (parked,) = await work.windows.claim(LATER + DAY, LEASE, 10)
        assert [await work.windows.by_sms(parked, DORA_SMS, LATER) for _ in range(2)] == [True, False]
        assert not await work.windows.give_up(parked, Reason.OUTSIDE_WINDOW)  # it is parked no more
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
        (parked,) = await work.windows.claim(LATER + DAY, LEASE, 10)
        assert not await work.windows.by_sms(parked, DORA_SMS, LATER)
        assert await work.windows.give_up(parked, Reason.OUTSIDE_WINDOW)
        await work.commit()
    assert await told(database) == [("a", Delivery.FAILED, "outside_window")]


async def test_a_parked_message_that_cannot_be_opened_stops_nobody(database: Database) -> None:
    await park(database, "a", "b")
    citizen = await dora(database)
    async with database.work() as work:
        await work.windows._tx.execute(update(outbox).where(outbox.c.key == "a").values(outbound=b"?" * 60))  # type: ignore[attr-defined]  # no port breaks a row
        await work.commit()
    async with database.work() as work:
        (first,) = await work.windows.claim(LATER + DAY, LEASE, 10)
        assert first.outbound is None
        assert await work.windows.release(citizen, LATER) == 2
        await work.commit()
    assert await send_all(database, LATER) == ["b"]


async def test_what_goes_by_sms_because_nobody_answered_is_as_old_as_it_was(database: Database) -> None:
    await park(database, "a")
    [waiting] = await overdue(database)
    assert await by_sms(database, waiting)
    assert await ages(database, LATER) == [NOON]


async def test_who_was_kept_from_deciding_has_not_tried(database: Database) -> None:
    await park(database, "a")
    [waiting] = await overdue(database)
    async with database.work() as work:
        await work.windows.put_back(waiting)
        await work.windows.put_back(replace(waiting, token="lost"))
        await work.commit()
    assert await overdue(database) == []
    [again] = await overdue(database, LATER + DAY + timedelta(seconds=LEASE))
    assert again.attempts == 1


async def by_sms(database: Database, parked: Parked) -> bool:
    async with database.work() as work:
        queued_ = await work.windows.by_sms(parked, DORA_SMS, LATER)
        await work.commit()
    return queued_


async def test_one_persons_parked_messages_are_decided_on_one_by_one_in_order(database: Database) -> None:
    await park(database, "a", "b")
    (first,) = await overdue(database)
    assert first.outbound
    assert first.outbound.text == "text of a"
    assert await overdue(database) == []
    assert await by_sms(database, first)
    (second,) = await overdue(database)
    assert await by_sms(database, second)
    assert await send_all(database, LATER) == ["a", "b"]


async def test_who_lost_the_lease_of_a_parked_message_decides_nothing(database: Database) -> None:
    await park(database, "a")
    (slow,) = await overdue(database)
    (quick,) = await overdue(database, LATER + DAY + timedelta(seconds=LEASE))
    assert (slow.attempts, quick.attempts) == (1, 2)
    assert not await by_sms(database, slow)
    async with database.work() as work:
        assert not await work.windows.give_up(slow, Reason.OUTSIDE_WINDOW)
        await work.commit()
    assert await by_sms(database, quick)
    assert await send_all(database, LATER) == ["a"]


async def test_two_at_once_claim_each_parked_message_once(database: Database) -> None:
    people = [replace(DORA, address=f"+52550000010{n}") for n in range(6)]
    for person in people:
        await accept(database, inbound(f"of {person.address}", person))
        async with database.work() as work:
            found = await work.citizens.find(person)
            assert found
            await work.outbox.enqueue([queued(person.address, found.id, to=person)], NOON)
            (departure,) = await work.outbox.claim("one", LATER, 30.0, 10)
            await work.windows.park(departure, LATER, LATER)
            await work.commit()
    claimed = [parked.id for found in await gather(*(overdue(database) for _ in range(4))) for parked in found]
    assert len(claimed) == len(set(claimed)) == len(people)


async def test_what_need_not_wait_rings(database: Database) -> None:
    citizen = await dora(database)
    await enqueue(database, queued("a", citizen, to=DORA))
    (departure,) = await claim(database)
    async with database.work() as work:
        await work.windows.park(departure, LATER, LATER)
        await work.commit()
    assert await database.bell.wait("parked", 5.0)
