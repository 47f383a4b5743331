"""SQLite, run in the event loop's own thread: a statement takes some 10 microseconds, handing it to another thread and
back ten times that. Only what waits for the disk, COMMIT, goes to a thread (`store/group.py`)."""

import asyncio
import sqlite3
from collections.abc import Callable, Collection, Sequence
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy import (
    URL,
    Connection,
    CursorResult,
    Dialect,
    Engine,
    Executable,
    FrozenResult,
    Result,
    create_engine,
    event,
)  # fmt: skip
from sqlalchemy.pool import NullPool

from bot.ports import StoreUnavailable
from store.session import Rows
from store.unavailable import reachable

T = TypeVar("T")
READERS = 4  # connections
_CACHE_KIB = 16_384  # of the writer: with a million tickets the inner pages of all indexes
_READERS_WAIT = 0.05  # s; in WAL mode a reader waits only while another process recovers the log
_SHORTEST, _LONGEST = 0.001, 0.02  # s between looks at a lock that another process holds


class File:
    """A database file, and how connections to it are opened."""

    def __init__(self, url: URL, *, durable: bool) -> None:
        self._writing = _engine(url, 0.0, f"synchronous={'FULL' if durable else 'OFF'}", f"cache_size=-{_CACHE_KIB}")
        self._reading = _engine(url, _READERS_WAIT, "query_only=ON")

    @property
    def dialect(self) -> Dialect:
        return self._writing.dialect

    def writer(self) -> "Handle":
        return Handle(self._writing.connect())

    def reader(self) -> "Handle":
        return Handle(self._reading.connect())


def _engine(url: URL, wait: float, *pragmas: str) -> Engine:
    engine = create_engine(
        url.set(drivername="sqlite+pysqlite"),
        hide_parameters=True,  # an error's text never shows what was to be stored
        poolclass=NullPool,
        connect_args={"isolation_level": None, "timeout": wait, "check_same_thread": False, "cached_statements": 256},
    )
    writes = [] if "query_only=ON" in pragmas else ["journal_mode=WAL", "foreign_keys=ON"]

    @event.listens_for(engine, "connect")
    def prepare(driver: sqlite3.Connection, _record: Any) -> None:
        for pragma in (*writes, *pragmas):
            driver.execute(f"PRAGMA {pragma}").fetchall()

    return engine


class Handle:
    """An open connection, as SQLAlchemy and as the driver sees it. Transactions on it are begun and ended by SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        driver: Any = connection.connection.driver_connection
        self._driver: sqlite3.Connection = driver

    @property
    def inside(self) -> bool:
        """In a transaction. SQLite ends one by itself when the disk is full or fails."""
        return self._driver.in_transaction

    def run(self, sql: str, arguments: Sequence[Any] = ()) -> list[Any]:
        return self._driver.execute(sql, arguments).fetchall()

    def execute(self, statement: Executable, rows: Rows) -> CursorResult[Any]:
        return self._connection.execute(statement, rows)

    def close(self) -> None:
        self._connection.close()


async def turn(place: asyncio.Semaphore, patience: float) -> None:
    """Take a place, waiting for it no longer than `patience`; raises StoreUnavailable. Who need not wait sets no clock,
    which costs more than the statement that follows."""
    if not place.locked():
        await place.acquire()
        return
    with reachable():
        async with asyncio.timeout(patience):
            await place.acquire()


async def patiently(attempt: Callable[[], T], patience: float) -> T:
    """Again and again while another process holds the file's lock, for `patience` seconds; raises StoreUnavailable."""
    end, pause = monotonic() + patience, _SHORTEST
    while True:
        try:
            with reachable():
                return attempt()
        except StoreUnavailable as error:
            if not _locked(error.__cause__) or monotonic() >= end:
                raise
        await asyncio.sleep(pause)
        pause = min(_LONGEST, pause * 2)


def _locked(error: BaseException | None) -> bool:
    source = getattr(error, "orig", None) or error
    return getattr(source, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


class Readers:
    """Keeps `store.session.Access`: transactions that only read, on connections of their own, so that they neither wait
    for writers nor see what is not committed."""

    def __init__(self, file: File, patience: float) -> None:
        self._file, self._patience = file, patience
        self._free: list[Handle] = []
        self._places = asyncio.Semaphore(READERS)

    @property
    def dialect(self) -> Dialect:
        return self._file.dialect

    async def begin(self) -> "Reading":
        await turn(self._places, self._patience)
        try:
            handle = self._free.pop() if self._free else await patiently(self._file.reader, self._patience)
            handle.run("BEGIN")
        except BaseException:
            self._places.release()
            raise
        return Reading(self, handle)

    def back(self, handle: Handle, error: BaseException | None) -> None:
        self._places.release()
        if isinstance(error, StoreUnavailable) or not handle.inside:
            handle.close()  # in whatever state it is; the next one will be new
            return
        handle.run("ROLLBACK")
        self._free.append(handle)

    async def close(self) -> None:
        while self._free:
            self._free.pop().close()


class Reading:
    """Keeps `store.session.Session`. What is filled in and fetched is short by nature and runs at once; any other query
    may be a long one, a count or a page of the desk, and goes to a thread, so that nobody else waits for it."""

    def __init__(self, readers: Readers, handle: Handle) -> None:
        self._readers, self._handle = readers, handle
        self._asked: asyncio.Future[Any] | None = None

    async def fetch(self, sql: str, arguments: Sequence[Any]) -> Sequence[Sequence[Any]]:
        return self._handle.run(sql, arguments)

    async def read(self, sql: str, arguments: Sequence[Any]) -> Sequence[Sequence[Any]]:
        return await self._beside(lambda: self._handle.run(sql, arguments))

    async def execute(self, statement: Executable, rows: Rows) -> Result[Any]:
        frozen: FrozenResult[Any] = await self._beside(lambda: self._handle.execute(statement, rows).freeze())
        return frozen()

    async def _beside(self, ask: Callable[[], T]) -> T:
        asked = self._asked = asyncio.get_running_loop().run_in_executor(None, ask)
        return await asyncio.shield(asked)

    async def still(self) -> None:
        """It is, from its first question on."""

    async def commit(self, filled: Collection[str]) -> None:
        """There is nothing to commit."""

    async def end(self, error: BaseException | None) -> None:
        if self._asked and not self._asked.done():  # whoever asked was cancelled
            await asyncio.wait({self._asked})
        self._readers.back(self._handle, error)
