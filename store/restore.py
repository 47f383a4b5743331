"""An archive put into a database, of either kind: in one transaction, so that it is there whole or not at all. An older
one is brought to the newest form on its way. Nothing of it is sent (`store/held.py`)."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import StoreUnavailable
from store import held
from store.archive import Archive, BadArchive
from store.atomic import sync_folder
from store.backup import Told, untold
from store.codec import Codec
from store.engine import parse_url
from store.erasures import Erased
from store.kinds import unpacking
from store.migrate import NewerSchema, has_tables, migrating, newest, revision, upgrade
from store.possession import InUse
from store.seal import ForeignKey, Seal
from store.tables import cursors, metadata, tickets
from store.unavailable import reachable

T = TypeVar("T")
_IN_USE = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'vecino'"
    " AND pid <> pg_backend_pid()"
)
_OURS = (  # functions that triggers of these tables call
    "SELECT DISTINCT p.oid::regprocedure::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    " JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND c.relname = ANY(string_to_array(:names, ','))"
)


class HalfRestored(Exception):
    """A restore of this database was broken off before its end. Run `python -m bot restore FILE --yes` once more, with
    the same file: until then nothing works with it."""


class Occupied(Exception):
    """This database holds something. With --yes it is replaced by the archive, after a copy of it was made."""


def fits(archive: Archive, seal: Seal) -> None:
    """Raises BadArchive, ForeignKey or NewerSchema where this program could not work with it."""
    manifest = archive.manifest
    if manifest.revision > newest():
        raise NewerSchema(f"The copy was made by Vecino {manifest.version}, which is newer than this one; install that")
    if not all(seal.knows(bytes.fromhex(mark)) for mark in manifest.keys):
        raise ForeignKey(str(ForeignKey.__doc__).replace("This database", "What is in this copy", 1))
    if unknown := set(manifest.tables) - set(metadata.tables):
        raise BadArchive(f"It has a table that no Vecino has: {min(unknown)}")


async def occupied(url: str) -> bool:
    """Whether something would be lost. Raises BadUrl, StoreUnavailable."""
    if not await has_tables(url):
        return False
    engine = migrating(url)
    try:
        with reachable():
            async with engine.connect() as connection:
                return await connection.run_sync(_holds)
    finally:
        await engine.dispose()


async def load(url: str, archive: Archive, now: datetime, told: Told = untold) -> int:
    """Replace all that is there; how many messages from us are held. From then on it is `unfinished`, until
    `finish`. Raises BadArchive, BadUrl, InUse, NewerSchema or StoreUnavailable, and then it is as it was."""
    if (await revision(url) or "") > newest():
        raise NewerSchema("The database is newer than this Vecino; make an empty one and restore into that")
    engine = migrating(url)
    try:
        with reachable():
            async with engine.begin() as connection:
                await connection.run_sync(_clear)
                await connection.run_sync(upgrade, archive.manifest.revision)
                await _fill(connection, archive, told)
                await connection.run_sync(upgrade)
                await connection.run_sync(held.move_on, dict(archive.manifest.last))
                await connection.run_sync(held.begin)
                return await connection.run_sync(held.hold, now)
    finally:
        await engine.dispose()


async def hold(url: str, now: datetime) -> int:
    """Once more: what was queued since `load`; how many. Raises StoreUnavailable."""
    return await _done(url, lambda connection: held.hold(connection, now))


async def held_now(url: str) -> int:
    """How many messages from us wait for a person's word. Raises StoreUnavailable."""
    return int(await _done(url, held.count))


async def whom(url: str, seal: Seal, erased: Sequence[Erased]) -> list[int]:
    """Raises StoreUnavailable."""
    return await _done(url, lambda connection: held.whom(connection, Codec(seal), erased))


async def finish(url: str) -> None:
    """It may be worked with. Raises StoreUnavailable."""
    await _done(url, held.end)


async def unfinished(url: str) -> bool:
    """Whether a restore was broken off. Raises BadUrl, StoreUnavailable."""
    return await has_tables(url) and await _done(url, _is_unfinished)


