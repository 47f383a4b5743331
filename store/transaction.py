"""One open transaction, as the files of this folder use it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, Dialect, Executable, Result, Table

from bot.ports import Clock
from store.codec import Codec
from store.session import Access, Session
from store.statement import Insert, Ready, Statement, chunks, flat, maker
from store.unavailable import reachable


class Transaction:
    """Runs statements; every error that means "try again later" leaves it as StoreUnavailable. It begins with its first
    statement: many a view never asks anything."""

    def __init__(self, access: Access, codec: Codec, clock: Clock) -> None:
        self._access, self.codec, self.clock = access, codec, clock
        self._session: Session | None = None
        self.filled: set[str] = set()  # queues that got rows; the commit rings for them
        # Hashes of contacts that are nobody's from the commit on, by when that began: on somebody's word, or by a rule.
        self.erased: defaultdict[datetime, set[bytes]] = defaultdict(set)
        self.forgotten: defaultdict[datetime, set[bytes]] = defaultdict(set)
        self.silent: dict[int, bool] = {}  # citizens locked by this transaction, and whether they are to be left alone

    @property
    def dialect(self) -> Dialect:
        return self._access.dialect

    async def begin(self) -> Session:
        """The session; begun now, if it is not yet."""
        if self._session is None:
            self._session = await self._access.begin()
        return self._session

    async def still(self) -> None:
        """All that is asked from now on is seen as of one instant, if this is a view that has asked nothing else."""
        await (self._session or await self.begin()).still()

    async def run(self, statement: Statement, values: Mapping[str, Any], *shape: Any) -> list[Any]:
        """Fill in a statement of the hot path; what it returns, as named tuples."""
        session = self._session or await self.begin()
        ready = statement.ready(self._access.dialect, *shape)
        with reachable():
            return ready.rows(await session.fetch(ready.sql, ready.arguments(values)))

    async def read(self, statement: Executable) -> Sequence[Sequence[Any]]:
        """Very many rows, as plain sequences: SQLAlchemy's own row around each would cost as much again as finding it.
        Not for a statement with IN."""
        session, ready = self._session or await self.begin(), Ready(statement, self._access.dialect)
        with reachable():
            return ready.values(await session.read(ready.sql, ready.arguments({})))

    async def put(self, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
        """Insert many rows (`store.statement.many`); what it returns."""
        returned = []
        for some in chunks(rows):
            returned += await self.run(statement, flat(some), len(some))
        return returned

    async def execute(
        self, statement: Executable, rows: Sequence[Mapping[str, Any]] | Mapping[str, Any] | None = None
    ) -> Result[Any]:
        session = self._session or await self.begin()
        self.silent.clear()  # it may be what changes them
        with reachable():
            return await session.execute(statement, rows)

    async def changed(self, statement: Executable) -> int:
        """Run it; how many rows it touched."""
        result = await self.execute(statement)
        return result.rowcount if isinstance(result, CursorResult) else 0

    def insert(self, table: Table) -> Insert:
        """An INSERT that knows ON CONFLICT, in the database's own dialect."""
        return maker(self._access.dialect)(table)

    async def commit(self) -> None:
        if self._session:
            with reachable():
                await self._session.commit(self.filled)

    async def end(self, error: BaseException | None) -> None:
        if self._session:
            await self._session.end(error)
