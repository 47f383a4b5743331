"""After `bot rotate` the old key can be taken out, and nothing is lost; while it runs, everybody else goes on."""

from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.commands.rotating import anew, old
from bot.ports.rotation import Part
from channels.message import Contact
from store.database import Database
from store.files import Files
from store.seal import Seal
from store.tables import citizens, metadata, outbox, tickets
from store.types import Sealed
from tests.store.samples import ANA, BEA, NOON, SECRET, StillClock, accept, enqueue, file, inbound, queued, ticket

NEW = "n" * 40
BOTH = f"{NEW},{SECRET}"


async def seeded(database: Database) -> None:
    async with database.work() as work:
        await work.citizens.lanes([ANA, BEA])
        await work.silenced.add(BEA, NOON)
        await work.commit()
    for number in ("7K3-9QX", "84G-7ZR"):
        await file(database, ticket(number, 1, description=f"hueco {number}"))
    await accept(database, inbound("a", ANA))
    await enqueue(database, queued("k", 1))


async def opened(url: str, secret: str, clock: StillClock) -> Database:
    return await Database.open(url, Seal(secret), clock=clock, durable=False)


async def marks(database: Database) -> set[bytes]:
    """With what the values of all sealed columns begin."""
    found = set()
    async with database.view() as view:
        for table in metadata.sorted_tables:
            for column in (c for c in table.c if isinstance(c.type, Sealed)):
                rows = (await view._tx.execute(select(column))).scalars()
                found |= {bytes(value[:4]) for value in rows if value is not None}
    return found


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "files", Seal(SECRET))


async def test_afterwards_the_old_key_is_not_needed(
    database: Database, database_url: str, clock: StillClock, tmp_path: Path, files: Files
) -> None:
    await seeded(database)
    name = await files.put(b"picture", "image/png")
    both = await opened(database_url, BOTH, clock)
    new_files = Files(tmp_path / "files", Seal(BOTH))
    before = await old(both, new_files)
    assert before["files"] == 1
    assert before["tickets.description"] == 2
    sealed, lost = await anew(both, new_files, batch=1)
    assert (sealed, lost) == (sum(before.values()), 0)
    assert await old(both, new_files) == {}
    assert await marks(both) == {Seal(NEW).newest}
    await both.close()
    alone = await opened(database_url, NEW, clock)
    await alone.check_keys()
    async with alone.view() as view:
        found = await view.tickets.get("7K3-9QX")
        ana, bea = await view.citizens.find(ANA), await view.citizens.find(BEA)
        assert await view.silenced.has(BEA) and not await view.silenced.has(ANA)
    assert found is not None
    assert found.description == "hueco 7K3-9QX"
    assert ana is not None and bea is not None and ana.contact == ANA
    assert await Files(tmp_path / "files", Seal(NEW)).get(name) == (b"picture", "image/png")
    await alone.close()


async def test_who_writes_afterwards_is_the_same_citizen(
    database: Database, database_url: str, clock: StillClock, files: Files
) -> None:
    await seeded(database)
    both = await opened(database_url, BOTH, clock)
    await anew(both, files)
    async with both.work() as work:
        assert await work.citizens.lanes([ANA, Contact(channel="sms", address="+15559999")]) == {
            ANA: 1,
            Contact(channel="sms", address="+15559999"): 3,
        }
    await both.close()


async def test_it_goes_on_where_it_was_stopped(database: Database, database_url: str, clock: StillClock) -> None:
    await seeded(database)
    both = await opened(database_url, BOTH, clock)
    async with both.work() as work:
        first = await work.rotation.step(Part(table="tickets"), 1)
        await work.commit()
    async with both.work() as work:
        again = await work.rotation.step(Part(table="tickets"), 10)
        await work.commit()
    assert (first.looked, again.looked) == (1, 1)
    assert first.next is not None and first.next.after == ("7K3-9QX",)
    await both.close()


async def test_what_was_not_committed_was_not_done(database: Database, database_url: str, clock: StillClock) -> None:
    await seeded(database)
    both = await opened(database_url, BOTH, clock)
    async with both.work() as work:
        await work.rotation.step(Part(table="citizens"), 10)
    async with both.view() as view:
        assert (await view.rotation.old())["citizens.address"] == 2
    await both.close()


async def test_a_row_that_changes_meanwhile_is_left_to_whoever_changed_it(
    database: Database, database_url: str, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await seeded(database)
    both = await opened(database_url, BOTH, clock)
    async with both.work() as work:
        rotation = work.rotation
        rows = await rotation._rows(tickets, (), 10)
        fresh = both._codec.pack(tickets.c.description, "changed")
        await work._tx.execute(update(tickets).where(tickets.c.number == "7K3-9QX").values(description=fresh))
        done = [await rotation._renew(tickets, row) for row in rows]
        await work.commit()
    assert [sealed > 0 for sealed, _ in done] == [False, True]
    async with both.view() as view:
        found = await view.tickets.get("7K3-9QX")
        assert found is not None and found.description == "changed"
    await both.close()


async def test_what_no_key_opens_is_counted_and_stays_as_it_is(
    database: Database, database_url: str, clock: StillClock, files: Files
) -> None:
    await seeded(database)
    async with database.work() as work:
        await work._tx.execute(update(outbox).values(outbound=b"xxxx" + b"y" * 40))
        await work.commit()
    both = await opened(database_url, BOTH, clock)
    _, lost = await anew(both, files)
    assert lost == 1
    assert await old(both, files) == {"outbox.outbound": 1}
    await both.close()


async def test_two_rows_of_one_person_stay_two(
    database: Database, database_url: str, clock: StillClock, files: Files
) -> None:
    """A process that had only the new key met somebody again: both rows open, and neither is lost."""
    await seeded(database)
    alone = await opened(database_url, NEW, clock)
    alone._checked = True
    async with alone.work() as work:
        await work.citizens.lanes([ANA])
        await work.commit()
    both = await opened(database_url, BOTH, clock)
    await anew(both, files)
    async with both.view() as view:
        assert len((await view._tx.execute(select(citizens.c.id))).all()) == 3
        found = await view.citizens.find(ANA)
    assert found is not None and found.id == 3
    await both.close()
    await alone.close()


async def test_a_photo_that_is_erased_while_it_is_written_anew_stays_erased(
    database: Database, database_url: str, clock: StillClock, tmp_path: Path, files: Files
) -> None:
    """Kept files that no photo names any more are removed once more."""
    name = await files.put(b"picture", "image/png")
    await files.keep(name)
    both = await opened(database_url, BOTH, clock)
    newer = Files(tmp_path / "files", Seal(BOTH))
    await anew(both, newer)
    with pytest.raises(KeyError):
        await newer.get(name)
    await both.close()
