from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from bot.ports import Departure, Kind, Sent
from channels.message import Contact, Delivery, Receipt
from store.database import Database
from store.tables import outbox
from tests.store.samples import ANA, BEA, CLARA, NOON, StillClock, accept, citizen, enqueue, inbound, queued

LEASE = 30.0
NUMBER = "7K3-9QX"


async def claim(database: Database, now: datetime = NOON, owner: str = "one", limit: int = 10) -> list[Departure]:
    async with database.work() as work:
        departures = await work.outbox.claim(owner, now, LEASE, limit)
        await work.commit()
    return list(departures)


async def send(database: Database, departure: Departure, external_id: str, now: datetime = NOON) -> None:
    async with database.work() as work:
        await work.outbox.sent(departure, external_id, now)
        await work.commit()


async def receive(database: Database, receipt: Receipt, channel: str = "sms", now: datetime = NOON) -> bool:
    async with database.work() as work:
        meant = await work.outbox.receipt(channel, receipt, now)
        await work.commit()
    return meant is not None


async def rows(database: Database) -> list[Sent]:
    async with database.view() as view:
        return list(await view.outbox.of_ticket(NUMBER))


async def one_sent(database: Database, key: str = "k", external_id: str = "SM1") -> Departure:
    await enqueue(database, queued(key, await citizen(database), number=NUMBER))
    [departure] = await claim(database)
    await send(database, departure, external_id)
    return departure


def keys(departures: list[Departure]) -> list[str]:
    return [departure.outbound.key for departure in departures]


def receipt(delivery: Delivery, *, key: str | None = None, external_id: str = "SM1", reason: str = "") -> Receipt:
    return Receipt(key=key, external_id=external_id, delivery=delivery, reason=reason)


async def test_a_known_key_is_not_queued_again(database: Database) -> None:
    ana = await citizen(database)
    await enqueue(database, queued("k", ana, number=NUMBER), queued("k", ana, number=NUMBER))
    await enqueue(database, queued("k", ana, number=NUMBER))
    await enqueue(database)
    assert len(await rows(database)) == 1


async def test_a_departure_carries_what_to_send(database: Database) -> None:
    row = queued("k", await citizen(database))
    await enqueue(database, row)
    [departure] = await claim(database)
    assert (departure.outbound, departure.attempts, departure.queued_at) == (row.outbound, 1, NOON)


async def test_replies_go_before_bulk_notices_but_never_overtake_in_their_own_lane(database: Database) -> None:
    ana, bea, clara = [await citizen(database, contact) for contact in (ANA, BEA, CLARA)]
    await enqueue(database, queued("a-bulk", ana, bulk=True), queued("b-bulk", bea, bulk=True), queued("a-reply", ana))
    await enqueue(database, queued("c-reply", clara, to=CLARA))
    assert keys(await claim(database, limit=1)) == ["c-reply"]
    first = await claim(database)
    assert keys(first) == ["a-bulk", "b-bulk"]
    await send(database, first[0], "SM1")
    assert keys(await claim(database)) == ["a-reply"]


async def test_what_is_retried_stays_before_what_follows(database: Database, clock: StillClock) -> None:
    ana = await citizen(database)
    await enqueue(database, queued("k1", ana, number=NUMBER), queued("k2", ana))
    [departure] = await claim(database)
    later = clock.forward(60)
    async with database.work() as work:
        await work.outbox.retry(departure, later, "provider_down")
        await work.commit()
    assert await claim(database) == []
    assert (await rows(database))[0].reason == "provider_down"
    [again] = await claim(database, later)
    assert (again.outbound.key, again.attempts) == ("k1", 2)


async def test_sent_is_shown_with_its_ticket(database: Database) -> None:
    await one_sent(database)
    [row] = await rows(database)
    assert (row.key, row.number, row.version, row.delivery, row.text) == ("k", NUMBER, 1, Delivery.SENT, "text of k")
    assert await claim(database) == []


async def test_a_failed_one_is_not_sent_again(database: Database) -> None:
    await enqueue(database, queued("k", await citizen(database), number=NUMBER))
    [departure] = await claim(database)
    async with database.work() as work:
        await work.outbox.failed(departure, "not_a_number", NOON)
        await work.commit()
    [row] = await rows(database)
    assert (row.delivery, row.reason) == (Delivery.FAILED, "not_a_number")
    assert await claim(database) == []


async def test_who_lost_the_lease_cannot_finish_the_row(database: Database, clock: StillClock) -> None:
    await enqueue(database, queued("k", await citizen(database), number=NUMBER))
    [lost] = await claim(database)
    [held] = await claim(database, clock.forward(LEASE), "two")
    await send(database, lost, "SM1")
    async with database.work() as work:
        await work.outbox.failed(lost, "late", NOON)
        await work.outbox.retry(lost, NOON, "late")
        await work.commit()
    assert [(row.delivery, row.reason) for row in await rows(database)] == [(Delivery.SENDING, "")]
    await send(database, held, "SM2")
    assert [row.delivery for row in await rows(database)] == [Delivery.SENT]


