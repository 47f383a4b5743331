"""Tickets that tell of the same thing go on as one, and are taken apart again; tickets that have to do with each other;
a part that becomes a ticket of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from bot.desk.seeing import Refusal, Refused, both, clerk, fresh_number
from bot.notices import seen, undeterred
from bot.outgoing import compose
from bot.ports import Clerk, Clock, Kind, Queued, Render, Store, UnitOfWork
from bot.ports.links import Relation
from bot.telling import language_of
from handlers.routes import led
from handlers.say import Reply, Say, ServiceName, say
from handlers.turn import Citizen
from tickets import casework
from tickets.calendar import due_at
from tickets.city import Cities, City, Service
from tickets.model import Place, Priority, Status, Ticket, Update
from tickets.promise import urgent_date
from tickets.workflow import CLOSED, NotAllowed, filed


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """Tickets are locked in the order of their numbers, and before citizens (`Cases.lock`)."""

    store: Store
    render: Render
    clock: Clock
    city: Cities
    random: Random

    @undeterred
    async def merge(self, *, number: str, version: int, by: Clerk, into: str, note: str) -> None:
        """Its reporter and all who joined it hear of the other one's news from now on, and are told so. Raises Unknown,
        Stale, Refused or NotAllowed."""
        now = self.clock.now()
        async with self.store.work() as work:
            ticket, other = await both(work, number, version, into, by)
            await _check(work, ticket, other)
            people = await _people(work, ticket)
            await work.citizens.lock([one.id for one in people])
            own = {other.reporter}
            arrived = await work.followers.bring(into, {one.id for one in people} - own, number, now)
            closed, joined = casework.merge(
                ticket, other, arrived=arrived, urgent_from=self.city.now.talk.urgent_from,
                due=urgent_date(other, self.city.now, now), actor=clerk(by.login), at=now, note=note,
            )  # fmt: skip
            for step in (closed, joined):
                await work.tickets.change(*step)
            news = say(
                Say.MERGED, number=number, other=into, service=ServiceName(other.service), status=other.status
            )  # fmt: skip
            await self._tell(work, people, news, *closed, now)
            await work.commit()

    @undeterred
    async def unmerge(self, *, number: str, version: int, by: Clerk) -> None:
        """Those who came to the other one by this one leave it, and are told. Raises Unknown, Stale, Refused or
        NotAllowed."""
        now = self.clock.now()
        async with self.store.work() as work:
            found = await seen(work, number, version)
            if found.merged_into is None:
                raise NotAllowed("taken apart where nothing was merged")
            ticket, other = await both(work, number, version, found.merged_into, by)
            people = await _people(work, ticket)
            await work.citizens.lock([one.id for one in people])
            gone = await work.followers.send_back(other.number, number)
            own, its = await work.tickets.history(number), await work.tickets.history(other.number)
            opened, parted = casework.unmerge(
                ticket, own, other, its, gone=gone, urgent_from=self.city.now.talk.urgent_from, actor=clerk(by.login),
                at=now,
            )  # fmt: skip
            for step in (opened, parted):
                await work.tickets.change(*step)
            await self._tell(work, people, say(Say.UNMERGED, number=number, other=other.number), *opened, now)
            await work.commit()

    @undeterred
    async def link(self, *, number: str, version: int, by: Clerk, other: str) -> None:
        """Raises Unknown, Stale or Refused."""
        now = self.clock.now()
        async with self.store.work() as work:
            one, two = await both(work, number, version, other, by)
            if not await work.links.add(number, other, Relation.RELATED, now, by.login):
                raise Refused(Refusal.LINKED)
            await work.tickets.change(*casework.link(one, other, actor=clerk(by.login), at=now))
            await work.tickets.change(*casework.link(two, number, actor=clerk(by.login), at=now))
            await work.commit()

    @undeterred
    async def unlink(self, *, number: str, version: int, by: Clerk, other: str) -> None:
        """Raises Unknown, Stale or Refused."""
        now = self.clock.now()
        async with self.store.work() as work:
            one, two = await both(work, number, version, other, by)
            if not await work.links.remove(number, other):
                raise Refused(Refusal.NO_SUCH)
            await work.tickets.change(*casework.unlink(one, other, actor=clerk(by.login), at=now))
            await work.tickets.change(*casework.unlink(two, number, actor=clerk(by.login), at=now))
            await work.commit()

    @undeterred
    async def split(self, *, number: str, version: int, login: str, service: Service, words: str) -> None:
        """A part of it becomes a ticket of its own, at the same place and of the same reporter, who is told its number;
        photos stay where they are. Raises Unknown, Stale or NotAllowed."""
        now, actor = self.clock.now(), clerk(login)
        async with self.store.work() as work:
            await work.tickets.lock([number])
            ticket = await seen(work, number, version)
            part = _part(ticket, await fresh_number(work, self.random), service, words, self.city.now, now)
            await work.tickets.change(*casework.split(ticket, part.number, actor=actor, at=now))
            await work.tickets.file(part, filed(part, actor=actor))
            own = casework.split(part, number, actor=actor, at=now)
            await work.tickets.change(*own)
            await work.links.add(number, part.number, Relation.SPLIT, now, login)
            news = say(
                Say.SPLIT_OFF, number=number, other=part.number, service=ServiceName(part.service), due=part.due_at
            )  # fmt: skip
            reporter = await work.citizens.get(ticket.reporter)
            await self._tell(work, [reporter] if reporter else [], news, *own, now)
            await work.commit()

    async def _tell(
        self, work: UnitOfWork, people: Sequence[Citizen], reply: Reply, ticket: Ticket, update: Update, now: datetime
    ) -> None:  # fmt: skip
        rows = []
        for citizen in people:
            key = f"notice:{ticket.number}/{update.version}:{citizen.id}"
            outbound = compose(reply, citizen, language_of(citizen, ticket, self.city.now), self.render, key=key)
            rows.append(
                Queued(
                    outbound=outbound, citizen=citizen.id, kind=Kind.NOTICE, number=ticket.number,
                    version=update.version, bulk=True,
                )
            )  # fmt: skip
        await work.outbox.enqueue(rows, now)


async def _check(work: UnitOfWork, ticket: Ticket, other: Ticket) -> None:
    if casework.merged_here(await work.tickets.history(ticket.number)):
        raise Refused(Refusal.CHAINED)
    if other.status in CLOSED:
        raise Refused(Refusal.OTHER_CLOSED)


async def _people(work: UnitOfWork, ticket: Ticket) -> list[Citizen]:
    """Its reporter and all who joined it."""
    reporter = await work.citizens.get(ticket.reporter)
    joined = await work.followers.of_ticket(ticket.number)
    return [*([reporter] if reporter else []), *joined]


def _part(ticket: Ticket, number: str, service: Service, words: str, city: City, now: datetime) -> Ticket:
    place: Place = ticket.place
    to = led(city, service, place, words)
    return Ticket(
        number=number,
        service=service.code,
        department=to.department,
        route=to.rule,
        status=Status.RECEIVED,
        priority=Priority.NORMAL,
        place=place,
        description=words,
        reporter=ticket.reporter,
        channel=ticket.channel,
        language=ticket.language,
        confidence=None,
        filed_at=now,
        due_at=due_at(now, service.target_for(Priority.NORMAL, place.area), city.calendar),
    )
