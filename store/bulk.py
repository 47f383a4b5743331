"""Very many citizens and tickets at once, for invented history.

Nobody's report rests on these rows, so a batch does not wait for the disk: one that a crash takes back is made again.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Dialect, Table

from channels.message import Contact
from store.bulk_drivers import ByPostgresql, BySqlite, Driver
from store.codec import Codec
from store.engine import parse_url
from store.seal import Seal
from store.tables import citizens, tickets, updates
from store.tickets import ticket_row, update_row
from store.types import Clear
from store.unavailable import reachable
from tickets.model import Ticket, Update

Case = tuple[Ticket, Sequence[Update]]  # the newest version, and its whole history
_Rows = Sequence[Mapping[str, Any]]
_WORDS = 4_096  # that are remembered as the driver wants them


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """A citizen to be: `id` from `Bulk.reserve`, the language they write in, and since when."""

    id: int
    contact: Contact
    language: str
    since: datetime


class Bulk:
    """Made by `opened`; raises StoreUnavailable."""

    def __init__(self, driver: Driver, seal: Seal) -> None:
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
        driver = BySqlite(parsed) if parsed.get_backend_name() == "sqlite" else await ByPostgresql.open(parsed)
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
