"""An act on many is undone, ticket by ticket: what nobody changed since is as it was before. Citizens hear of it only
where they had heard of the act."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.desk.bulk_book import Book, Line, Why, as_it_was
from bot.desk.bulk_news import told_of
from bot.desk.bulk_step import Stepping
from bot.desk.seeing import clerk
from bot.notices import undeterred
from bot.outgoing import compose
from bot.ports import Clock, Kind, Queued, Render, Sent, Stale, Store, UnitOfWork
from bot.telling import language_of
from channels.message import Delivery
from handlers.say import Say, ServiceName, say
from handlers.turn import Citizen
from tickets.city import Cities
from tickets.model import Event, Field, Status, Ticket, Update
from tickets.undoing import is_of, undone


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoing:
    store: Store
    clock: Clock
    city: Cities
    render: Render
    stepping: Stepping

    async def __call__(self, batch: int, book: Book, line: Line) -> None:
        try:
            await self._undo(batch, book, line)
        except Stale:
            line.kept = Why.CHANGED

    @undeterred
    async def _undo(self, batch: int, book: Book, line: Line) -> None:
        async with self.store.work() as work:
            await work.tickets.lock([line.number])
            ticket, now = await work.tickets.get(line.number), self.clock.now()
            if ticket is None:
                line.kept = Why.GONE
                return
            since = [one for one in await work.tickets.history(line.number) if one.version > line.version]
            if len(since) == 1 and is_of(since[0], batch):
                back, update = undone(
                    ticket, as_it_was(line, book.order.what), batch, actor=clerk(book.undone_by), at=now
                )  # fmt: skip
                await work.tickets.change(back, update)
                await self.stepping.back(work, back, book.order)
                await self._take_back(work, ticket, back, update, now)
                await work.commit()
            elif not _undone(since, batch):
                line.kept = Why.CHANGED
                return
        line.undone = True

    async def _take_back(
        self, work: UnitOfWork, ticket: Ticket, back: Ticket, update: Update, now: datetime
    ) -> None:  # fmt: skip
        """What its people were told, to those who were; and nobody is asked any more whether it is fixed."""
        told = await told_of(work, ticket.number, ticket.version)
        people = [one for one in await self.stepping.desk.telling.audience(work, back) if _heard(one, ticket, told)]
        await work.citizens.lock([one.id for one in people])
        await work.outbox.enqueue([self._row(back, update, one) for one in people], now)
        if ticket.status is Status.RESOLVED and update.old is Status.RESOLVED:
            await work.closures.drop(ticket.number)

    def _row(self, back: Ticket, update: Update, citizen: Citizen) -> Queued:
        city = self.city.now
        reply = say(
            Say.TAKEN_BACK, number=back.number, service=ServiceName(back.service), status=back.status
        )  # fmt: skip
        key = f"undone:{back.number}/{update.version}:{citizen.id}"
        outbound = compose(reply, citizen, language_of(citizen, back, city), self.render, key=key)
        return Queued(
            outbound=outbound, citizen=citizen.id, kind=Kind.NOTICE, number=back.number, version=update.version,
            bulk=True,
        )  # fmt: skip


def _heard(citizen: Citizen, ticket: Ticket, told: Sequence[Sent]) -> bool:
    """Whether the news were sent to them, or are just being sent; what failed may have been sent again since."""
    own = next((one for one in told if one.key == f"notice:{ticket.number}/{ticket.version}:{citizen.id}"), None)
    if own is None:
        return False
    again = any(one.key.startswith("again/") and one.delivery is not Delivery.FAILED for one in told)
    return own.delivery is not Delivery.FAILED or again


def _undone(since: Sequence[Update], batch: int) -> bool:
    """Whether it was undone before a kill."""
    if len(since) < 2:
        return False
    mark = since[1].change(Field.BATCH)
    return since[1].event is Event.UNDONE and mark is not None and mark.old == str(batch)
