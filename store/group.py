"""SQLite's one writer. Units of work share commits, because each commit waits for the disk.

One transaction is open at a time. Units of work run in it one after the other, in the order in which they asked, each
in a savepoint of its own; one that fails takes back its savepoint and nothing else. A commit leaves its unit in the
group and waits for the group's COMMIT, which runs in a thread once those have had their turn who stood waiting before.
While it runs nobody touches the connection; whoever comes meanwhile forms the next group. `commit()` returns once the
COMMIT is durable; when it fails, or SQLite gives the transaction up, it is StoreUnavailable for the whole group.
"""

import asyncio
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import CursorResult, Dialect, Executable

from bot.ports import StoreUnavailable
from store.session import Rows
from store.sqlite import File, Handle, patiently, turn
from store.unavailable import reachable

Group = list["asyncio.Future[None]"]


class Writer:
    """Keeps `store.session.Access`. `patience` is how many seconds each wait lasts before StoreUnavailable."""

    def __init__(self, file: File, patience: float) -> None:
        self._file, self._patience = file, patience
        self._turn = asyncio.BoundedSemaphore(1)  # fair: first come, first served
        self._handle: Handle | None = None
        self._suspect = False  # the connection is in an unknown state and is closed as soon as no group needs it
        self._group: Group = []
        self._flushing: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, "commit")

    @property
    def dialect(self) -> Dialect:
        return self._file.dialect

    async def begin(self) -> "Unit":
        await turn(self._turn, self._patience)
        try:
            handle = await patiently(self._begun, self._patience)
        except BaseException as error:
            self._after(error)
            raise
        return Unit(self, handle)

    def _begun(self) -> Handle:
        """The connection, in the open transaction, at a new savepoint."""
        if self._handle is None:
            self._handle = self._file.writer()
        if not self._handle.inside:
            self._lose()
            self._handle.run("BEGIN IMMEDIATE")
        self._handle.run("SAVEPOINT unit")
        return self._handle

    def keep(self, handle: Handle) -> "asyncio.Future[None]":
        """End a unit by joining the group; the future is done when that is durable. Raises StoreUnavailable, and then
        the unit has still to be undone."""
        with reachable():
            handle.run("RELEASE unit")
        durable: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._group.append(durable)
        self._turn.release()
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.create_task(self._flush())
        return durable

    def undo(self, handle: Handle, error: BaseException | None) -> None:
        """End a unit by taking it back; those before it in the group stay."""
        try:
            with reachable():
                if handle.inside:
                    handle.run("ROLLBACK TO unit")
                    handle.run("RELEASE unit")
        except StoreUnavailable as trouble:
            self._lose()
            error = trouble
        self._after(error)

    def _after(self, error: BaseException | None) -> None:
        """The turn ends without a commit: nobody's transaction may stay open, it would lock other processes out."""
        self._suspect |= isinstance(error, StoreUnavailable)
        if self._handle and not self._handle.inside:
            self._lose()
        if not self._group:
            self._leave()
        self._turn.release()

    async def _flush(self) -> None:
        """Commit what the group has, after those who wait for their turn already: they join it."""
        async with self._turn:
            group, self._group = self._group, []
            if not group or self._handle is None:
                return
            try:
                loop = asyncio.get_running_loop()
                with reachable():
                    await loop.run_in_executor(self._thread, self._handle.run, "COMMIT")
            except BaseException as error:  # noqa: BLE001 - each of the group is told, also when this is cancelled
                if not isinstance(error, Exception):
                    self._thread.shutdown()  # the program ends: nobody touches the connection while it still commits
                self._suspect = True
                _fail(group, error)
            else:
                _succeed(group)
            self._leave()

    def _leave(self) -> None:
        """Outside any group: end a transaction that is still open, and drop a connection that is not to be trusted."""
        if self._handle is None:
            return
        try:
            with reachable():
                if self._handle.inside:
                    self._handle.run("ROLLBACK")
        except StoreUnavailable:
            self._suspect = True
        if self._suspect:
            self._handle.close()
            self._handle, self._suspect = None, False

    def _lose(self) -> None:
        """The transaction is gone, and with it all that was in the group."""
        group, self._group = self._group, []
        _fail(group, StoreUnavailable("SQLite gave up the transaction; try again later"))

    async def close(self) -> None:
        if self._flushing:
            await asyncio.wait({self._flushing})
        async with self._turn:
            if self._handle:
                self._suspect = True
                self._leave()
        self._thread.shutdown(wait=False)


def _succeed(group: Group) -> None:
    for durable in group:
        if not durable.done():  # cancelled: nobody waits any more
            durable.set_result(None)


def _fail(group: Group, error: BaseException) -> None:
    for durable in group:
        if not durable.done():
            durable.set_exception(StoreUnavailable(str(error)))


class Unit:
    """Keeps `store.session.Session`: a savepoint in the group's transaction."""

    def __init__(self, writer: Writer, handle: Handle) -> None:
        self._writer, self._handle, self._open = writer, handle, True

    async def fetch(self, sql: str, arguments: Sequence[Any]) -> Sequence[Sequence[Any]]:
        self._check()
        return self._handle.run(sql, arguments)

    async def read(self, sql: str, arguments: Sequence[Any]) -> Sequence[Sequence[Any]]:
        return await self.fetch(sql, arguments)

    async def execute(self, statement: Executable, rows: Rows) -> CursorResult[Any]:
        self._check()
        return self._handle.execute(statement, rows)

    async def still(self) -> None:
        """It is: nobody else writes meanwhile."""

    async def commit(self, filled: Collection[str]) -> None:  # noqa: ARG002 - the one process rings its own bell
        self._check()
        durable = self._writer.keep(self._handle)
        self._open = False
        await durable

    async def end(self, error: BaseException | None) -> None:
        if self._open:
            self._open = False
            self._writer.undo(self._handle, error)

    def _check(self) -> None:
        """A statement outside its savepoint would be committed by itself, or with somebody else's."""
        if not self._open:
            raise RuntimeError("This unit of work is committed; open another one")
        if not self._handle.inside:
            raise StoreUnavailable("SQLite gave up the transaction; try again later")
