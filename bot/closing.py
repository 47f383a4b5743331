"""Asks whether a resolved ticket is fixed, later, where something else was being talked about when it was resolved.

One citizen is asked one thing at a time, each resolution once: the closure's row and the dialogue are written with the
message, and the citizen is locked meanwhile. What was set open again, or resolved too long ago, is not asked about.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from bot.outgoing import compose
from bot.ports import Closure, Kind, Queued, Render, UnitOfWork
from bot.telling import FIXED, at_leisure, is_it_fixed, language_of, question_of
from handlers.say import Reply, Say, ServiceName, say
from handlers.turn import Citizen
from tickets.city import Cities
from tickets.model import Status, Ticket

EVERY = timedelta(minutes=1)
_BATCH = 50  # questions in one unit of work: others wait meanwhile


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """The scheduled job `closing`."""

    city: Cities
    render: Render

    async def step(self, work: UnitOfWork, now: datetime, after: int) -> int | None:
        """Ask the next citizens, those with an id above `after`."""
        before = now - self.city.now.talk.reopen
        due = await work.closures.due(now, after, _BATCH)
        await work.citizens.lock({closure.citizen for closure in due})  # all at once, and before what they answer
        if after == 0:
            await work.closures.expire(before)
        wanted = (closure for closure in due if closure.resolved_at >= before)
        for citizen, closures in groupby(wanted, lambda closure: closure.citizen):
            await self._ask(work, citizen, list(closures), now)
        return due[-1].citizen if len(due) == _BATCH else None

    async def _ask(self, work: UnitOfWork, id_: int, closures: Sequence[Closure], now: datetime) -> None:
        """The oldest of their tickets that is still resolved; at the next run, about the next one."""
        citizen, ticket = await work.citizens.get(id_), await _still_resolved(work, closures)
        if citizen is None or ticket is None or id_ not in await at_leisure(work, [citizen], ticket, now):
            return
        await work.closures.asked(ticket.number, id_, now)
        await work.dialogues.save(id_, is_it_fixed(ticket, now), now)
        await work.outbox.enqueue([self._question(ticket, citizen)], now)

    def _question(self, ticket: Ticket, citizen: Citizen) -> Queued:
        question = question_of(ticket)
        outbound = compose(
            question_later(ticket, citizen), citizen, language_of(citizen, ticket, self.city.now), self.render,
            key=f"fixed:{question}:{citizen.id}", question=question,
        )  # fmt: skip
        return Queued(outbound=outbound, citizen=citizen.id, kind=Kind.NOTICE, number=ticket.number, bulk=True)


async def _still_resolved(work: UnitOfWork, closures: Sequence[Closure]) -> Ticket | None:
    for closure in closures:
        ticket = await work.tickets.get(closure.number)
        if ticket and ticket.status is Status.RESOLVED:
            return ticket
        await work.closures.drop(closure.number)
    return None


def question_later(ticket: Ticket, citizen: Citizen) -> Reply:
    """The question by itself, which says what it is about. A neighbour who joined is not shown the reporter's words."""
    place = ticket.place if citizen.id == ticket.reporter else replace(ticket.place, words="")
    return say(Say.IS_IT_FIXED_LATER, *FIXED, number=ticket.number, service=ServiceName(ticket.service), place=place)
