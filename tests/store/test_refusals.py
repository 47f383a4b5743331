"""Contacts that a provider refuses for good, until their citizen writes again."""

from dataclasses import replace
from datetime import datetime

import pytest

from channels.message import Delivery, Receipt
from channels.reason import BAD_CONTACTS, OPT_OUTS, Reason
from handlers.turn import Citizen
from store.database import Database
from tests.store.samples import ANA, NOON, StillClock, accept, citizen, enqueue, inbound, queued

NUMBER = "7K3-9QX"


async def refuse(database: Database, ana: int, reason: str) -> None:
    async with database.work() as work:
        await work.refusals.record(ana, reason)
        await work.commit()


async def get(database: Database, ana: int) -> Citizen:
    async with database.view() as view:
        found = await view.citizens.get(ana)
    assert found
    return found


async def claimed(database: Database) -> list[str]:
    async with database.work() as work:
        departures = await work.outbox.claim("one", NOON, 60, 10)
        await work.commit()
    return [departure.outbound.key for departure in departures]


async def write(database: Database, external_id: str) -> Citizen:
    """They write; the citizen as its handling sees them."""
    await accept(database, inbound(external_id, ANA))
    async with database.work() as work:
        arrivals = await work.inbox.claim("one", NOON, 60, 10)
        for arrival in arrivals:
            await work.inbox.answered(arrival, NOON)
        await work.commit()
    return arrivals[-1].citizen


@pytest.mark.parametrize("reason", sorted(OPT_OUTS | BAD_CONTACTS))
async def test_what_is_queued_for_a_refused_contact_fails_at_once_with_that_reason(
    database: Database, reason: Reason
) -> None:
    ana = await citizen(database)
    await enqueue(database, queued("before", ana, number=NUMBER))
    await refuse(database, ana, reason)
    await enqueue(database, queued("after", ana, number=NUMBER))
    for _ in range(3):
        assert await claimed(database) == []
    async with database.view() as view:
        rows = await view.outbox.of_ticket(NUMBER)
    assert [(row.key, row.delivery, row.reason) for row in rows] == [
        ("before", Delivery.FAILED, reason),
        ("after", Delivery.FAILED, reason),
    ]


@pytest.mark.parametrize("reason", sorted(OPT_OUTS | BAD_CONTACTS))
async def test_a_refusal_ends_when_they_write_again(database: Database, reason: Reason) -> None:
    ana = await citizen(database)
    await write(database, "m1")
    await refuse(database, ana, reason)
    refused = await get(database, ana)
    assert (refused.refused, refused.opted_out) == (reason, reason in OPT_OUTS)
    back = await write(database, "m2")
    assert (back.refused, back.opted_out) == (None, False)
    assert await get(database, ana) == back
    await enqueue(database, queued("k", ana))
    assert await claimed(database) == ["k"]


async def test_who_said_stop_to_us_is_not_brought_back_by_a_refusal(database: Database) -> None:
    ana = await citizen(database)
    async with database.work() as work:
        await work.citizens.save(replace(await get(database, ana), opted_out=True))
        await work.refusals.record(ana, Reason.BLOCKED)
        await work.commit()
    assert (await write(database, "m1")).opted_out
    assert (await get(database, ana)).refused is None


@pytest.mark.parametrize("reason", ["unreachable", "network", "too_long", "no such reason", ""])
async def test_what_may_pass_is_no_refusal_of_the_contact(database: Database, reason: str) -> None:
    ana = await citizen(database)
    await refuse(database, ana, reason)
    assert (await get(database, ana)).refused is None


async def test_a_receipt_records_a_refusal_too(database: Database) -> None:
    ana = await citizen(database)
    await enqueue(database, queued("k", ana))
    assert await claimed(database) == ["k"]
    failed = Receipt(key="k", external_id="SM1", delivery=Delivery.FAILED, reason=Reason.OPTED_OUT)
    await told(database, failed)
    assert (await get(database, ana)).refused == Reason.OPTED_OUT


async def test_a_receipt_that_comes_twice_does_not_refuse_who_has_written_meanwhile(database: Database) -> None:
    ana = await citizen(database)
    await enqueue(database, queued("k", ana))
    await claimed(database)
    for n, key in enumerate(("k", "k", None)):  # the last one is found by the provider's id
        await told(database, Receipt(key=key, external_id="SM1", delivery=Delivery.FAILED, reason=Reason.BLOCKED))
        await write(database, f"m{n}")
    assert (await get(database, ana)).refused is None
    await enqueue(database, queued("answer", ana))
    assert await claimed(database) == ["answer"]


@pytest.mark.parametrize("by_key", [True, False])
@pytest.mark.parametrize("reason", sorted(OPT_OUTS | BAD_CONTACTS))
async def test_a_late_receipt_does_not_refuse_who_has_written_since(
    database: Database, clock: StillClock, reason: Reason, *, by_key: bool
) -> None:
    """They blocked us, thought better of it and asked something, and only then the receipt comes."""
    ana = await citizen(database)
    await enqueue(database, queued("k", ana, number=NUMBER))
    await send(database, clock)
    clock.forward(60)
    assert (await write(database, "m1")).refused is None
    await enqueue(database, queued("answer", ana))
    late = Receipt(key="k" if by_key else None, external_id="SM1", delivery=Delivery.FAILED, reason=reason)
    for _ in range(2):
        await told(database, late, clock.now())
    assert (await get(database, ana)).refused is None
    assert await claimed(database) == ["answer"]
    async with database.view() as view:
        [row] = await view.outbox.of_ticket(NUMBER)
    assert (row.delivery, row.reason) == (Delivery.FAILED, reason)


async def test_a_receipt_of_what_was_sent_after_they_wrote_refuses_them(database: Database, clock: StillClock) -> None:
    ana = await citizen(database)
    await enqueue(database, queued("k", ana))
    clock.forward(60)
    await write(database, "m1")
    clock.forward(60)
    await send(database, clock)
    await told(database, Receipt(key="k", external_id="", delivery=Delivery.FAILED, reason=Reason.BLOCKED), clock.now())
    assert (await get(database, ana)).refused == Reason.BLOCKED


async def send(database: Database, clock: StillClock) -> None:
    async with database.work() as work:
        [departure] = await work.outbox.claim("one", clock.now(), 60, 10)
        await work.outbox.sent(departure, "SM1", clock.now())
        await work.commit()


async def told(database: Database, receipt: Receipt, now: datetime = NOON) -> None:
    async with database.work() as work:
        noted = await work.outbox.receipt("sms", receipt, now)
        assert noted
        if noted.refused:
            await work.refusals.record(noted.citizen, receipt.reason)
        await work.commit()


async def test_a_failure_that_arrived_all_the_same_refuses_nobody(database: Database) -> None:
    ana = await citizen(database)
    await enqueue(database, queued("k", ana))
    await claimed(database)
    for delivery, reason in [(Delivery.DELIVERED, ""), (Delivery.FAILED, Reason.BLOCKED)]:
        await told(database, Receipt(key="k", external_id="", delivery=delivery, reason=reason))
    assert (await get(database, ana)).refused is None
