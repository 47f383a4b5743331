"""STOP as a keyed hash of the contact."""

from channels.message import Contact
from store.database import Database
from store.seal import Seal
from tests.store.everything import everything
from tests.store.samples import ANA, BEA, NOON, SECRET, StillClock, accept, citizen, inbound


async def silence(database: Database, contact: Contact = ANA) -> None:
    async with database.work() as work:
        await work.silenced.add(contact, NOON)
        await work.silenced.add(contact, NOON)
        await work.commit()


async def test_who_is_silenced_is_so_when_they_are_met(database: Database) -> None:
    await silence(database)
    for contact, stopped in ((ANA, True), (BEA, False)):
        await citizen(database, contact)
        async with database.view() as view:
            found = await view.citizens.find(contact)
            assert found
            assert (found.opted_out, await view.silenced.has(contact)) == (stopped, stopped)


async def test_several_who_write_at_once_are_told_apart(database: Database) -> None:
    await silence(database, BEA)
    await accept(database, inbound("1", ANA), inbound("2", BEA))
    async with database.view() as view:
        ana, bea = await view.citizens.find(ANA), await view.citizens.find(BEA)
    assert ana
    assert bea
    assert (ana.opted_out, bea.opted_out) == (False, True)


async def test_start_ends_it(database: Database) -> None:
    await silence(database)
    async with database.work() as work:
        await work.silenced.remove(ANA)
        await work.commit()
    async with database.view() as view:
        assert not await view.silenced.has(ANA)


async def test_no_number_can_be_read_from_it(database: Database, database_url: str) -> None:
    await silence(database)
    assert ANA.address.encode() not in await everything(database_url)


async def test_it_holds_when_the_key_is_changed(database: Database, database_url: str, clock: StillClock) -> None:
    await silence(database)
    later = await Database.open(
        database_url, Seal(f"a-newer-key-for-the-tests-of-no-worth {SECRET}"), clock=clock, durable=False
    )
    await citizen(later)
    async with later.view() as view:
        found = await view.citizens.find(ANA)
    assert found
    assert found.opted_out
    await later.close()
