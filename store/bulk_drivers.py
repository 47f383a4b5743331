"""How each database takes very many rows: COPY on PostgreSQL, one INSERT for all on SQLite."""

import marshal
import sqlite3
from asyncio import sleep
from collections.abc import Callable, Sequence
from contextlib import suppress
from io import BytesIO
from typing import Any, Protocol

from sqlalchemy import URL, Table, create_engine
from sqlalchemy.pool import NullPool

from store.bare import clothing, stripping
from store.bulk_sheets import Sheet
from store.postgresql import Line, postgresql_engine

_PATIENCE = 30.0  # s
_CACHE_KIB = 262_144  # of SQLite: numbers are random, so the whole index over them is written to all the time
_THREADS = 2  # that help SQLite to sort an index
_SORTS_IN = "256MB"  # PostgreSQL's memory while it builds an index
_LONGEST = 3600.0  # s, that building an index may take
# What stands around the rows of a binary COPY: PostgreSQL's manual, "COPY", "Binary Format".
_HEAD, _END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"


Told = Callable[[int, int], None]  # so many steps are done, of so many


def untold(done: int, steps: int) -> None:
    """Where nobody waits for it."""


class Driver(Protocol):
    """What the two databases do each in its own way, in one transaction that has begun."""

    async def ask(self, sql: str) -> list[Any]:
        """The first column of what is found."""
        ...

    async def reserve(self, count: int) -> Sequence[int]: ...

    async def strip(self, tables: Sequence[Table]) -> None:
        """Do without the indexes and references of these tables until the commit."""
        ...

    async def insert(self, table: Table, names: Sequence[str], sheet: Sheet) -> None:
        """Rows with values in the order of these columns."""
        ...

    async def commit(self, told: Told) -> None:
        """`told` how much of it is done."""
        ...

    async def close(self) -> None:
        """Without a commit nothing was written."""
        ...


class BySqlite:
    """The caller sees to it that no other process works with the file (`store.possession.sole`). What takes long gives
    way (`_break`): nothing else here waits for anything, so Ctrl-C would be heard only when all is done."""

    def __init__(self, url: URL) -> None:
        self._engine = create_engine(url.set(drivername="sqlite+pysqlite"), poolclass=NullPool, hide_parameters=True)
        self._connection = self._engine.raw_connection()
        driver: Any = self._connection.driver_connection
        self._driver: sqlite3.Connection = driver
        self._driver.isolation_level = None  # the transaction begins and ends by our own words
        self._bare: Sequence[Table] = ()
        for pragma in ("synchronous=FULL", f"cache_size=-{_CACHE_KIB}", f"threads={_THREADS}"):
            self._driver.execute(f"PRAGMA {pragma}").fetchall()
        self._journal("DELETE")  # pages that are new need none there, and would be written twice with WAL
        self._driver.execute("BEGIN IMMEDIATE")

    async def ask(self, sql: str) -> list[Any]:
        return [row[0] for row in self._driver.execute(sql)]

    async def reserve(self, count: int) -> Sequence[int]:
        found = await self.ask(
            "SELECT max(id) FROM citizens UNION SELECT seq FROM sqlite_sequence WHERE name='citizens'"
        )
        first = max((last for last in found if last), default=0) + 1
        return range(first, first + count)

    async def strip(self, tables: Sequence[Table]) -> None:
        self._bare = tables
        for sql in stripping(tables, self._engine.dialect):
            self._driver.execute(sql)

    async def insert(self, table: Table, names: Sequence[str], sheet: Sheet) -> None:
        columns, places = ", ".join(names), ", ".join("?" * len(names))
        rows = marshal.loads(sheet)  # noqa: S302 - a process of our own has made it just now
        self._driver.executemany(f"INSERT INTO {table.name} ({columns}) VALUES ({places})", rows)  # noqa: S608
        await _break()

    async def commit(self, told: Told) -> None:
        steps = clothing(self._bare, self._engine.dialect)
        for done, sql in enumerate(steps):
            told(done, len(steps))
            self._driver.execute(sql)
            await _break()
        self._driver.execute("COMMIT")

    async def close(self) -> None:
        if self._driver.in_transaction:
            self._driver.execute("ROLLBACK")
        self._journal("WAL")
        self._driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self._connection.close()

    def _journal(self, mode: str) -> None:
        """Where nobody else has the file open at this moment; else it stays as it is, which is right too."""
        with suppress(sqlite3.OperationalError):
            self._driver.execute(f"PRAGMA journal_mode={mode}").fetchall()


async def _break() -> None:
    """Here a cancelled task ends."""
    await sleep(0)


class ByPostgresql:
    """On a connection of its own; made by `open`."""

    def __init__(self, line: Line) -> None:
        self._line, self._dialect = line, line.connection.dialect
        self._filled, self._bare = set[str](), list[Table]()

    @classmethod
    async def open(cls, url: URL) -> "ByPostgresql":
        line = await Line.open(postgresql_engine(url, _PATIENCE, isolation_level="AUTOCOMMIT"))
        await line.driver.execute(f"SET maintenance_work_mem = '{_SORTS_IN}'; BEGIN")
        return cls(line)

    async def ask(self, sql: str) -> list[Any]:
        return [row[0] for row in await self._line.driver.fetch(sql)]

    async def reserve(self, count: int) -> Sequence[int]:
        ids = "SELECT nextval(pg_get_serial_sequence('citizens', 'id')) FROM generate_series(1, $1)"
        return [row[0] for row in await self._line.driver.fetch(ids, count)]

    async def strip(self, tables: Sequence[Table]) -> None:
        self._bare = [*tables]
        for sql in stripping(tables, self._dialect):
            await self._line.driver.execute(sql)

    async def insert(self, table: Table, names: Sequence[str], sheet: Sheet) -> None:
        self._filled.add(table.name)
        source = BytesIO(_HEAD + sheet + _END)
        await self._line.driver.copy_to_table(table.name, source=source, columns=names, format="binary")

    async def commit(self, told: Told) -> None:
        """Without fresh figures of what the tables hold the next question may be planned for empty ones, and without
        VACUUM's map of the pages that all see the next counts would look at every row."""
        vacuum = [f"VACUUM (ANALYZE) {table}" for table in sorted(self._filled)]
        steps = [*clothing(self._bare, self._dialect), "COMMIT", *vacuum]
        for done, sql in enumerate(steps):
            told(done, len(steps))
            await self._line.driver.execute(sql, timeout=_LONGEST)

    async def close(self) -> None:
        await self._line.close()
