"""SQLite's units of work share commits: what that means for each of them when something goes wrong."""

import asyncio
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.ports import StoreUnavailable, UnitOfWork
from store.codec import Codec
from store.database import Database
from store.engine import parse_url
from store.group import Writer
from store.seal import Seal
from store.sqlite import File, Handle, Readers
from tests.store.samples import BEA, CLARA, StillClock, accept, inbound


class Disk(File):
    """Counts commits, and fails those that it is told to."""

    commits, broken = 0, False

    def writer(self) -> Handle:
        return Watched(super().writer(), self)


class Watched(Handle):
    def __init__(self, handle: Handle, disk: Disk) -> None:
        super().__init__(handle._connection)
        self._disk = disk

    def run(self, sql: str, arguments: Sequence[Any] = ()) -> list[Any]:
        if sql == "COMMIT":
            self._disk.commits += 1
            if self._disk.broken:
                raise broken_disk()
        return super().run(sql, arguments)


def broken_disk() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_IOERR, "SQLITE_IOERR"
    return error


@pytest.fixture
def disk(sqlite_template: Path, tmp_path: Path) -> Disk:
    path = tmp_path / "vecino.db"
    path.write_bytes(sqlite_template.read_bytes())
    return Disk(parse_url(f"sqlite:///{path}"), durable=False)


@pytest.fixture
async def store(disk: Disk, seal: Seal, clock: StillClock) -> Any:
    database = Database(Writer(disk, 2.0), Readers(disk, 2.0), Codec(seal), clock, checked=True, erasures=None)
    yield database
    await database.close()


async def kept(store: Database) -> list[str]:
    async with store.work() as work:
        arrivals = await work.inbox.claim("one", StillClock().now(), 30, 100)
    return sorted(arrival.inbound.external_id for arrival in arrivals)


async def test_units_that_come_together_share_a_commit(store: Database, disk: Disk) -> None:
    await accept(store, inbound("first"))
    before = disk.commits
    await asyncio.gather(*(accept(store, inbound(str(n))) for n in range(20)))
    assert disk.commits - before == 1


async def test_a_unit_alone_is_committed_at_once(store: Database, disk: Disk) -> None:
    for n in range(3):
        await accept(store, inbound(str(n)))
    assert disk.commits == 3


async def test_when_the_commit_fails_it_fails_for_all_and_nothing_is_there(store: Database, disk: Disk) -> None:
    await accept(store, inbound("before"))
    disk.broken = True
    done = await asyncio.gather(
        accept(store, inbound("1", BEA)), accept(store, inbound("2", CLARA)), return_exceptions=True
    )
    assert [type(one) for one in done] == [StoreUnavailable] * 2
    disk.broken = False
    assert await accept(store, inbound("1", BEA)) == 1
    assert await kept(store) == ["1", "before"]


async def test_a_unit_that_fails_takes_back_only_itself(store: Database) -> None:
    async def fails() -> None:
        async with store.work() as work:
            await work.inbox.accept([inbound("bad", BEA)])
            raise ZeroDivisionError

    done = await asyncio.gather(accept(store, inbound("1")), fails(), accept(store, inbound("2", CLARA)),
                                return_exceptions=True)  # fmt: skip
    assert [type(one) for one in done] == [int, ZeroDivisionError, int]
    assert await kept(store) == ["1", "2"]


async def test_a_unit_that_is_left_without_commit_takes_back_only_itself(store: Database) -> None:
    async def leaves() -> None:
        async with store.work() as work:
            await work.inbox.accept([inbound("bad", BEA)])

    await asyncio.gather(accept(store, inbound("1")), leaves(), accept(store, inbound("2", CLARA)))
    assert await kept(store) == ["1", "2"]


async def test_a_unit_cancelled_in_the_middle_lets_the_others_through(store: Database) -> None:
    inside = asyncio.Event()

    async def hangs() -> None:
        async with store.work() as work:
            await work.inbox.accept([inbound("bad", BEA)])
            inside.set()
            await asyncio.Event().wait()

    first = asyncio.create_task(accept(store, inbound("1")))
    hanging = asyncio.create_task(hangs())
    last = asyncio.create_task(accept(store, inbound("2", CLARA)))
    await inside.wait()
    hanging.cancel()
    assert list(await asyncio.gather(first, last)) == [1, 1]
    assert await kept(store) == ["1", "2"]


async def test_who_stops_waiting_for_the_commit_does_not_stop_it(store: Database) -> None:
    committing = asyncio.Event()

    async def impatient() -> None:
        async with store.work() as work:
            await work.inbox.accept([inbound("1")])
            committing.set()
            await work.commit()

    waiting, other = asyncio.create_task(impatient()), asyncio.create_task(accept(store, inbound("2", BEA)))
    await committing.wait()
    await asyncio.sleep(0)
    waiting.cancel()
    assert await other == 1
    assert await kept(store) == ["1", "2"]


async def test_when_sqlite_gives_the_transaction_up_all_of_it_is_unavailable(store: Database) -> None:
    """As it does by itself when the disk is full."""

    async def loses(work: UnitOfWork) -> None:
        await work.inbox.accept([inbound("2", BEA)])
        await work.citizens._tx.execute(text("ROLLBACK"))  # type: ignore[attr-defined]  # what SQLite does inside
        await work.inbox.accept([inbound("3", BEA)])

    async def second() -> None:
        async with store.work() as work:
            await loses(work)

    done = await asyncio.gather(accept(store, inbound("1")), second(), return_exceptions=True)
    assert [type(one) for one in done] == [StoreUnavailable] * 2
    assert await accept(store, inbound("1")) == 1
    assert await kept(store) == ["1"]


async def test_nothing_can_be_written_after_the_commit(database: Database) -> None:
    async with database.work() as work:
        await work.inbox.accept([inbound("1")])
        await work.commit()
        with pytest.raises(RuntimeError, match="committed"):
            await work.inbox.accept([inbound("2")])


async def test_a_unit_that_wrote_nothing_leaves_the_file_to_others(store: Database, tmp_path: Path) -> None:
    async with store.work():
        pass
    other = sqlite3.connect(tmp_path / "vecino.db", isolation_level=None, timeout=0)
    other.execute("BEGIN IMMEDIATE")
    other.execute("ROLLBACK")
    other.close()


async def test_a_view_sees_nothing_that_is_not_committed(store: Database) -> None:
    async with store.work() as work:
        await work.inbox.accept([inbound("1")])
        async with store.view() as view:
            assert await view.citizens.find(inbound("1").sender) is None
        await work.commit()
    async with store.view() as view:
        assert await view.citizens.find(inbound("1").sender)
