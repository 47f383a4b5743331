"""A copy of all that there is: the tables as of one instant into an archive, and the photos that they name into a
folder beside it, each once for all archives there. It runs beside everything else and holds up nobody."""

import errno
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, LargeBinary, Table, func, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from bot.ports import StoreUnavailable
from store import archive
from store.archive import Draft, Manifest, Part
from store.engine import parse_url
from store.kinds import columns_of, packing
from store.migrate import NewerSchema, newest
from store.postgresql import postgresql_engine
from store.seal import MARK
from store.tables import citizens, metadata
from store.unavailable import reachable

POOL: Final = "files"  # beside the archives
SAFE: Final = "before-restore"  # below them: what was there before another one was put back
DERIVED: Final = frozenset({"tallies"})  # kept by triggers, which count again whatever is written
_NAMED: Final = {"photos": "name", "cleared_photos": "name"}  # whose columns name files
_ROWS = 1_000  # of a chunk
_PATIENCE = 30.0  # s
_SPARE = 64 << 20  # bytes that stay free on the disk
_HEAD = 16  # bytes of a sealed file that are another's when it was sealed again
Told = Callable[[str, int], None]  # a table, and how many rows of all are done


class NoRoom(Exception):
    """The disk has no room for a copy; free some, let fewer copies be kept (--keep), or name another folder (--out)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is copied: the database, the folder of the photos, and the version of the program that does it."""

    url: str
    files: Path
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    path: Path
    manifest: Manifest


def untold(table: str, rows: int) -> None:
    """Where nobody waits for it."""


async def back_up(
    source: Source, folder: Path, now: datetime, told: Told = untold, *, photos: bool = True
) -> Copied:  # fmt: skip
    """A new archive in this folder, whole, or none; without `photos` only their names. Raises BadUrl, NewerSchema,
    NoRoom, OSError or StoreUnavailable."""
    path = _named(folder, now)
    with _room(), archive.drafted(path) as draft:
        manifest, names = await _tables(source, draft, now, folder, told)
        missing = copied(source.files, names, folder / POOL) if photos else ()
        manifest = _with_files(manifest, draft.names(names), len(names), len(missing))
        draft.finish(manifest)
    return Copied(path=path, manifest=manifest)


def copied(files: Path, names: Sequence[str], pool: Path) -> Sequence[str]:
    """Copy these photos where they are not yet, or were sealed with another key since; those that are nowhere. After
    the snapshot: a photo more than it knows of does no harm. Raises OSError."""
    return [name for name in names if not _copied(_kept(files, name), pool / name[:2] / name)]


def archives(folder: Path) -> Sequence[Path]:
    """Those in a folder, oldest first; raises OSError where it cannot be read."""
    return sorted(folder.glob(f"vecino-*{archive.ENDING}"))


def last_made(folder: Path) -> float | None:
    """When the newest one was finished, in seconds since 1970; None: there is none, or no look was possible."""
    try:
        return max((path.stat().st_mtime for path in archives(folder)), default=None)
    except OSError:
        return None


def prune(folder: Path, keep: int) -> int:
    """Keep the newest archives, and the photos that one of them names: what was erased goes with the last copy that
    held it, and of those made before something was put back none stays that is older than all others. How many archives
    are gone. Raises BadArchive, and then all photos are kept, or OSError."""
    made = archives(folder)
    old = [
        *made[:-keep],
        *(path for path in archives(folder / SAFE) if len(made) >= keep and path.name < made[-keep].name),
    ]
    for path in old:
        path.unlink()
    named: set[str] = set()
    for path in archives(folder):
        with archive.opened(path) as kept:
            named |= set(kept.files())
    for path in (folder / POOL).glob("??/*"):
        if path.name not in named:
            path.unlink(missing_ok=True)
    return len(old)


def found(files: Path, name: str) -> Path | None:
    """Where a photo lies in a folder of photos, or in a pool."""
    return next((path for path in _kept(files, name) if path.exists()), None)


def _with_files(manifest: Manifest, digest: str, files: int, missing: int) -> Manifest:
    return replace(manifest, sha256=digest, files=files, missing=missing)


