"""A promised date was missed: the citizen hears of it first, with a new date.

Each missed date once: the ticket's next version carries the new one, so that it is missed no more, and the notice's
key names that version. Whatever is left when a part is done, or when the process is killed, is found by the next one.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.ports import Stale, UnitOfWork
from bot.telling import Telling
from tickets.city import Cities
from tickets.model import Ticket
from tickets.promise import new_date
from tickets.workflow import postpone

EVERY = timedelta(minutes=5)
_PARTS = 500  # of one run. After a long stop 10,000 are told in two hours, not all at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """The scheduled job `promises`, and what it does to one ticket."""

    city: Cities
    telling: Telling

    async def step(self, work: UnitOfWork, now: datetime, after: int) -> int | None:
        """One ticket that is late, for its citizens are locked behind it; `after` counts the parts of this run. Who was
        postponed is late no more, so each part begins where the list begins."""
        for ticket in await work.tickets.overdue(now, 1):
            with suppress(Stale):  # somebody works on it just now: the next part sees what became of it
                await self.postpone(work, ticket, now)
            return after + 1 if after + 1 < _PARTS else None
        return None

    async def postpone(self, work: UnitOfWork, ticket: Ticket, now: datetime) -> Ticket:
        """Promise a new date and tell reporter and followers, in the caller's unit of work. Raises Stale, or NotAllowed
        where the ticket is closed."""
        postponed, update = postpone(ticket, new_date(ticket, self.city.now, now), at=now)
        await work.tickets.change(postponed, update)
        await self.telling.tell(work, postponed, update, now)
        return postponed