async def test_a_receipt_is_found_by_our_key_or_by_the_providers_id(database: Database) -> None:
    await one_sent(database)
    assert await receive(database, receipt(Delivery.DELIVERED, key="k", external_id="SM1"))
    assert await receive(database, receipt(Delivery.READ))
    assert [row.delivery for row in await rows(database)] == [Delivery.READ]


async def test_a_receipt_for_nobody_is_told_so(database: Database) -> None:
    await one_sent(database)
    assert not await receive(database, receipt(Delivery.DELIVERED, external_id="SM9"))
    assert not await receive(database, receipt(Delivery.DELIVERED, key="other", external_id=""))
    assert not await receive(database, receipt(Delivery.DELIVERED, key="k"), channel="telegram")
    assert [row.delivery for row in await rows(database)] == [Delivery.SENT]


async def test_a_receipt_with_an_unknown_key_is_found_by_the_providers_id(database: Database) -> None:
    await one_sent(database)
    assert await receive(database, receipt(Delivery.DELIVERED, key="unknown"))


async def test_a_receipt_that_comes_before_the_answer_to_the_send_is_kept(database: Database) -> None:
    await enqueue(database, queued("k", await citizen(database), number=NUMBER))
    [departure] = await claim(database)
    assert await receive(database, receipt(Delivery.DELIVERED, key="k"))
    await send(database, departure, "SM1")
    assert [row.delivery for row in await rows(database)] == [Delivery.DELIVERED]


async def test_a_receipt_ends_a_send_whose_answer_was_lost(database: Database, clock: StillClock) -> None:
    await enqueue(database, queued("k", await citizen(database), number=NUMBER))
    [departure] = await claim(database)
    later = clock.forward(60)
    async with database.work() as work:
        await work.outbox.retry(departure, later, "uncertain")
        await work.commit()
    assert await receive(database, receipt(Delivery.SENT, key="k"))
    assert await claim(database, later) == []
    assert await receive(database, receipt(Delivery.DELIVERED))  # the receipt told us the provider's id
    assert [(row.delivery, row.reason) for row in await rows(database)] == [(Delivery.DELIVERED, "")]


async def test_a_failure_keeps_its_reason_until_delivery_proves_it_wrong(database: Database) -> None:
    await one_sent(database)
    await receive(database, receipt(Delivery.FAILED, reason="unreachable"))
    await receive(database, receipt(Delivery.SENT, reason="nothing"))
    assert [(row.delivery, row.reason) for row in await rows(database)] == [(Delivery.FAILED, "unreachable")]
    await receive(database, receipt(Delivery.DELIVERED))
    assert [(row.delivery, row.reason) for row in await rows(database)] == [(Delivery.DELIVERED, "")]


_receipts = st.lists(st.sampled_from(Delivery), min_size=1, max_size=6)
_orders = _receipts.flatmap(lambda receipts: st.permutations([*receipts, None]))
_numbers = count(1)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=_orders, by_key=st.booleans())
async def test_any_order_and_repetition_of_receipts_ends_in_the_same_delivery(
    database: Database, events: list[Delivery | None], by_key: bool
) -> None:
    """None is the answer to our send: receipts without our key find the row only after it."""
    ana, name = await citizen(database), f"k{next(_numbers)}"
    await enqueue(database, queued(name, ana, number=NUMBER))
    [departure] = await claim(database)
    for place, event in enumerate(events):
        if event is None:
            await send(database, departure, f"SM {name}")
            continue
        told = receipt(event, key=name if by_key else None, external_id=f"SM {name}")
        assert await receive(database, told) == (by_key or None in events[:place])
    meant = events if by_key else events[events.index(None) :]
    highest = max([Delivery.SENT, *filter(None, meant)], key=lambda delivery: delivery.rank)
    assert (await rows(database))[-1].delivery == highest


async def opt_out(database: Database, ana: int) -> int:
    async with database.work() as work:
        found = await work.citizens.get(ana)
        assert found
        await work.citizens.save(replace(found, opted_out=True))
        dropped = await work.outbox.drop_queued(ana, NOON)
        await work.outbox.enqueue([queued("stop:1", ana, number=NUMBER, kind=Kind.STOP)], NOON)
        await work.commit()
    return dropped


