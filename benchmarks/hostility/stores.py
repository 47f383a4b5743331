"""The database of a bench: SQLite or a PostgreSQL of its own, what can happen to it, and what it holds at the end."""

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import create_async_engine

from channels.message import Inbound, Outbound
from store.codec import Codec
from store.engine import parse_url
from store.seal import Seal
from store.tables import inbox, outbox, tickets
from tests.postgres import Cluster, running


class Disturbed(Protocol):
    """A database to which something can happen."""

    url: str

    async def disturb(self, seconds: float) -> None:
        """Away for so long: PostgreSQL is stopped at once and started again, SQLite is locked by somebody else."""
        ...


class Sqlite:
    def __init__(self, folder: Path) -> None:
        self._path = folder / "vecino.db"
        self.url = f"sqlite:///{self._path}"

    async def disturb(self, seconds: float) -> None:
        locker = sqlite3.connect(self._path, isolation_level=None, timeout=60)
        try:
            locker.execute("BEGIN IMMEDIATE")
            await asyncio.sleep(seconds)
            locker.execute("ROLLBACK")
        finally:
            locker.close()


class Postgres:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster, self.url = cluster, cluster.url("postgres")
        self._lock = asyncio.Lock()

    async def disturb(self, seconds: float) -> None:
        async with self._lock:
            await asyncio.to_thread(self._cluster.stop)
            await asyncio.sleep(seconds)
            await asyncio.to_thread(self._cluster.start)


@contextmanager
def opened(kind: str, folder: Path) -> Iterator[Disturbed]:
    """Raises tests.postgres.Missing."""
    if kind == "sqlite":
        yield Sqlite(folder)
        return
    with running(fsync=True) as cluster:
        yield Postgres(cluster)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The rows at the end, with what was sealed in them opened."""

    inbox: Sequence[tuple[Row[Any], Inbound]]
    outbox: Sequence[tuple[Row[Any], Outbound]]
    tickets: Sequence[tuple[Row[Any], str]]  # with all words of the citizen


async def held(url: str, key: str) -> Held:
    codec = Codec(Seal(key))
    came, went, filed = await _rows(
        url, select(inbox).order_by(inbox.c.id), select(outbox).order_by(outbox.c.id), select(tickets)
    )
    return Held(
        inbox=[(row, codec.unpack(inbox.c.inbound, row.inbound, Inbound)) for row in came],
        outbox=[(row, codec.unpack(outbox.c.outbound, row.outbound, Outbound)) for row in went],
        tickets=[(row, _words(codec, row)) for row in filed],
    )


async def unfinished(url: str) -> int:
    """Rows that are still to be answered or sent."""
    found = await _rows(url, *(select(table.c.id).where(table.c.done_at.is_(None)) for table in (inbox, outbox)))
    return sum(map(len, found))


def _words(codec: Codec, row: Row[Any]) -> str:
    parts = (
        codec.unpack(column, getattr(row, column.name), str)
        for column in (tickets.c.description, tickets.c.place_words)
    )
    return " ".join(parts)


async def _rows(url: str, *queries: Select[Any]) -> list[Sequence[Row[Any]]]:
    engine = create_async_engine(parse_url(url))
    try:
        async with engine.connect() as connection:
            return [(await connection.execute(query)).all() for query in queries]
    finally:
        await engine.dispose()
