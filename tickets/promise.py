"""Until when a ticket can be promised: when it is filed, and when something of it changes."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from tickets.calendar import Calendar, NeverOpen, due_at, worked
from tickets.city import City
from tickets.model import Priority, Status, Ticket, Update
from tickets.undoing import standing
from tickets.workflow import OPEN

_AT_LEAST: Final = timedelta(days=1)  # from now, where no target tells


def new_date(ticket: Ticket, city: City, now: datetime) -> datetime:
    """The ticket's target again, from now on. A service that the city does not offer any more has none: as long as was
    promised at first."""
    service = city.service(ticket.service)
    if service:
        with suppress(NeverOpen):
            return due_at(now, service.target_for(ticket.priority, ticket.place.area), city.calendar)
    promised = (ticket.first_due_at or ticket.due_at) - ticket.filed_at
    return now + max(promised, _AT_LEAST)


def urgent_date(ticket: Ticket, city: City, now: datetime) -> datetime | None:
    """Until when it is promised once it is urgent, from now on; None where its service makes no difference."""
    service = city.service(ticket.service)
    if service is None or Priority.URGENT not in service.targets.priorities:
        return None
    start = ticket.waiting_since or now  # the clock stands there, and what passed meanwhile is added when it goes on
    return due_at(start, service.targets.priorities[Priority.URGENT], city.calendar)


def waits(history: Sequence[Update], since: datetime | None = None) -> Iterator[tuple[datetime, datetime]]:
    """For its citizen, those that are over; `since`: one that had begun before this history does."""
    for update in standing(history):
        if update.new is Status.WAITING and update.old is not Status.WAITING:
            since = update.at
        elif since and update.old is Status.WAITING and update.new is not Status.WAITING:
            yield since, update.at
            since = None


def stood(history: Sequence[Update], calendar: Calendar, since: datetime | None = None) -> timedelta:
    """Working time of these waits: for so long the clock stood."""
    return sum((worked(begin, end, calendar) for begin, end in waits(history, since)), timedelta())


def is_late(ticket: Ticket, now: datetime) -> bool:
    """Whether its date is past while the clock runs: it does not while we wait for the citizen."""
    return ticket.status in OPEN and ticket.status is not Status.WAITING and ticket.due_at < now


def is_overdue(ticket: Ticket, now: datetime) -> bool:
    """Whether the first date that it was promised for is past, be it that a new one was told since, and its clock runs:
    what the desk's list and its filter call late."""
    runs = ticket.status in OPEN and ticket.status is not Status.WAITING
    return runs and (ticket.first_due_at or ticket.due_at) < now