async def test_who_opts_out_gets_the_answer_to_that_and_nothing_more(database: Database) -> None:
    ana, bea = await citizen(database, ANA), await citizen(database, BEA)
    await enqueue(database, *(queued(f"k{n}", ana, number=NUMBER) for n in range(3)), queued("b", bea))
    [departure, _] = await claim(database)  # k0 is in the sender's hands already
    assert await opt_out(database, ana) == 2
    await enqueue(database, queued("k9", ana, number=NUMBER), queued("b9", bea))
    await send(database, departure, "SM1")
    found = [(row.key, row.delivery, row.reason) for row in await rows(database)]
    dropped = (Delivery.FAILED, "opted_out")
    assert found == [
        ("k0", Delivery.SENT, ""),
        ("k1", *dropped),
        ("k2", *dropped),
        ("stop:1", Delivery.QUEUED, ""),
    ]
    assert keys(await claim(database)) == ["stop:1"]


async def test_a_retry_that_waits_is_dropped_too(database: Database, clock: StillClock) -> None:
    ana = await citizen(database)
    await enqueue(database, queued("k", ana, number=NUMBER))
    [departure] = await claim(database)
    async with database.work() as work:
        await work.outbox.retry(departure, clock.forward(60), "provider_down")
        await work.commit()
    assert await opt_out(database, ana) == 1


async def test_a_restarted_process_frees_what_its_former_self_held(database: Database) -> None:
    await enqueue(database, queued("k", await citizen(database)))
    await claim(database, owner="one")
    async with database.work() as work:
        assert await work.outbox.release("two") == 0
        assert await work.outbox.release("one") == 1
        await work.commit()
    assert [departure.attempts for departure in await claim(database, owner="one")] == [2]


async def test_what_a_killed_process_may_have_sent_waits_for_its_receipt_before_it_is_repeated(
    database: Database, clock: StillClock
) -> None:
    await enqueue(database, queued("by sms", await citizen(database)))
    await enqueue(database, queued("by telegram", await citizen(database, CLARA), to=CLARA))
    await claim(database)
    receipts_by = clock.forward(30)
    async with database.work() as work:
        assert await work.outbox.release("one", {"sms": receipts_by}) == 2
        await work.commit()
    assert keys(await claim(database)) == ["by telegram"]
    assert await receive(database, receipt(Delivery.SENT, key="by sms"))
    assert "by sms" not in keys(await claim(database, now=receipts_by))


async def test_who_opts_out_in_the_very_answer_is_told_nothing_more_but_the_answer_to_stop(database: Database) -> None:
    """The answered row locks its citizen and remembers whether they opted out: that must not outlive a change."""
    await accept(database, inbound("1"))
    async with database.work() as work:
        [arrival] = await work.inbox.claim("one", NOON, 30, 10)
        assert await work.inbox.answered(arrival, NOON)
        await work.citizens.save(replace(arrival.citizen, opted_out=True))
        await work.outbox.enqueue(
            [queued("reply:1:0", arrival.citizen.id), queued("stop:1:0", arrival.citizen.id, kind=Kind.STOP)], NOON
        )
        await work.commit()
    async with database.work() as work:
        departures = await work.outbox.claim("one", NOON, 30, 10)
    assert [departure.outbound.key for departure in departures] == ["stop:1:0"]


async def test_whoever_writes_while_news_go_to_everybody_does_not_wait_for_the_others_news(database: Database) -> None:
    """Their answer stands behind their own news, which stands behind everybody else's."""
    crowd = [await citizen(database, Contact(channel="sms", address=f"+5255000001{n:02}")) for n in range(40)]
    await enqueue(database, *(queued(f"notice:{n}", one, bulk=True, number="7K3-9QX") for n, one in enumerate(crowd)))
    await enqueue(database, queued("reply", crowd[-1]), now=NOON + timedelta(seconds=1))
    sent, now = list[str](), NOON + timedelta(seconds=2)
    for _ in range(4):
        async with database.work() as work:
            for departure in await work.outbox.claim("one", now, 60, 4):
                await work.outbox.sent(departure, "", now)
                sent.append(departure.outbound.key)
            await work.commit()
    assert sent.index("notice:39") < sent.index("reply")


async def test_what_a_former_version_has_in_hand_is_not_hastened(database: Database) -> None:
    """Its claims leave `earliest` as it was."""
    await enqueue(database, queued("k", await citizen(database)))
    [departure] = await claim(database)
    async with database.work() as work:
        await work.outbox._tx.execute(update(outbox).values(earliest=NOON))  # type: ignore[attr-defined]  # no port does
        assert await work.outbox.hasten("sms") == 0
        await work.outbox.retry(departure, NOON + timedelta(hours=1), "network", earliest=NOON)
        assert await work.outbox.hasten("sms") == 1
        await work.commit()
    assert [again.id for again in await claim(database)] == [departure.id]