def put_in_place(made: str, url: str) -> None:
    """SQLite: the file that was filled becomes the database, at once or not at all. Both are closed. Raises OSError."""
    new, old = Path(str(parse_url(made).database)), Path(str(parse_url(url).database))
    with closing(sqlite3.connect(new)) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    for side in ("-wal", "-shm"):
        for path in (new, old):
            path.with_name(path.name + side).unlink(missing_ok=True)
    new.replace(old)
    sync_folder(old.parent)


def beside(url: str) -> str:
    """SQLite: where it is filled meanwhile; what an earlier try left there is gone."""
    parsed = parse_url(url)
    path = Path(f"{parsed.database}.restoring")
    for one in (path, *(path.with_name(path.name + side) for side in ("-wal", "-shm", ".lock"))):
        one.unlink(missing_ok=True)
    return f"sqlite:///{path}"


async def _done(url: str, what: Callable[[Connection], T]) -> T:
    engine = migrating(url)
    try:
        with reachable():
            async with engine.begin() as connection:
                return await connection.run_sync(what)
    finally:
        await engine.dispose()


def _holds(connection: Connection) -> bool:
    there = set(inspect(connection).get_table_names())
    asked = [one for one in ("tickets", "citizens", "clerks") if one in there]
    return any(connection.execute(select(text("1")).select_from(text(one)).limit(1)).first() for one in asked)


def _is_unfinished(connection: Connection) -> bool:
    wanted = select(cursors.c.value).where(cursors.c.name == held.UNFINISHED)
    return connection.execute(wanted).first() is not None


def _clear(connection: Connection) -> None:
    """PostgreSQL: none of our tables is there afterwards; others' stay. SQLite is filled beside what is there."""
    if connection.dialect.name != "postgresql":
        if inspect(connection).has_table(tickets.name):
            raise StoreUnavailable("What an earlier try left is still there")
        return
    if connection.execute(text(_IN_USE)).scalar_one():
        raise InUse("A Vecino works with this database. Stop all its processes first, then run it again")
    ours = sorted({*metadata.tables, "alembic_version"} & set(inspect(connection).get_table_names()))
    functions = list(connection.execute(text(_OURS), {"names": ",".join(ours)}).scalars())
    for name in ours:
        connection.exec_driver_sql(f"DROP TABLE {name} CASCADE")
    for name in functions:
        connection.exec_driver_sql(f"DROP FUNCTION {name}")


async def _fill(connection: AsyncConnection, archive: Archive, told: Told) -> None:
    """In an order in which whatever is named is there already."""
    done = 0
    for table in metadata.sorted_tables:
        part = archive.manifest.tables.get(table.name)
        if part is None:
            continue
        await connection.run_sync(_empty, table.name)
        names, change = list(part.columns), unpacking(part.columns, connection.dialect.name)
        chunks = ([change(row) for row in chunk] for chunk in archive.rows(table.name))
        async for count in _written(connection, table.name, names, chunks):
            done += count
            told(table.name, done)


def _empty(connection: Connection, name: str) -> None:
    """What migrations themselves have put there."""
    connection.exec_driver_sql(f"DELETE FROM {name}")  # noqa: S608 - a table of ours


async def _written(
    connection: AsyncConnection, table: str, names: list[str], chunks: Iterator[list[list[Any]]]
) -> AsyncIterator[int]:
    """How many rows, each time."""
    if connection.dialect.name == "postgresql":
        raw = await connection.get_raw_connection()
        driver: Any = raw.driver_connection
        for chunk in chunks:
            await driver.copy_records_to_table(table, records=chunk, columns=names)
            yield len(chunk)
        return
    quoted, places = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
    sql = f'INSERT INTO "{table}" ({quoted}) VALUES ({places})'  # noqa: S608 - names of ours
    for chunk in chunks:
        await connection.exec_driver_sql(sql, [tuple(row) for row in chunk])
        yield len(chunk)
