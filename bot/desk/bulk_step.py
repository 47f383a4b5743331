"""What an act on many does to one of them: the very act that a clerk does to one ticket, or why it is left alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from bot.desk.bulk_book import Order, What, Why
from bot.desk.directing import Directing
from bot.desk.seeing import Refused, clerk
from bot.notices import Desk
from bot.ports import Clerk, Queued, UnitOfWork
from bot.telling import NoteTooLong
from handlers.turn import Citizen
from tickets import casework, rights
from tickets.city import Cities, Service
from tickets.model import Author, Field, Priority, Status, Ticket, Update
from tickets.undoing import standing
from tickets.workflow import CLOSED, NotAllowed

MOVES = (Status.TRIAGED, Status.IN_PROGRESS, Status.WAITING, Status.DECLINED, Status.RESOLVED)
_SAME = {
    What.ASSIGN: "assignee", What.MOVE: "status", What.PRIORITY: "priority", What.SERVICE: "service",
    What.DEPARTMENT: "department",
}  # fmt: skip


class Corrects(Protocol):
    """A clerk's word on what a report is about (bot/learning.py)."""

    async def corrected(
        self, work: UnitOfWork, ticket: Ticket, wanted: Service, login: str, now: datetime
    ) -> casework.Step: ...  # fmt: skip

    async def learn(self, work: UnitOfWork, ticket: Ticket) -> None: ...


class Stepped(NamedTuple):
    """A ticket after the act, what records it, and who would be sent what."""

    ticket: Ticket
    update: Update
    news: Sequence[tuple[Citizen, Queued]]


class Left(Exception):
    """This ticket is left alone; `why` says so."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepping:
    """Gives steps; nothing is written. `desk`, `direct` and `correct` are those of the single acts."""

    city: Cities
    desk: Desk
    direct: Directing
    correct: Corrects

    async def step(self, work: UnitOfWork, ticket: Ticket, order: Order, by: Clerk, now: datetime) -> Stepped:
        """Raises Left."""
        if why := _barred(ticket, order, by):
            raise Left(why)
        try:
            step = await self._step(work, ticket, order, by, now)
            news = await self.desk.telling.draft(work, *step)
        except NotAllowed as error:
            raise Left(Why.NO_MOVE) from error
        except Refused as error:
            raise Left(Why.NO_CLERK) from error
        except NoteTooLong as error:
            raise Left(Why.TOO_LONG) from error
        return Stepped(*step, news)

    async def beside(self, work: UnitOfWork, ticket: Ticket, order: Order) -> None:
        """What the single act does beside the ticket itself, in the same unit of work."""
        if order.what is What.SERVICE:
            await self.correct.learn(work, ticket)

    async def back(self, work: UnitOfWork, ticket: Ticket, order: Order) -> None:
        """The same when it is undone: the lesson is what an earlier correction taught, if there was one."""
        if order.what is not What.SERVICE:
            return
        await work.lessons.withdraw(ticket.number)
        earlier = standing(await work.tickets.history(ticket.number))
        if any(one.actor.author is Author.CLERK and one.change(Field.SERVICE) for one in earlier):
            await self.correct.learn(work, ticket)

    async def _step(self, work: UnitOfWork, ticket: Ticket, order: Order, by: Clerk, now: datetime) -> casework.Step:
        match order.what:
            case What.ASSIGN:
                return await self.direct.assigned(work, ticket, by, order.to or None, now)
            case What.MOVE:
                return self.desk.moved(ticket, Status(order.to), by.login, order.note, now)
            case What.PRIORITY:
                return await self.direct.ranked(work, ticket, by.login, Priority(order.to), order.note, now)
            case What.SERVICE:
                return await self._corrected(work, ticket, order, by, now)
            case What.DEPARTMENT:
                return casework.hand_over(ticket, order.to, actor=clerk(by.login), at=now, note=order.note)
            case What.NOTE:
                return self.desk.noted(ticket, by.login, order.note, now)

    async def _corrected(
        self, work: UnitOfWork, ticket: Ticket, order: Order, by: Clerk, now: datetime
    ) -> casework.Step:  # fmt: skip
        wanted = self.city.now.service(order.to)
        if wanted is None:
            raise Left(Why.SERVICE)
        return await self.correct.corrected(work, ticket, wanted, by.login, now)


def _barred(ticket: Ticket, order: Order, by: Clerk) -> Why | None:
    """What can be told from the ticket alone."""
    if not rights.may_work(by.role, by.department, ticket):
        return Why.NOT_YOURS
    name = _SAME.get(order.what)
    if name and (getattr(ticket, name) or "") == order.to:
        return Why.SAME
    if ticket.merged_into and order.what is not What.NOTE:
        return Why.MERGED
    if ticket.status in CLOSED and order.what not in (What.MOVE, What.NOTE):
        return Why.CLOSED
    closes = order.what is What.MOVE and Status(order.to) in CLOSED
    return Why.EMERGENCY if closes and ticket.priority is Priority.EMERGENCY else None
