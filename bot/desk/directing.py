"""Whose a ticket is, how it presses, and where it is."""

from datetime import datetime

from bot.desk.seeing import Refusal, Refused, clerk
from bot.notices import seen, undeterred
from bot.ports import Clerk, Clock, Places, Store, UnitOfWork
from tickets import casework
from tickets.city import Cities, City
from tickets.model import Place, Point, Priority, Ticket
from tickets.promise import stood
from tickets.workflow import correct


class Directing:
    """No citizen is told: what they were promised may only change, and they hear of it when they ask or it is late."""

    def __init__(self, store: Store, city: Cities, clock: Clock, places: Places) -> None:
        self._store, self._cities, self._clock, self._places = store, city, clock, places

    @property
    def _city(self) -> City:
        return self._cities.now

    @undeterred
    async def assign(self, *, number: str, version: int, by: Clerk, to: str | None) -> None:
        """None: to nobody. Raises Unknown, Stale, Refused or NotAllowed."""
        async with self._store.work() as work:
            ticket = await seen(work, number, version)
            await work.tickets.change(*await self.assigned(work, ticket, by, to, self._clock.now()))
            await work.commit()

    async def assigned(
        self, work: UnitOfWork, ticket: Ticket, by: Clerk, to: str | None, now: datetime
    ) -> casework.Step:  # fmt: skip
        """The act itself. Raises Refused or NotAllowed."""
        await _check(work, ticket, by, to)
        return casework.assign(ticket, to, actor=clerk(by.login), at=now)

    @undeterred
    async def rank(self, *, number: str, version: int, login: str, to: Priority, note: str) -> None:
        """Raises Unknown, Stale or NotAllowed."""
        async with self._store.work() as work:
            ticket = await seen(work, number, version)
            await work.tickets.change(*await self.ranked(work, ticket, login, to, note, self._clock.now()))
            await work.commit()

    async def ranked(
        self, work: UnitOfWork, ticket: Ticket, login: str, to: Priority, note: str, now: datetime
    ) -> casework.Step:  # fmt: skip
        """The act itself. Raises NotAllowed."""
        waited = stood(await work.tickets.history(ticket.number), self._city.calendar)
        service, calendar = self._city.service(ticket.service), self._city.calendar
        return casework.rerank(ticket, to, service, calendar, actor=clerk(login), at=now, note=note, stood=waited)

    @undeterred
    async def place(
        self, *, number: str, version: int, login: str, words: str, point: Point | None, note: str
    ) -> None:  # fmt: skip
        """By a point, else by words. Raises Unknown, Stale or NotAllowed."""
        found = self.find(words, point)
        async with self._store.work() as work:
            ticket = await seen(work, number, version)
            await work.tickets.change(*await self._moved(work, ticket, found, login, note, self._clock.now()))
            await work.commit()

    def find(self, words: str, point: Point | None) -> Place:
        """What the gazetteer makes of it."""
        return self._places.locate(point, words) if point else self._places.resolve(words)

    async def _moved(
        self, work: UnitOfWork, ticket: Ticket, place: Place, login: str, note: str, now: datetime
    ) -> casework.Step:  # fmt: skip
        calendar = self._city.calendar
        waited = stood(await work.tickets.history(ticket.number), calendar)
        return correct(
            ticket, calendar, service=self._city.service(ticket.service), place=place, actor=clerk(login), at=now,
            note=note, stood=waited,
        )  # fmt: skip


async def _check(work: UnitOfWork, ticket: Ticket, by: Clerk, to: str | None) -> None:
    if not casework.may_assign(by.role, by.login, ticket, to):
        raise Refused(Refusal.NOT_TO_THEM)
    person = by if to == by.login else await work.clerks.get(to) if to else None
    if to and (person is None or not casework.may_get(person.role, person.department, ticket)):
        raise Refused(Refusal.NO_SUCH_CLERK)
