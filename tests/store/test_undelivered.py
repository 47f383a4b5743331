"""The clerks' list of what reached nobody."""

from dataclasses import replace

from bot.ports import Failure, Kind
from channels.message import Delivery, Receipt
from store.database import Database
from tests.store.samples import BEA, NOON, StillClock, citizen, enqueue, queued

NUMBER = "7K3-9QX"


async def listed(database: Database, offset: int = 0, limit: int = 50) -> list[Failure]:
    async with database.view() as view:
        return list((await view.undelivered.page(offset, limit)).rows)


async def fail(
    database: Database, *keys: str, reason: str = "unreachable", number: str | None = NUMBER, kind: Kind = Kind.REPLY
) -> int:
    """Messages of one citizen that failed, oldest first; the citizen."""
    ana = await citizen(database)
    for key in keys:
        await enqueue(database, queued(key, ana, number=number, kind=kind))
        async with database.work() as work:
            [departure] = await work.outbox.claim("one", NOON, 60, 10)
            await work.outbox.failed(departure, reason, NOON)
            await work.commit()
    return ana


async def act(database: Database, name: str, id: int) -> bool:  # noqa: A002
    async with database.work() as work:
        done = await (work.undelivered.again if name == "again" else work.undelivered.settle)(id, NOON)
        await work.commit()
    return done


async def test_failures_are_listed_newest_first_and_paged(database: Database) -> None:
    await fail(database, "a")
    await fail(database, "b", kind=Kind.NOTICE)
    await fail(database, "c")
    async with database.view() as view:
        page = await view.undelivered.page(0, 2)
    assert [(f.kind, f.number, f.reason, f.text) for f in page.rows] == [
        (Kind.REPLY, NUMBER, "unreachable", "text of c"),
        (Kind.NOTICE, NUMBER, "unreachable", "text of b"),
    ]
    assert page.total == 3
    assert [f.text for f in await listed(database, offset=2)] == ["text of a"]


async def test_what_arrives_after_all_leaves_the_list(database: Database) -> None:
    await fail(database, "k")
    async with database.work() as work:
        await work.outbox.receipt("sms", Receipt(key="k", external_id="", delivery=Delivery.DELIVERED), NOON)
        await work.commit()
    assert await listed(database) == []


async def test_an_answer_that_a_stop_overtook_is_no_clerks_business_but_news_of_a_report_are(
    database: Database,
) -> None:
    await fail(database, "reply:1:0", reason="opted_out", number=None)
    await fail(database, "notice:7K3-9QX/2:1", reason="opted_out")
    assert [f.text for f in await listed(database)] == ["text of notice:7K3-9QX/2:1"]


async def test_sending_again_queues_a_new_message_and_settles_the_old(database: Database) -> None:
    await fail(database, "k+5", kind=Kind.NOTICE)
    [first] = await listed(database)
    assert await act(database, "again", first.id)
    assert not await act(database, "again", first.id)
    assert await listed(database) == []
    async with database.work() as work:
        [departure] = await work.outbox.claim("one", NOON, 60, 10)
        await work.outbox.failed(departure, "unreachable", NOON)
        await work.commit()
    assert (departure.kind, departure.outbound.text) == (Kind.NOTICE, "text of k+5")
    [second] = await listed(database)
    assert await act(database, "again", second.id)
    async with database.view() as view:
        keys = [row.key for row in await view.outbox.of_ticket(NUMBER)]
    assert keys == ["k+5", f"again/{first.id}", f"again/{second.id}"]


async def test_what_is_sent_again_goes_behind_what_waits(database: Database) -> None:
    ana = await fail(database, "old")
    await enqueue(database, queued("new", ana))
    [failure] = await listed(database)
    await act(database, "again", failure.id)
    async with database.work() as work:
        [departure] = await work.outbox.claim("one", NOON, 60, 10)
    assert departure.outbound.key == "new"


async def test_nothing_is_sent_again_to_who_said_stop(database: Database) -> None:
    ana = await fail(database, "k")
    async with database.work() as work:
        found = await work.citizens.get(ana)
        assert found
        await work.citizens.save(replace(found, opted_out=True))
        await work.commit()
    [failure] = await listed(database)
    assert not await act(database, "again", failure.id)
    assert len(await listed(database)) == 1


async def test_what_a_clerk_settles_leaves_the_list_but_stays_failed(database: Database, clock: StillClock) -> None:
    await fail(database, "k")
    await citizen(database, BEA)
    [failure] = await listed(database)
    assert await act(database, "settle", failure.id)
    assert not await act(database, "settle", failure.id)
    assert not await act(database, "settle", 10**9)
    assert await listed(database) == []
    async with database.view() as view:
        [row] = await view.outbox.of_ticket(NUMBER)
    assert row.delivery == Delivery.FAILED
