"""Acts on many tickets are done here, some tickets at a time, each in a unit of work of its own.

Whoever does it holds its lease for a minute at a time; a process that is killed leaves the lease behind, and when that
is over another one goes on. The lease is also what remembers news that are held back: it is over when they are due.
That a ticket is done once rests on none of this, but on its version and its history.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_hex
from typing import Final

import structlog

from bot.desk.bulk_back import Undoing
from bot.desk.bulk_book import Book, Line, State, Why, joined, read, written
from bot.desk.bulk_news import News
from bot.desk.bulk_step import Left, Stepping
from bot.notices import undeterred
from bot.ports import NOBODY, Clerk, Clock, Stale, Store, StoreUnavailable, UnitOfWork
from bot.ports.links import Batch
from tickets.undoing import is_of, marked

PREFIX: Final = "batch:"
LOOK: Final = 5.0  # seconds between looks
PART: Final = 25  # tickets between two notes of how far it is
_LEASE: Final = timedelta(seconds=60)
_AT_ONCE: Final = 10  # of what a look finds
log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """The same in each process that works."""

    store: Store
    clock: Clock
    stepping: Stepping
    undoing: Undoing
    news: News

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK)

    async def look(self) -> None:
        """Go on with what was left in the middle, and tell the news that are due."""
        try:
            async with self.store.view() as view:
                names = await view.leases.over(PREFIX, self.clock.now(), _AT_ONCE)
            for name in names:
                await self.go_on(int(name.removeprefix(PREFIX)))
        except StoreUnavailable:
            pass  # the next look, of whichever process, goes on

    async def go_on(self, wanted: int, parts: int | None = None) -> None:
        """So many parts of it, or (None) all that can be done by now; nothing while somebody else does it."""
        name, owner = f"{PREFIX}{wanted}", token_hex(8)
        while await self._hold(name, owner) and await self._part(wanted):
            parts = None if parts is None else parts - 1
            if parts == 0:
                break
        await self._let_go(wanted, name, owner)

    async def _hold(self, name: str, owner: str) -> bool:
        now = self.clock.now()
        async with self.store.work() as work:
            held = await work.leases.hold(name, owner, now, now + _LEASE)
            await work.commit()
        return held

    async def _let_go(self, wanted: int, name: str, owner: str) -> None:
        """At once, or until its news are due."""
        now = self.clock.now()
        async with self.store.work() as work:
            batch = await work.batches.get(wanted, lock=True)
            book = read(batch) if batch else None
            due = now if book and book.state in _UNDER_WAY else book.news_at() if book else None
            await work.leases.give_up(name, owner)
            if due is not None:
                await work.leases.hold(name, NOBODY, now, due)
            await work.commit()

    async def _part(self, wanted: int) -> bool:
        """The next one; False when nothing is left to be done now."""
        async with self.store.view() as view:
            batch = await view.batches.get(wanted)
            book = read(batch) if batch else None
            by = await view.clerks.get(batch.login) if batch else None
        if batch is None or book is None:
            return False
        if book.state is State.DOING:
            open_ = [one for one in book.lines if not one.settled]
            await self._each(batch, book, open_[:PART], self._doing(batch, book, by))
        elif book.state is State.UNDOING:
            open_ = [one for one in book.lines if not one.settled_back]
            await self._each(batch, book, open_[:PART], self._back(batch, book))
        elif (due := book.news_at()) and due <= self.clock.now():
            await self._tell(batch, book)
        else:
            return False
        return True

    def _doing(self, batch: Batch, book: Book, by: Clerk | None) -> "_Act":
        async def act(line: Line) -> None:
            if by is None or by.ended_at is not None:
                line.left = Why.NOT_YOURS
                return
            await self._do(batch.id, book, by, line)

        return act

    def _back(self, batch: Batch, book: Book) -> "_Act":
        async def act(line: Line) -> None:
            try:
                await self.undoing(batch.id, book, line)
            except (StoreUnavailable, asyncio.CancelledError):
                raise
            except Exception as error:  # noqa: BLE001 - the others are undone all the same
                log.error("bulk_undo_failed", error=type(error).__name__)
                line.kept = Why.FAULT

        return act

    async def _each(self, batch: Batch, book: Book, lines: Sequence[Line], act: "_Act") -> None:
        for line in lines:
            await act(line)
        await self._keep(batch.id, book)

    async def _do(self, wanted: int, book: Book, by: Clerk, line: Line) -> None:
        try:
            await self._one(wanted, book, by, line)
        except Left as left:
            line.left = left.why
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - the others are done all the same
            log.error("bulk_act_failed", error=type(error).__name__)
            line.left = Why.FAULT

    async def _one(self, wanted: int, book: Book, by: Clerk, line: Line) -> None:
        try:
            await self._once(wanted, book, by, line)
        except Stale:  # beaten in the very moment: now its version tells
            await self._once(wanted, book, by, line)

    @undeterred
    async def _once(self, wanted: int, book: Book, by: Clerk, line: Line) -> None:
        """Raises Left or Stale."""
        async with self.store.work() as work:
            ticket, now = await work.tickets.get(line.number), self.clock.now()
            if ticket is None:
                raise Left(Why.GONE)
            if ticket.version != line.version:
                if not await _done_by(work, wanted, line):
                    raise Left(Why.CHANGED)
            else:
                stepped = await self.stepping.step(work, ticket, book.order, by, now)
                await work.tickets.change(stepped.ticket, marked(stepped.update, wanted))
                await self.stepping.beside(work, stepped.ticket, book.order)
                await work.commit()
        line.done = True

    async def _tell(self, batch: Batch, book: Book) -> None:
        """The news of all that stand; told before a kill is not told again."""
        for line in book.lines:
            if line.done and not line.undone:
                await self.news(batch.id, line)
        book.told = True
        await self._keep(batch.id, book)

    async def _keep(self, wanted: int, mine: Book) -> None:
        """How far it is, joined with what another process may have written meanwhile."""
        async with self.store.work() as work:
            batch = await work.batches.get(wanted, lock=True)
            if batch is None:
                return
            book = read(batch)
            joined(book, mine)
            book.told = book.told or mine.told
            self._end(book)
            await work.batches.keep(written(batch, book))
            await work.commit()

    def _end(self, book: Book) -> None:
        if book.state is State.DOING and all(line.settled for line in book.lines):
            book.state, book.finished_at = State.DONE, self.clock.now()
        if book.state is State.UNDOING and all(line.settled_back for line in book.lines):
            book.state = State.UNDONE


_Act = Callable[[Line], Awaitable[None]]
_UNDER_WAY: Final = (State.DOING, State.UNDOING)


async def _done_by(work: UnitOfWork, wanted: int, line: Line) -> bool:
    """Whether this act itself made its next version, before a kill."""
    history = await work.tickets.history(line.number)
    return any(one.version == line.version + 1 and is_of(one, wanted) for one in history)
