"""Acts on many tickets: looked at, confirmed, undone. What they do is done by bot/desk/bulk_work.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from bot.desk.bulk_back import Undoing
from bot.desk.bulk_book import MOST, UNDOABLE, Book, Line, Order, State, before, read, written
from bot.desk.bulk_news import News
from bot.desk.bulk_shown import Preview, Showing
from bot.desk.bulk_step import Corrects, Stepping
from bot.desk.bulk_work import PREFIX, Working
from bot.desk.directing import Directing
from bot.notices import Desk
from bot.ports import NOBODY, Clerk, Clock, Render, Store, UnitOfWork
from bot.ports.links import Batch
from channels import Channel
from tickets.city import Cities
from tickets.rights import Right, may

_LOOKED_AT: Final = timedelta(days=1)  # what nobody confirmed is forgotten
_DONE: Final = timedelta(days=90)
_LAST: Final = 30  # of the list


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """All of it, as one value for the web and for who does the work."""

    store: Store
    clock: Clock
    showing: Showing
    working: Working

    async def look_at(self, numbers: Sequence[str], order: Order, by: Clerk) -> int:
        """Keep what is to be done to which tickets as they are now; nothing is done. The id of it."""
        now = self.clock.now()
        async with self.store.work() as work:
            found = [await work.tickets.get(number) for number in dict.fromkeys(numbers)]
            lines = [
                Line(number=one.number, version=one.version, before=before(one, order.what)) for one in found if one
            ]  # fmt: skip
            await work.batches.forget(now - _LOOKED_AT, now - _DONE)
            book = Book(order=order, lines=lines[:MOST])
            wanted = await work.batches.add(written(Batch(id=0, at=now, login=by.login, act="", steps=""), book))
            await work.commit()
        return wanted

    async def get(self, wanted: int) -> tuple[Batch, Book] | None:
        async with self.store.view() as view:
            batch = await view.batches.get(wanted)
        return (batch, read(batch)) if batch else None

    async def last(self) -> Sequence[tuple[Batch, Book]]:
        """The newest first."""
        async with self.store.view() as view:
            return [(batch, read(batch)) for batch in await view.batches.last(_LAST)]

    async def preview(self, book: Book, by: Clerk) -> Preview:
        async with self.store.view() as view:
            return await self.showing.preview(view, book, by, self.clock.now())

    async def confirm(self, wanted: int, by: Clerk) -> None:
        """Begin it, and do the first of it at once; confirmed twice it is done once. Only who looked at it can."""
        async with self.store.work() as work:
            batch = await work.batches.get(wanted, lock=True)
            book = read(batch) if batch else None
            if batch is None or book is None or batch.login != by.login or book.state is not State.SHOWN:
                return
            book.state = State.DOING
            begun = replace(batch, act=book.order.what.value, at=self.clock.now())
            await work.batches.keep(written(begun, book))
            await self._due(work, wanted)
            await work.commit()
        await self.working.go_on(wanted, parts=1)

    async def undo(self, wanted: int, by: Clerk) -> None:
        """Begin to undo it; undone twice it is undone once. Nothing happens where they may not, or no more."""
        async with self.store.work() as work:
            batch = await work.batches.get(wanted, lock=True)
            book = read(batch) if batch else None
            if batch is None or book is None or not self.undoable(batch, book, by):
                return
            if not await work.batches.undo(wanted, self.clock.now()):
                return
            book.state, book.undone_by = State.UNDOING, by.login
            await work.batches.keep(written(replace(batch, undone_at=self.clock.now()), book))
            await self._due(work, wanted)
            await work.commit()
        await self.working.go_on(wanted, parts=1)

    async def resume(self, wanted: int) -> None:
        """Go on with one that stands still; where somebody is at it, they go on alone."""
        async with self.store.work() as work:
            batch = await work.batches.get(wanted, lock=True)
            if batch is None or not batch.act:
                return
            await self._due(work, wanted)
            await work.commit()
        await self.working.go_on(wanted, parts=1)

    def undoable(self, batch: Batch, book: Book, by: Clerk) -> bool:
        """For a day, by whoever did it and by who directs others."""
        theirs = may(by.role, Right.DIRECT) or (by.login == batch.login and may(by.role, Right.WORK))
        young = self.clock.now() - batch.at < UNDOABLE
        return theirs and young and book.state is State.DONE and book.count("done") > 0

    async def _due(self, work: UnitOfWork, wanted: int) -> None:
        """Whoever looks next goes on, if we do not come to it."""
        now = self.clock.now()
        await work.leases.hold(f"{PREFIX}{wanted}", NOBODY, now, now)


def bulk_of(
    store: Store, clock: Clock, city: Cities, render: Render, desk: Desk, direct: Directing, correct: Corrects,
    channels: Mapping[str, Channel],
) -> Bulk:  # fmt: skip
    """`desk`, `direct` and `correct`: those by which clerks act on one ticket."""
    stepping = Stepping(city=city, desk=desk, direct=direct, correct=correct)
    undoing = Undoing(store=store, clock=clock, city=city, render=render, stepping=stepping)
    news = News(store=store, clock=clock, telling=desk.telling)
    working = Working(store=store, clock=clock, stepping=stepping, undoing=undoing, news=news)
    return Bulk(store=store, clock=clock, showing=Showing(stepping, channels), working=working)
