"""A database that is locked, gone or full is StoreUnavailable, and works again as soon as it can."""

import asyncio
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.ports import StoreUnavailable
from store.database import Database
from store.engine import BadUrl, parse_url
from store.migrate import migrate
from store.seal import Seal
from tests.postgres import Cluster
from tests.store.samples import ANA, StillClock, accept, citizen, inbound

PATIENCE = 0.2


@pytest.fixture
def sqlite_path(sqlite_template: Path, tmp_path: Path) -> Path:
    path = tmp_path / "vecino.db"
    path.write_bytes(sqlite_template.read_bytes())
    return path


async def opened(url: str, clock: StillClock, seal: Seal) -> Database:
    return await Database.open(url, seal, clock=clock, patience=PATIENCE, durable=False)


async def test_a_locked_sqlite_is_unavailable_for_writing_only(
    sqlite_path: Path, clock: StillClock, seal: Seal
) -> None:
    database = await opened(f"sqlite:///{sqlite_path}", clock, seal)
    await citizen(database)
    other = sqlite3.connect(sqlite_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="SQLITE_BUSY"):
        await accept(database, inbound("1"))
    async with database.view() as view:
        assert await view.citizens.find(ANA)
    other.execute("ROLLBACK")
    other.close()
    assert await accept(database, inbound("1")) == 1
    await database.close()


async def test_a_writer_waits_its_turn_and_not_for_ever(sqlite_path: Path, clock: StillClock, seal: Seal) -> None:
    database = await opened(f"sqlite:///{sqlite_path}", clock, seal)
    async with database.work():
        with pytest.raises(StoreUnavailable, match="TimeoutError"):
            await accept(database, inbound("1"))
    assert await accept(database, inbound("1")) == 1
    await database.close()


@contextmanager
def full_disk(at: int) -> Iterator[None]:
    """No file of this process may grow beyond `at` bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (at, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_full_disk_writes_nothing_and_is_forgiven(sqlite_path: Path, clock: StillClock, seal: Seal) -> None:
    database = await opened(f"sqlite:///{sqlite_path}", clock, seal)
    await citizen(database)
    with full_disk(4096), pytest.raises(StoreUnavailable):
        await accept(database, inbound("1"), *(inbound(str(n), text="x" * 5000) for n in range(2, 20)))
    assert await accept(database, inbound("1")) == 1
    await database.close()


async def test_a_sqlite_that_cannot_be_opened_is_unavailable(tmp_path: Path, clock: StillClock, seal: Seal) -> None:
    (tmp_path / "vecino.db").write_bytes(b"this is no database" * 100)
    database = await opened(f"sqlite:///{tmp_path / 'vecino.db'}", clock, seal)
    with pytest.raises(StoreUnavailable):
        await accept(database, inbound("1"))
    with pytest.raises(StoreUnavailable):
        async with database.view() as view:
            await view.citizens.find(ANA)
    await database.close()


def test_a_new_sqlite_file_is_readable_by_nobody_else(tmp_path: Path) -> None:
    asyncio.run(migrate(f"sqlite:///{tmp_path / 'folder' / 'vecino.db'}"))
    assert (tmp_path / "folder" / "vecino.db").stat().st_mode & 0o077 == 0


async def test_a_postgresql_that_is_not_there_is_unavailable(tmp_path: Path, clock: StillClock, seal: Seal) -> None:
    url = f"postgresql://postgres@/postgres?host={tmp_path}"
    database = await opened(url, clock, seal)
    with pytest.raises(StoreUnavailable):
        await accept(database, inbound("1"))
    with pytest.raises(StoreUnavailable):
        await migrate(url)
    await database.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_restarted_postgresql_is_found_again(database: Database, cluster: Cluster) -> None:
    await citizen(database)
    cluster.stop()
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            await accept(database, inbound("1"))
    cluster.start()
    assert await accept(database, inbound("1")) == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_connection_cut_in_the_middle_leaves_nothing_and_the_next_one_works(
    database: Database, cluster: Cluster
) -> None:
    async with database.work() as one, database.work() as two:
        await one.inbox.accept([inbound("1")])
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        await two._tx.execute(text(cut))
        with pytest.raises(StoreUnavailable):
            await one.commit()
    assert await accept(database, inbound("1")) == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_statement_whose_table_was_migrated_under_it_is_prepared_anew(database: Database) -> None:
    async def all_cursors() -> None:
        async with database.work() as work:
            await (await work._tx.begin()).fetch("SELECT * FROM cursors", ())

    await all_cursors()
    async with database.work() as work:
        await work._tx.execute(text("ALTER TABLE cursors ALTER COLUMN value TYPE numeric"))
        await work.commit()
    with pytest.raises(StoreUnavailable, match="0A000"):
        await all_cursors()
    await all_cursors()


async def test_a_cancelled_unit_of_work_leaves_nothing_and_blocks_nobody(database: Database) -> None:
    started = asyncio.Event()

    async def hang() -> None:
        async with database.work() as work:
            await work.inbox.accept([inbound("1")])
            started.set()
            await asyncio.Event().wait()

    for _ in range(3):
        started.clear()
        hanging = asyncio.create_task(hang())
        await started.wait()
        hanging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hanging
    assert await accept(database, inbound("1")) == 1


async def test_units_of_work_cancelled_at_any_point_block_nobody(database: Database) -> None:
    for steps in range(40):
        task = asyncio.create_task(accept(database, inbound(f"cancelled {steps}")))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
    assert await accept(database, inbound("after")) == 1


async def test_a_view_cannot_write(database: Database) -> None:
    with pytest.raises(Exception, match=r"readonly|read-only|SQLITE_READONLY|25006"):
        async with database.view() as view:
            await view.cursors.set("telegram", 1)
            await view.commit()


async def test_an_error_of_ours_stays_what_it_is(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.work() as work:
            await work.inbox.accept([inbound("1")])
            raise ZeroDivisionError
    with pytest.raises(FileNotFoundError):
        async with database.work():
            raise FileNotFoundError
    assert await accept(database, inbound("1")) == 1


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite:///var/vecino.db", "sqlite+aiosqlite"),
        ("sqlite+aiosqlite:///var/vecino.db", "sqlite+aiosqlite"),
        ("postgresql://u:p@h/d", "postgresql+asyncpg"),
        ("postgres://u:p@h/d", "postgresql+asyncpg"),
        ("postgresql+psycopg://u:p@h/d", "postgresql+asyncpg"),
    ],
)
def test_the_driver_is_ours_to_choose(url: str, driver: str) -> None:
    assert parse_url(url).drivername == driver


@pytest.mark.parametrize(
    "url",
    [
        "",
        "vecino.db",
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://u:hush@h/d",
        "://hush",
        "postgresql://u:hush@h:port/d",
        "postgresql://u:hush@h/d?nonsense=1",
    ],
)
def test_a_bad_url_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(BadUrl, match="VECINO_DATABASE_URL") as refused:
        parse_url(url)
    assert "hush" not in str(refused.value)
