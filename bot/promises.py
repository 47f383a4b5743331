"""A promised date was missed: the citizen hears of it first, with a new date.

Each missed date once: the ticket's next version carries the new one, so that it is missed no more, and the notice's
key names that version. Whatever is left when a part is done, or when the process is killed, is found by the next one.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.ports import Stale, UnitOfWork
from bot.telling import Telling
from tickets.calendar import NeverOpen, due_at
from tickets.city import City
from tickets.model import Ticket, Update
from tickets.workflow import postpone

EVERY = timedelta(minutes=5)
_BATCH = 50  # tickets in one unit of work: others wait meanwhile
_PARTS = 10  # of one run. After a long stop 10,000 are told in two hours, not all at once
_AT_LEAST = timedelta(days=1)  # from now, where no target tells


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """The scheduled job `promises`, and what it does to one ticket."""

    city: City
    telling: Telling

    async def step(self, work: UnitOfWork, now: datetime, after: int) -> int | None:
        """The next tickets that are late; `after` counts the parts of this run. Those postponed are late no more, so
        each part begins where the list begins."""
        late = await work.tickets.overdue(now, "", _BATCH)
        changed = []
        for ticket in late:
            with suppress(Stale):  # somebody works on it just now: the next run sees what became of it
                changed.append(await self._changed(work, ticket, now))
        for ticket, update in changed:  # citizens are locked behind all tickets, as everywhere
            await self.telling.tell(work, ticket, update, now)
        full = len(late) == _BATCH and changed
        return after + 1 if full and after + 1 < _PARTS else None

    async def postpone(self, work: UnitOfWork, ticket: Ticket, now: datetime) -> Ticket:
        """Promise a new date and tell reporter and followers, in the caller's unit of work. Raises Stale, or NotAllowed
        where the ticket is closed."""
        postponed, update = await self._changed(work, ticket, now)
        await self.telling.tell(work, postponed, update, now)
        return postponed

    async def _changed(self, work: UnitOfWork, ticket: Ticket, now: datetime) -> tuple[Ticket, Update]:
        postponed, update = postpone(ticket, self._new_date(ticket, now), at=now)
        await work.tickets.change(postponed, update)
        return postponed, update

    def _new_date(self, ticket: Ticket, now: datetime) -> datetime:
        """The service's target again, from now on. A service that the city does not offer any more has none: as long
        as was promised at first."""
        service = self.city.service(ticket.service)
        if service:
            with suppress(NeverOpen):
                return due_at(now, service.target, self.city.calendar)
        promised = (ticket.first_due_at or ticket.due_at) - ticket.filed_at
        return now + max(promised, _AT_LEAST)
