"""Brings a database to the newest schema."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, event, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from store.engine import parse_url, private_file
from store.postgresql import postgresql_engine
from store.unavailable import reachable

if TYPE_CHECKING:
    from alembic.config import Config

_PATIENCE = 30.0  # s: another process may be migrating
_SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 7_083_515_422  # any number, the same in each process that migrates
OLDEST = "0024"  # the revision of the oldest Vecino that may still work with a database of the newest one
_OLDEST_HERE = "schema:oldest"  # the same of a database, in `cursors`: a newer Vecino has written it


class NewerSchema(Exception):
    """This database was brought to its form by a newer Vecino, and this one does not know what it holds. Start the
    newer one; to go back, restore the copy that was made before the update (docs/operations.md)."""


async def migrate(url: str) -> None:
    """In one transaction, one process at a time; harmless when nothing is to do, also where a newer Vecino has only
    added to it. Raises BadUrl, NewerSchema, StoreUnavailable."""
    engine = migrating(url)
    try:
        with reachable():
            async with engine.begin() as connection:
                await connection.run_sync(upgrade)
    finally:
        await engine.dispose()


async def revision(url: str) -> str | None:
    """What a database is at; None where it was never migrated. Raises BadUrl, StoreUnavailable."""
    if not await has_tables(url):
        return None
    engine = migrating(url)
    try:
        with reachable():
            async with engine.connect() as connection:
                return await connection.run_sync(_found)
    finally:
        await engine.dispose()


async def has_tables(url: str) -> bool:
    """Whether it was ever migrated; makes nothing. Raises BadUrl, StoreUnavailable."""
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite" and not _is_there(parsed):
        return False
    engine = migrating(url)
    try:
        with reachable():
            async with engine.connect() as connection:
                return bool(await connection.run_sync(lambda plain: inspect(plain).has_table("cursors")))
    finally:
        await engine.dispose()


def _is_there(url: URL) -> bool:
    return Path(str(url.database)).exists()


def migrating(url: str) -> AsyncEngine:
    """What a schema is changed with: one statement may take as long as it needs. Raises BadUrl."""
    parsed = parse_url(url)
    if parsed.get_backend_name() == "postgresql":
        return postgresql_engine(parsed, _PATIENCE, longest=None)  # of a million tickets a column takes minutes
    private_file(Path(str(parsed.database)))
    return _sqlite_engine(parsed)


def _sqlite_engine(url: URL) -> AsyncEngine:
    options = {"isolation_level": None, "timeout": _PATIENCE}  # we begin the transaction ourselves
    engine = create_async_engine(url, hide_parameters=True, poolclass=NullPool, connect_args=options)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(driver: Any, _record: Any) -> None:
        cursor = driver.cursor()
        # no foreign keys while tables are copied (https://www.sqlite.org/lang_altertable.html, section 7)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=OFF"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and then writes would fail at once when another one writes, timeout or not.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def upgrade(connection: Connection, to: str | None = None) -> None:
    """To the newest schema, or to this revision. Raises NewerSchema."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    found = _found(connection)
    if found == (to or newest()):
        return  # without Alembic, which takes its time and 9 MB
    if found is not None and found > newest():
        _bear(connection)
        return
    from alembic import command  # only now: a process listens first

    command.upgrade(alembic_config(connection), to or "head")
    if connection.dialect.name == "sqlite" and (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
        raise RuntimeError(f"The migration was taken back: table {lost[0]} has a row that refers to none of {lost[2]}")
    if to is None:
        connection.execute(text("DELETE FROM cursors WHERE name = :name"), {"name": _OLDEST_HERE})
        wanted = {"name": _OLDEST_HERE, "value": int(OLDEST)}
        connection.execute(text("INSERT INTO cursors (name, value) VALUES (:name, :value)"), wanted)


def _bear(connection: Connection) -> None:
    """A newer database, if it only has more than we know: while versions change, both work with it. Raises
    NewerSchema."""
    oldest = connection.scalar(text("SELECT value FROM cursors WHERE name = :name"), {"name": _OLDEST_HERE})
    if oldest is None or int(newest()) < oldest:
        raise NewerSchema(str(NewerSchema.__doc__))


def _found(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def newest() -> str:
    """The revision that a wholly migrated database is at: with its number each migration's file begins."""
    return max(path.name for path in (_SCRIPTS / "versions").glob("[0-9]*_*.py")).partition("_")[0]


def alembic_config(connection: Connection) -> "Config":
    """Alembic's settings, made here: it needs no file and finds its scripts wherever the package is installed."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
