"""Very many citizens and tickets at once, for invented history.

Nobody's report rests on these rows. All of them come in one transaction: until its end nobody sees any, and a crash
leaves nothing behind. Rows are made (`Sheets`) apart from where they are written (`Bulk`), so that other processes can.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import Boolean, Column, Dialect, Table

from channels.message import Contact
from store.bulk_drivers import ByPostgresql, BySqlite, Driver, Rows
from store.codec import Codec
from store.engine import parse_url
from store.seal import Seal
from store.tables import citizens, tickets, updates
from store.tickets import ticket_row, update_row
from store.types import Clear, Hash, Sealed, Time
from store.unavailable import reachable
from tickets.model import Ticket, Update

Case = tuple[Ticket, Sequence[Update]]  # the newest version, and its whole history
TABLES = (citizens, tickets, updates)  # citizens first: tickets name their reporters
_WORDS = 4_096  # that are remembered as the driver wants them
_AS_THEY_ARE = (Sealed, Hash, Boolean)  # every driver takes bytes and truth values


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """A citizen to be: `id` from `Bulk.reserve`, the language they write in, and since when."""

    id: int
    contact: Contact
    language: str
    since: datetime


class Sheets:
    """Makes rows as the database of this URL takes them; may be used in a process that is not connected to it."""

    def __init__(self, url: str, seal: Seal) -> None:
        """Raises BadUrl."""
        dialect = parse_url(url).get_dialect()()
        self._codec = Codec(seal)
        self._sheets = {table: Sheet(table.columns, dialect) for table in TABLES}

    def made(self, newcomers: Sequence[Newcomer], cases: Sequence[Case]) -> list[Rows]:
        """The rows of each of TABLES."""
        codec = self._codec
        made: Mapping[Table, Sequence[Mapping[str, Any]]] = {
            citizens: [self._citizen(one) for one in newcomers],
            tickets: [ticket_row(ticket, codec) for ticket, _ in cases],
            updates: [update_row(update, codec) for _, history in cases for update in history],
        }
        return [self._sheets[table].filled(made[table]) for table in TABLES]

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
            "thread": None,
            "consent": None,
        }


class Bulk:
    """Made by `opened`."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    async def numbers(self) -> set[str]:
        """The numbers of all tickets."""
        with reachable():
            return set(await self._driver.ask("SELECT number FROM tickets"))

    async def reserve(self, count: int) -> Sequence[int]:
        """Ids for so many newcomers, which nobody else gets."""
        with reachable():
            return await self._driver.reserve(count)

    async def add(self, made: Sequence[Rows]) -> None:
        """What `Sheets.made` gave."""
        with reachable():
            for table, rows in zip(TABLES, made, strict=True):
                await self._driver.insert(table, table.columns.keys(), rows)

    async def finish(self) -> None:
        """What was added is there from now on."""
        with reachable():
            await self._driver.commit()


@asynccontextmanager
async def opened(url: str, *, expected: int) -> AsyncIterator[Bulk]:
    """On a migrated database; what was added is there once this ends without an error. Where more tickets are
    `expected` than there are, indexes and references are taken away first and built anew at the end, which is quicker;
    until then PostgreSQL lets nobody else at the tables. Raises BadUrl or StoreUnavailable, as do Bulk's methods; what
    goes wrong between them is not the database's."""
    driver = await _driver(url)
    try:
        with reachable():
            [there] = await driver.ask("SELECT count(*) FROM tickets")
            if expected > there:
                await driver.strip(TABLES)
        bulk = Bulk(driver)
        yield bulk
        await bulk.finish()
    finally:
        with reachable():
            await driver.close()


async def _driver(url: str) -> Driver:
    parsed = parse_url(url)
    with reachable():
        return BySqlite(parsed) if parsed.get_backend_name() == "sqlite" else await ByPostgresql.open(parsed)


class Sheet:
    """Rows of some columns as tuples, their values as the driver wants them; column by column is twice as fast."""

    def __init__(self, columns: Iterable[Column[Any]], dialect: Dialect) -> None:
        self._columns = [(column.name, _writer(column, dialect)) for column in columns]

    def filled(self, rows: Sequence[Mapping[str, Any]]) -> Rows:
        columns = ([row[name] for row in rows] for name, _ in self._columns)
        written = (
            map(write, column) if write else column for column, (_, write) in zip(columns, self._columns, strict=True)
        )
        return list(zip(*written, strict=True))


def _writer(column: Column[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What makes a value the driver's. Clear words are few: services, streets, statuses."""
    if isinstance(column.type, _AS_THEY_ARE):
        return None
    if isinstance(column.type, Time):
        return partial(column.type.process_bind_param, dialect=dialect)
    write = column.type.dialect_impl(dialect).bind_processor(dialect)
    return lru_cache(maxsize=_WORDS)(write) if write and isinstance(column.type, Clear) else write
