"""Very many rows at once, for invented history: COPY on PostgreSQL, one INSERT for all on SQLite.

Nobody's report rests on these rows, so a batch does not wait for the disk: one that a crash takes back is made again.
"""

import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

from sqlalchemy import URL, Column, Dialect, Table, create_engine
from sqlalchemy.pool import NullPool

from channels.message import Contact
from store.codec import Codec
from store.engine import parse_url
from store.postgresql import Line, postgresql_engine
from store.seal import Seal
from store.tables import citizens, tickets, updates
from store.tickets import ticket_row, update_row
from store.types import Clear
from store.unavailable import reachable
from tickets.model import Ticket, Update

Case = tuple[Ticket, Sequence[Update]]  # the newest version, and its whole history
_Rows = Sequence[Mapping[str, Any]]
_PATIENCE = 30.0  # s
_WORDS = 4_096  # that are remembered as the driver wants them
_CACHE_KIB = 262_144  # of SQLite: numbers are random, so the whole index over them is written to all the time


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """A citizen to be: `id` from `Bulk.reserve`, the language they write in, and since when."""

    id: int
    contact: Contact
    language: str
    since: datetime


class _Driver(Protocol):
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


class Bulk:
    """Made by `opened`; raises StoreUnavailable."""

    def __init__(self, driver: _Driver, seal: Seal) -> None:
        self._driver, self._codec = driver, Codec(seal)
        self._sheets = {table: _Sheet(table, driver.dialect) for table in (citizens, tickets, updates)}

    async def numbers(self) -> set[str]:
        """The numbers of all tickets."""
        return set(await self._driver.ask("SELECT number FROM tickets"))

    async def reserve(self, count: int) -> Sequence[int]:
        """Ids for so many newcomers, which nobody else gets."""
        return await self._driver.reserve(count)

    async def add(self, newcomers: Sequence[Newcomer], cases: Sequence[Case]) -> None:
        """Citizens first: tickets name their reporters."""
        codec = self._codec
        made: dict[Table, _Rows] = {
            citizens: [self._citizen(one) for one in newcomers],
            tickets: [ticket_row(ticket, codec) for ticket, _ in cases],
            updates: [update_row(update, codec) for _, history in cases for update in history],
        }
        with reachable():
            await self._driver.insert([(table, self._sheets[table].filled(rows)) for table, rows in made.items()])

    def _citizen(self, one: Newcomer) -> Mapping[str, Any]:
        return {
            "id": one.id,
            "channel": one.contact.channel,
            "contact_hash": self._codec.seal.lookup("contact", one.contact.channel, one.contact.address),
            "address": self._codec.pack(citizens.c.address, one.contact.address),
            "language": one.language,
            "chosen": False,
            "opted_out": False,
            "refused": None,
            "welcomed": True,
            "since": one.since,
        }


@asynccontextmanager
async def opened(url: str, seal: Seal) -> AsyncIterator[Bulk]:
    """On a migrated database. Raises BadUrl or StoreUnavailable."""
    parsed = parse_url(url)
    with reachable():
        driver = _Sqlite(parsed) if parsed.get_backend_name() == "sqlite" else await _Postgresql.open(parsed)
    try:
        yield Bulk(driver, seal)
    finally:
        await driver.close()


class _Sheet:
    """Rows of one table as tuples, their values as the driver wants them; column by column, which is twice as fast."""

    def __init__(self, table: Table, dialect: Dialect) -> None:
        self._columns = [(column.name, _writer(column, dialect)) for column in table.columns]

    def filled(self, rows: _Rows) -> list[tuple[Any, ...]]:
        columns = ([row[name] for row in rows] for name, _ in self._columns)
        written = (
            map(write, column) if write else column for column, (_, write) in zip(columns, self._columns, strict=True)
        )
        return list(zip(*written, strict=True))


def _writer(column: Column[Any], dialect: Dialect) -> Any:
    """What makes a value the driver's. Clear words are few: services, streets, statuses."""
    write = column.type.dialect_impl(dialect).bind_processor(dialect)
    return lru_cache(maxsize=_WORDS)(write) if write and isinstance(column.type, Clear) else write


class _Sqlite:
    """The caller sees to it that no other process works with the file (`store.possession.sole`)."""

    def __init__(self, url: URL) -> None:
        self._engine = create_engine(url.set(drivername="sqlite+pysqlite"), poolclass=NullPool, hide_parameters=True)
        self._connection = self._engine.raw_connection()
        driver: Any = self._connection.driver_connection
        self._driver: sqlite3.Connection = driver
        for pragma in ("journal_mode=WAL", "synchronous=OFF", f"cache_size=-{_CACHE_KIB}"):
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


class _Postgresql:
    def __init__(self, line: Line, dialect: Dialect) -> None:
        self._line, self._dialect = line, dialect

    @classmethod
    async def open(cls, url: URL) -> "_Postgresql":
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
