"""A row sealed with a key that is lost is put aside, and what stands behind it goes on."""

from sqlalchemy import text

from channels.message import Delivery
from channels.reason import Reason
from store.database import Database
from tests.store.samples import ANA, BEA, NOON, accept, citizen, enqueue, inbound, queued

NOISE = b"sealed with a key that nobody has any more"


async def spoil(database: Database, statement: str) -> None:
    async with database.work() as work:
        await work._tx.execute(text(statement), {"noise": NOISE})
        await work.commit()


async def claimed(database: Database) -> list[str]:
    async with database.work() as work:
        arrivals = await work.inbox.claim("one", NOON, 30, 10)
        await work.commit()
    return sorted(arrival.inbound.external_id for arrival in arrivals)


async def test_a_message_that_cannot_be_opened_is_set_aside_for_a_clerk(database: Database) -> None:
    await accept(database, inbound("1"), inbound("2"), inbound("3", BEA))
    await spoil(database, "UPDATE inbox SET inbound = :noise WHERE id = 1")
    assert await claimed(database) == ["3"]
    assert await claimed(database) == ["2"]
    async with database.view() as view:
        [aside] = (await view.set_aside.page(0, 10)).rows
        page = await view.set_aside.page(0, 10)
    assert (aside.id, aside.reason, aside.text) == (1, "unreadable", "")
    assert page.total == 1


async def test_a_citizen_who_cannot_be_opened_blocks_nobody_else(database: Database) -> None:
    await accept(database, inbound("1"), inbound("2", BEA))
    await spoil(database, "UPDATE citizens SET address = :noise WHERE id = 1")
    assert await claimed(database) == ["2"]
    async with database.view() as view:
        [aside] = (await view.set_aside.page(0, 10)).rows
    assert aside.reason == "unreadable"


async def test_an_answer_that_cannot_be_opened_fails_and_the_next_one_goes(database: Database) -> None:
    ana = await citizen(database)
    await enqueue(database, queued("1", ana), queued("2", ana))
    await spoil(database, "UPDATE outbox SET outbound = :noise WHERE id = 1")
    async with database.work() as work:
        [departure] = await work.outbox.claim("one", NOON, 30, 10)
        await work.commit()
    assert (departure.outbound.key, departure.outbound.recipient) == ("2", ANA)
    async with database.view() as view:
        row = (await view._tx.execute(text("SELECT delivery, reason FROM outbox WHERE id = 1"))).one()
    assert tuple(row) == (Delivery.FAILED, Reason.UNREADABLE)
