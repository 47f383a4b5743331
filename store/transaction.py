"""One open transaction, as the files of this folder use it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import Clock
from store.codec import Codec
from store.unavailable import reachable

Insert = postgresql.Insert | sqlite.Insert


class Transaction:
    """Runs statements; every error that means "try again later" leaves it as StoreUnavailable."""

    def __init__(self, connection: AsyncConnection, codec: Codec, clock: Clock) -> None:
        self.connection, self.codec, self.clock = connection, codec, clock
        self.filled: set[str] = set()  # queues that got rows; the commit rings for them

    async def execute(
        self, statement: Executable, rows: Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        with reachable():
            return await self.connection.execute(statement, rows)

    async def changed(self, statement: Executable) -> int:
        """Run it; how many rows it touched."""
        return (await self.execute(statement)).rowcount

    def insert(self, table: Table) -> Insert:
        """An INSERT that knows ON CONFLICT, in the database's own dialect."""
        return sqlite.insert(table) if self.connection.dialect.name == "sqlite" else postgresql.insert(table)
