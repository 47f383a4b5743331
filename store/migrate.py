"""Brings a database to the newest schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import NullPool

from store.engine import parse_url, postgresql_engine, private_file, sqlite_engine
from store.unavailable import reachable

_PATIENCE = 30.0  # s: another process may be migrating
_LOCK = 7_083_515_422  # any number, the same in each process that migrates


async def migrate(url: str) -> None:
    """In one transaction, one process at a time; harmless when nothing is to do. Raises BadUrl, StoreUnavailable."""
    engine = _engine(url)
    try:
        with reachable():
            async with engine.begin() as connection:
                await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()


def _engine(url: str) -> AsyncEngine:
    parsed = parse_url(url)
    if parsed.get_backend_name() == "postgresql":
        return postgresql_engine(parsed, _PATIENCE, poolclass=NullPool)
    private_file(Path(str(parsed.database)))
    return sqlite_engine(parsed, _PATIENCE, pool_size=1)


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    command.upgrade(alembic_config(connection), "head")


def alembic_config(connection: Connection) -> Config:
    """Alembic's settings, made here: it needs no file and finds its scripts wherever the package is installed."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
