"""From the last release to this one: its data comes through every migration whole, and while versions change both work
with one database.

`release-0.1.0.vecino` is a copy of a database of version 0.1.0 (revision 0024): 120 invented tickets, sealed with the
tests' key. A new release puts its own beside it: `python -m bot demo`, then `python -m bot backup`.
"""

import ast
import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.ports import Query
from store import archive, restore
from store.archive import Archive
from store.backup import untold
from store.database import Database
from store.engine import parse_url
from store.kinds import packing
from store.migrate import OLDEST, NewerSchema, migrate, migrating, newest
from store.restore import _fill
from store.seal import Seal
from store.tables import metadata
from tests import postgres
from tests.bot.test_backup import _fresh
from tests.store.samples import NOON, SECRET, StillClock, accept, inbound

RELEASE = Path(__file__).parent / "release-0.1.0.vecino"
VERSIONS = Path(__file__).parents[2] / "store" / "migrations" / "versions"
HELD = {"outbox", "inbox", "closures"}  # of what waited
TAKES_AWAY = {"drop_table", "drop_column", "rename_table"}


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, tmp_path: Path, database_url: str) -> str:
    """A database without a table."""
    if database_url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'empty.db'}"
    cluster: postgres.Cluster = request.getfixturevalue("cluster")
    asyncio.run(_fresh(cluster.url("postgres")))
    return cluster.url("restored")


@pytest.fixture
def lasting_url(database_url: str) -> Iterator[str]:
    """A migrated one, afterwards as it was: PostgreSQL's is the same for all tests."""
    yield database_url
    asyncio.run(at(database_url, newest()))


async def rows(url: str, table: str, columns: dict[str, str]) -> list[list[Any]]:
    engine, pack = create_async_engine(parse_url(url)), packing(columns)
    async with engine.connect() as connection:
        found = await connection.execute(select(*(metadata.tables[table].c[name] for name in columns)))
        read = [pack(row) for row in found]
    await engine.dispose()
    return sorted(read, key=repr)


def written(release: Archive, table: str) -> list[list[Any]]:
    return sorted((row for chunk in release.rows(table) for row in chunk), key=repr)


async def test_every_row_of_the_last_release_comes_through_all_migrations(empty_url: str) -> None:
    with archive.opened(RELEASE) as release:
        assert release.manifest.revision == OLDEST < newest()
        await restore.load(empty_url, release, NOON)
        await restore.finish(empty_url)
        for name, part in release.manifest.tables.items():
            now = await rows(empty_url, name, dict(part.columns))
            before = written(release, name)
            if name == "cursors":
                now = [row for row in now if not str(row[0]).startswith("schema:")]
            assert len(now) == len(before), name
            assert name in HELD or now == before, name


async def test_this_version_works_with_what_the_last_one_left(empty_url: str) -> None:
    with archive.opened(RELEASE) as release:
        await restore.load(empty_url, release, NOON)
    await restore.finish(empty_url)
    await migrate(empty_url)
    store = await Database.open(empty_url, Seal(SECRET), clock=StillClock(), durable=False, checked=False)
    await store.check_keys()
    async with store.view() as view:
        found = await view.tickets.page(Query(open=None))
        assert found.total == 120
        assert all(one.description for one in found.rows)
        history = await view.tickets.history(found.rows[0].number)
        assert history
    assert await accept(store, inbound("new")) == 1
    await store.close()


async def test_what_the_last_version_writes_fits_into_a_database_of_this_one(database_url: str) -> None:
    """While versions change, a process of the last release still files, answers and sends: what came since must do
    without being named."""
    engine = migrating(database_url)
    with archive.opened(RELEASE) as release:
        async with engine.begin() as connection:
            await _fill(connection, release, untold)
        await engine.dispose()
        part = release.manifest.tables["tickets"]
        assert await rows(database_url, "tickets", dict(part.columns)) == written(release, "tickets")


def columns_of(connection: Connection, table: str) -> list[Any]:
    return list(inspect(connection).get_columns(table))


async def test_no_column_that_came_since_must_be_filled_by_who_does_not_know_it(database_url: str) -> None:
    engine = create_async_engine(parse_url(database_url))
    with archive.opened(RELEASE) as release:
        parts = release.manifest.tables
    async with engine.connect() as connection:
        for name, part in parts.items():
            own = await connection.run_sync(columns_of, name)
            came = [column for column in own if column["name"] not in part.columns]
            assert all(column["nullable"] or column["default"] is not None for column in came), (name, came)
    await engine.dispose()


async def test_an_older_version_goes_on_with_a_database_that_only_has_more(lasting_url: str) -> None:
    await at(lasting_url, "9999")
    await migrate(lasting_url)  # says nothing: whoever wrote 9999 says that OLDEST may work with it


async def test_an_older_version_refuses_a_database_that_is_too_new_for_it(lasting_url: str) -> None:
    await at(lasting_url, "9999", oldest=9999)
    with pytest.raises(NewerSchema, match="by a newer Vecino"):
        await migrate(lasting_url)


async def at(url: str, revision: str, *, oldest: int | None = None) -> None:
    engine = create_async_engine(parse_url(url))
    async with engine.begin() as connection:
        await connection.execute(text("DELETE FROM cursors WHERE name = 'schema:oldest'"))
        value = {"value": int(OLDEST) if oldest is None else oldest}
        await connection.execute(text("INSERT INTO cursors (name, value) VALUES ('schema:oldest', :value)"), value)
        await connection.execute(text("UPDATE alembic_version SET version_num = :at"), {"at": revision})
    await engine.dispose()


def migrations() -> list[Path]:
    return sorted(path for path in VERSIONS.glob("[0-9]*_*.py") if path.name[:4] > OLDEST)


@pytest.mark.parametrize("path", migrations(), ids=lambda path: path.stem)
def test_since_the_last_release_migrations_only_add(path: Path) -> None:
    """What an older process asks for stays where it is. To take something away, first release a version that does
    without it, then raise `store.migrate.OLDEST`."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    for call in calls:
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        given = {word.arg for word in call.keywords}
        assert name not in TAKES_AWAY, f"{path.name}, line {call.lineno}"
        assert name != "alter_column" or not given & {"new_column_name", "type_"}, f"{path.name}, line {call.lineno}"