def _named(folder: Path, now: datetime) -> Path:
    """Where the archive of this instant goes, in a folder that is there then."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"vecino-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}{archive.ENDING}"


def _bytes(path: Path) -> int:
    return path.stat().st_size


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise NoRoom(str(NoRoom.__doc__)) from None
        raise


async def _tables(
    source: Source, draft: Draft, now: datetime, folder: Path, told: Told
) -> tuple[Manifest, Sequence[str]]:
    """What the database holds at one instant, and the names of its photos."""
    engine = _engine(source.url)
    try:
        with reachable():
            async with engine.connect() as connection:
                await _still(connection)
                revision = await _revision(connection)
                size = await _size(connection, source.url)
                if shutil.disk_usage(folder).free < size + _SPARE:
                    raise NoRoom(str(NoRoom.__doc__))
                parts, names = await _parts(connection, draft, told)
                manifest = Manifest(
                    version=source.version, revision=revision, at=now, keys=await _keys(connection),
                    last=await _last(connection), tables=parts, bytes=size,
                )  # fmt: skip
    finally:
        await engine.dispose()
    return manifest, names


def _engine(url: str) -> AsyncEngine:
    parsed = parse_url(url)
    if parsed.get_backend_name() == "postgresql":
        return postgresql_engine(parsed, _PATIENCE, longest=None, isolation_level="REPEATABLE READ")
    if not Path(str(parsed.database)).exists():
        raise StoreUnavailable("There is no database there yet")
    return create_async_engine(parsed, hide_parameters=True, poolclass=NullPool)


async def _still(connection: AsyncConnection) -> None:
    """From now on all is seen as of one instant: on SQLite (in WAL mode) from a transaction's first question on."""
    if connection.dialect.name == "sqlite":
        await connection.exec_driver_sql("PRAGMA query_only=ON")
        await connection.exec_driver_sql("BEGIN")
    else:
        await connection.exec_driver_sql("SET TRANSACTION READ ONLY")


async def _revision(connection: AsyncConnection) -> str:
    if not await connection.run_sync(lambda sync: inspect(sync).has_table("alembic_version")):
        raise StoreUnavailable("There is no Vecino in this database yet")
    found_ = (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar_one()
    revision = str(found_)
    if revision > newest():
        raise NewerSchema(str(NewerSchema.__doc__))
    return revision


async def _size(connection: AsyncConnection, url: str) -> int:
    if connection.dialect.name == "sqlite":
        return _bytes(Path(str(parse_url(url).database)))
    return int((await connection.execute(text("SELECT pg_database_size(current_database())"))).scalar_one())


def _own(table: str, connection: Connection) -> list[str]:
    """Columns that it has in this database."""
    return [one["name"] for one in inspect(connection).get_columns(table)]


async def _parts(connection: AsyncConnection, draft: Draft, told: Told) -> tuple[dict[str, Part], list[str]]:
    parts, names, done = dict[str, Part](), set[str](), 0
    there = await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))
    for table in metadata.sorted_tables:
        if table.name in DERIVED or table.name not in there:
            continue
        columns = columns_of(table, await connection.run_sync(partial(_own, table.name)))
        with draft.table(table.name, columns) as sheet:
            pack, naming = packing(columns), _NAMED.get(table.name)
            wanted = select(*(table.c[name] for name in columns)).execution_options(yield_per=_ROWS)
            async for rows in (await connection.stream(wanted)).partitions():
                sheet.add([pack(row) for row in rows])
                names |= {getattr(row, naming) for row in rows} if naming else set()
                done += len(rows)
                told(table.name, done)
        parts[table.name] = sheet.part
    return parts, sorted(names - {None, ""})


async def _keys(connection: AsyncConnection) -> tuple[str, ...]:
    used = select(func.substr(citizens.c.address, 1, MARK, type_=LargeBinary)).distinct()
    return tuple(sorted(bytes(mark).hex() for mark in (await connection.execute(used)).scalars()))


async def _last(connection: AsyncConnection) -> dict[str, int]:
    """The highest id given out, by table: also of rows that are gone, for an id never comes twice."""
    if connection.dialect.name == "sqlite":
        rows = await connection.execute(text("SELECT name, seq FROM sqlite_sequence"))
        return {str(name): int(seq) for name, seq in rows if name in metadata.tables}
    last = {}
    for table in counted():
        name = await connection.scalar(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": table.name})
        if name:
            value: Any = await connection.scalar(text(f"SELECT last_value FROM {name}"))  # noqa: S608 - a name of ours
            last[table.name] = int(value)
    return last


def counted() -> list[Table]:
    """The tables whose ids are never given out twice."""
    return [table for table in metadata.sorted_tables if table.dialect_options["sqlite"]["autoincrement"]]


def _kept(files: Path, name: str) -> Iterator[Path]:
    """Where a photo may lie: it only moves from the first to the second."""
    yield files / "new" / name
    yield files / name[:2] / name


def _copied(places: Iterator[Path], to: Path) -> bool:
    """True where it is there afterwards."""
    for path in places:
        with suppress(FileNotFoundError):
            if not to.exists() or _head(path) != _head(to):
                _copy(path, to)
            return True
    return to.exists()


def _copy(path: Path, to: Path) -> None:
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = to.with_suffix(".draft")
    with path.open("rb") as source, draft.open("wb") as into:
        shutil.copyfileobj(source, into)
        into.flush()
        os.fsync(into.fileno())
    draft.chmod(0o600)
    draft.replace(to)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)
