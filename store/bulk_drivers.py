"""How each database takes very many rows: COPY on PostgreSQL, one INSERT for all on SQLite."""

import sqlite3
from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import URL, Dialect, Table, create_engine
from sqlalchemy.pool import NullPool

from store.postgresql import Line, postgresql_engine
from store.tables import citizens, tickets, updates

_PATIENCE = 30.0  # s
_CACHE_KIB = 262_144  # of SQLite: numbers are random, so the whole index over them is written to all the time


class Driver(Protocol):
    """What the two databases do each in its own way."""

    @property
    def dialect(self) -> Dialect: ...

    async def ask(self, sql: str) -> list[Any]:
        """The first column of what is found."""
        ...

    async def reserve(self, count: int) -> Sequence[int]: ...

    async def insert(self, sheets: Sequence[tuple[Table, list[tuple[Any, ...]]]]) -> None:
        """All of it or nothing."""
        ...

    async def close(self) -> None: ...


class BySqlite:
    """The caller sees to it that no other process works with the file (`store.possession.sole`)."""

    def __init__(self, url: URL) -> None:
        self._engine = create_engine(url.set(drivername="sqlite+pysqlite"), poolclass=NullPool, hide_parameters=True)
        self._connection = self._engine.raw_connection()
        driver: Any = self._connection.driver_connection
        self._driver: sqlite3.Connection = driver
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", f"cache_size=-{_CACHE_KIB}"):
            self._driver.execute(f"PRAGMA {pragma}").fetchall()

    @property
    def dialect(self) -> Dialect:
        return self._engine.dialect

    async def ask(self, sql: str) -> list[Any]:
        return [row[0] for row in self._driver.execute(sql)]

    async def reserve(self, count: int) -> Sequence[int]:
        found = await self.ask(
            "SELECT max(id) FROM citizens UNION SELECT seq FROM sqlite_sequence WHERE name='citizens'"
        )
        first = max((last for last in found if last), default=0) + 1
        return range(first, first + count)

    async def insert(self, sheets: Sequence[tuple[Table, list[tuple[Any, ...]]]]) -> None:
        with self._driver:
            for table, rows in sheets:
                names, places = ", ".join(table.columns.keys()), ", ".join("?" * len(table.columns))
                self._driver.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({places})", rows)  # noqa: S608

    async def close(self) -> None:
        self._driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self._connection.close()


class ByPostgresql:
    """On a connection of its own; made by `open`."""

    def __init__(self, line: Line, dialect: Dialect) -> None:
        self._line, self._dialect = line, dialect

    @classmethod
    async def open(cls, url: URL) -> "ByPostgresql":
        engine = postgresql_engine(url, _PATIENCE, isolation_level="AUTOCOMMIT")
        line = await Line.open(engine)
        await line.driver.execute("SET synchronous_commit = off")
        return cls(line, engine.dialect)

    @property
    def dialect(self) -> Dialect:
        return self._dialect

    async def ask(self, sql: str) -> list[Any]:
        return [row[0] for row in await self._line.driver.fetch(sql)]

    async def reserve(self, count: int) -> Sequence[int]:
        ids = "SELECT nextval(pg_get_serial_sequence('citizens', 'id')) FROM generate_series(1, $1)"
        return [row[0] for row in await self._line.driver.fetch(ids, count)]

    async def insert(self, sheets: Sequence[tuple[Table, list[tuple[Any, ...]]]]) -> None:
        async with self._line.driver.transaction():
            for table, rows in sheets:
                await self._line.driver.copy_records_to_table(table.name, records=rows, columns=table.columns.keys())

    async def close(self) -> None:
        """Without fresh figures of what the tables hold the next question may be planned for empty ones."""
        for table in (citizens, tickets, updates):
            await self._line.driver.execute(f"ANALYZE {table.name}")
        await self._line.close()
