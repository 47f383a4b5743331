"""Engines: how SQLite and PostgreSQL are opened, and how a transaction on each of them begins and ends."""

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.ports import StoreUnavailable
from store.unavailable import reachable

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}
_OPTIONS = frozenset({"host", "port", "ssl"})  # asyncpg's; any other would be a mistake that only connecting shows
_READERS = 4
_CONNECTIONS = 8


class BadUrl(Exception):
    """VECINO_DATABASE_URL must be `sqlite:///path/to/file` or `postgresql://user:password@host/database`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One way to open transactions. `gate` lets SQLite's writers queue in order, where the file's lock would let them
    spin; `patience` is how many seconds each wait lasts before StoreUnavailable."""

    engine: AsyncEngine
    gate: AbstractAsyncContextManager[Any]
    patience: float

    async def begin(self) -> AsyncConnection:
        """A connection in a transaction; every one must come back through `end`."""
        with reachable():
            async with asyncio.timeout(self.patience):
                await self.gate.__aenter__()
        connection = self.engine.connect()
        try:
            with reachable():
                await connection.start()
                await connection.begin()
        except BaseException as error:
            await self.end(connection, error)
            raise
        return connection

    async def end(self, connection: AsyncConnection, error: BaseException | None) -> None:
        """Roll back what was not committed. Shielded: a cancelled task leaves a connection that others can use."""
        try:
            with reachable():
                await asyncio.shield(_close(connection, error))
        finally:
            await self.gate.__aexit__(None, None, None)


async def _close(connection: AsyncConnection, error: BaseException | None) -> None:
    if connection.sync_connection is None:
        return  # it never started
    if isinstance(error, StoreUnavailable):
        await connection.invalidate()  # in whatever state it is; the next one will be new
    await connection.close()


def parse_url(text: str) -> URL:
    """The URL with the asynchronous driver in it; raises BadUrl, which never shows the password."""
    try:
        url = make_url(text)
        driver = _DRIVERS[url.get_backend_name()]
    except (ArgumentError, KeyError, ValueError):  # ValueError: a port that is no number
        raise BadUrl(str(BadUrl.__doc__)) from None
    if unknown := set(url.query) - _OPTIONS:
        raise BadUrl(
            f"VECINO_DATABASE_URL may have the options host, port and ssl, but not {', '.join(sorted(unknown))}"
        )
    if driver.startswith("sqlite") and url.database in (None, "", ":memory:"):
        raise BadUrl("VECINO_DATABASE_URL must name a file: the writer and the readers share it")
    return url.set(drivername=driver)


def open_access(url: URL, *, patience: float, durable: bool) -> tuple[Access, Access]:
    """How to write and how to read. Connects to nothing yet. `durable=False` is for tests: SQLite without fsync."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, patience, durable=durable)
    engine = postgresql_engine(url, patience, pool_size=_CONNECTIONS, max_overflow=0, pool_timeout=patience)
    reader = engine.execution_options(postgresql_readonly=True)  # the same pool
    free = nullcontext()
    return Access(engine=engine, gate=free, patience=patience), Access(engine=reader, gate=free, patience=patience)


def _sqlite(url: URL, patience: float, *, durable: bool) -> tuple[Access, Access]:
    """One connection that writes, some that read: in WAL mode neither waits for the other."""
    private_file(Path(str(url.database)))
    writer = sqlite_engine(url, patience, pool_size=1, durable=durable)
    reader = sqlite_engine(url, patience, pool_size=_READERS, writes=False)
    write = Access(engine=writer, gate=asyncio.Lock(), patience=patience)
    return write, Access(engine=reader, gate=nullcontext(), patience=patience)


def sqlite_engine(
    url: URL, patience: float, *, pool_size: int, writes: bool = True, durable: bool = True
) -> AsyncEngine:
    engine = create_async_engine(
        url,
        hide_parameters=True,  # an error's text never shows what was to be stored
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=patience,
        connect_args={"isolation_level": None, "timeout": patience},  # we begin transactions ourselves
    )
    pragmas = ["journal_mode=WAL", f"synchronous={'FULL' if durable else 'OFF'}", "foreign_keys=ON"]

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(driver: Any, _record: Any) -> None:
        cursor = driver.cursor()
        for pragma in pragmas if writes else ["query_only=ON"]:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and then writes would fail at once when another one writes, timeout or not.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def postgresql_engine(url: URL, patience: float, **pool: Any) -> AsyncEngine:
    settings = {
        "application_name": "vecino",
        "jit": "off",  # our statements are short: compiling them costs more than it saves
        "lock_timeout": f"{patience * 1000:.0f}",  # ms
        "idle_in_transaction_session_timeout": "60000",  # a process that hangs gives its locks back
    }
    arguments = {"timeout": patience, "command_timeout": 60, "server_settings": settings}
    return create_async_engine(url, hide_parameters=True, connect_args=arguments, **pool)


def private_file(path: Path) -> None:
    """Makes the file if it is missing, readable by nobody else; SQLite gives its side files the same rights.
    Raises StoreUnavailable."""
    with reachable():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
