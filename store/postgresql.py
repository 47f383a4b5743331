"""PostgreSQL: transactions begun and ended in our own words, because each round trip counts.

SQLAlchemy is told that the connection commits by itself, so that it adds nothing; BEGIN and COMMIT are sent here, and
what rings the other processes travels with the COMMIT.
"""

import asyncio
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import URL, CursorResult, Dialect, Executable
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from bot.ports import StoreUnavailable
from store.session import Rows
from store.unavailable import reachable
from store.wake import ring, rings

CONNECTIONS = 8
_COMMAND_TIMEOUT = 60.0  # s


def postgresql_engine(
    url: URL, patience: float, *, longest: float | None = _COMMAND_TIMEOUT, **more: Any
) -> AsyncEngine:  # fmt: skip
    """Every `connect()` opens a connection of its own; `longest` of one statement in seconds, None: however long."""
    settings = {
        "application_name": "vecino",
        "jit": "off",  # our statements are short: compiling them costs more than it saves
        "random_page_cost": "1.1",  # what is asked for lies in memory or on flash: an index is worth its way
        "lock_timeout": f"{patience * 1000:.0f}",  # ms
        "idle_in_transaction_session_timeout": "60000",  # a process that hangs gives its locks back
    }
    arguments = {"timeout": patience, "command_timeout": longest, "server_settings": settings}
    return create_async_engine(url, hide_parameters=True, poolclass=NullPool, connect_args=arguments, **more)


class Line:
    """An open connection, as SQLAlchemy sees it and as the driver does."""

    def __init__(self, connection: AsyncConnection, driver: Any) -> None:
        self.connection, self.driver = connection, driver

    @classmethod
    async def open(cls, engine: AsyncEngine) -> "Line":
        connection = engine.connect()
        await connection.start()
        return cls(connection, (await connection.get_raw_connection()).driver_connection)

    async def close(self) -> None:
        self.driver.terminate()  # in whatever state it is: the server takes back what is not committed
        with suppress(Exception):
            await self.connection.invalidate()
            await self.connection.close()


class Pool:
    """A number of connections, opened when they are needed, handed out newest first."""

    def __init__(self, url: URL, patience: float) -> None:
        self._engine = postgresql_engine(url, patience, isolation_level="AUTOCOMMIT")
        self.patience, self.dialect = patience, self._engine.dialect
        self._free: list[Line] = []
        self._places = asyncio.Semaphore(CONNECTIONS)

    async def take(self) -> Line:
        """Raises StoreUnavailable; what is taken must come back."""
        with reachable():
            async with asyncio.timeout(self.patience):
                await self._places.acquire()
        try:
            with reachable():
                return await self._line()
        except BaseException:
            self._places.release()
            raise

    async def back(self, line: Line, *, sound: bool) -> None:
        self._places.release()
        if sound and not line.driver.is_closed():
            self._free.append(line)
        else:
            await line.close()

    async def close(self) -> None:
        while self._free:
            await self._free.pop().connection.close()
        await self._engine.dispose()

    async def _line(self) -> Line:
        while self._free:
            line = self._free.pop()
            if not line.driver.is_closed():  # by the server, while nobody used it
                return line
            await line.close()
        return await Line.open(self._engine)


class Lines:
    """Keeps `store.session.Access`. Those who write and those who read share a pool."""

    def __init__(self, pool: Pool, *, reads: bool) -> None:
        self._pool, self._reads = pool, reads

    @property
    def dialect(self) -> Dialect:
        return self._pool.dialect

    async def begin(self) -> "Talk":
        talk = Talk(self._pool, await self._pool.take(), reads=self._reads)
        try:
            if not self._reads:
                await talk.inside()
        except BaseException as error:
            await talk.end(error)
            raise
        return talk

    async def close(self) -> None:
        await self._pool.close()


class Talk:
    """Keeps `store.session.Session`. One that reads puts a prepared question without BEGIN and ROLLBACK around it, two
    round trips less: at READ COMMITTED each statement has a snapshot of its own anyway."""

    def __init__(self, pool: Pool, line: Line, *, reads: bool) -> None:
        self._pool, self._line, self._open = pool, line, True
        self._reads, self._begun = reads, False

    async def inside(self) -> None:
        """From now on in a transaction, which in a view refuses to write."""
        if not self._begun:
            self._begun = True
            await self.send("BEGIN READ ONLY" if self._reads else "BEGIN")

    async def still(self) -> None:
        if self._reads and not self._begun:
            self._begun = True
            await self.send("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    async def send(self, sql: str) -> None:
        """Words without places, for which one round trip is enough."""
        with self._there():
            await self._line.driver.execute(sql)

    async def fetch(self, sql: str, arguments: Sequence[Any]) -> Sequence[Sequence[Any]]:
        self._check()
        if not sql.startswith("SELECT"):
            await self.inside()
        with self._there():
            rows: Sequence[Sequence[Any]] = await self._line.driver.fetch(sql, *arguments)
        return rows

    async def read(self, sql: str, arguments: Sequence[Any]) -> Sequence[Sequence[Any]]:
        return await self.fetch(sql, arguments)

    async def execute(self, statement: Executable, rows: Rows) -> CursorResult[Any]:
        self._check()
        await self.inside()
        with self._there():
            return await self._line.connection.execute(statement, rows)

    async def commit(self, filled: Collection[str]) -> None:
        self._check()
        if self._reads:
            return
        await self.send(";".join([*map(ring, rings(filled)), "COMMIT"]))
        self._open = False

    async def end(self, error: BaseException | None) -> None:
        """Shielded: a cancelled task leaves a connection that others can use."""
        await asyncio.shield(self._end(error))

    async def _end(self, error: BaseException | None) -> None:
        sound = not isinstance(error, StoreUnavailable)
        try:
            if self._open and self._begun and sound:
                await self.send("ROLLBACK")
        except Exception:  # noqa: BLE001 - whatever it is, this connection is not used again
            sound = False
        self._open = False
        await self._pool.back(self._line, sound=sound)

    @contextmanager
    def _there(self) -> Iterator[None]:
        """The driver has an error of its own, without a code, for a connection that is gone."""
        try:
            with reachable():
                yield
        except Exception as error:
            if self._line.driver.is_closed() and not isinstance(error, StoreUnavailable):
                raise StoreUnavailable("The connection to the database is lost; try again later") from error
            raise

    def _check(self) -> None:
        if not self._open:
            raise RuntimeError("This unit of work is committed; open another one")
