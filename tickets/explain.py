"""Why a ticket is due when it is: from when on it was counted, how much, over which holidays, and how long it waited.

Nothing is kept for it. Each thing in its history that may have set the date is counted again, the newest first, and the
one that gives this very date explains it. Where none does, targets, opening hours or holidays are others by now.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from tickets.calendar import Calendar, NeverOpen, Target, Unit, due_at, later
from tickets.city import City
from tickets.model import Event, Field, Priority, Status, Ticket, Update
from tickets.promise import stood
from tickets.undoing import standing

_DAY = timedelta(days=1)


class Since(StrEnum):
    """From what on a date was counted."""

    FILED = "filed"
    CORRECTED = "corrected"  # its service, place or priority
    URGENT = "urgent"
    REOPENED = "reopened"
    POSTPONED = "postponed"  # an earlier date was missed


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """`start`: from when on; `target` None: it was counted by rules that are others by now. `closed`: holidays on the
    way, on weekdays that are open otherwise, with their names by language. `stood`: working time of all waits for the
    citizen that count; `stands`: since when the clock stands now."""

    since: Since
    start: datetime
    target: Target | None
    closed: tuple[tuple[date, Mapping[str, str]], ...] = ()
    stood: timedelta = timedelta()
    stands: datetime | None = None


def explain(ticket: Ticket, history: Sequence[Update], city: City) -> Explanation:
    """Of the date as it is now; `history` is all of the ticket's."""
    told = list(_told(ticket, standing(history), city.calendar))
    for one in told:
        for target in _targets(ticket, city):
            with suppress(NeverOpen):
                if later(due_at(one.start, target, city.calendar), one.stood, city.calendar) == ticket.due_at:
                    return replace(one, target=target, closed=_closed(one.start, target, ticket, city.calendar))
    return told[0]


def _told(ticket: Ticket, history: Sequence[Update], calendar: Calendar) -> Iterator[Explanation]:
    """All that may be the reason, the newest first."""
    for n in range(len(history) - 1, -1, -1):
        since = _sets_date(history[n])
        if since:
            start = _stopped(history[:n]) or history[n].at
            yield _from(since, start, history[n:], ticket, calendar, waiting=start < history[n].at)
        if since is Since.CORRECTED:
            yield _from(since, ticket.filed_at, history, ticket, calendar)
    yield _from(Since.FILED, ticket.filed_at, history, ticket, calendar)


def _from(
    since: Since, start: datetime, history: Sequence[Update], ticket: Ticket, calendar: Calendar, *,
    waiting: bool = False,
) -> Explanation:  # fmt: skip
    waited = stood(history, calendar, start if waiting else None)
    return Explanation(since=since, start=start, target=None, stood=waited, stands=ticket.waiting_since)


def _sets_date(update: Update) -> Since | None:
    dated = update.change(Field.DUE) is not None
    match update.event:
        case Event.POSTPONED:
            return Since.POSTPONED
        case Event.CORRECTED if dated or update.change(Field.SERVICE):
            return Since.CORRECTED
        case Event.RERANKED if dated:
            return Since.CORRECTED
        case Event.FOLLOWED | Event.MERGED if dated:
            return Since.URGENT
        case Event.REOPENED | Event.MOVED if dated and update.old is not Status.WAITING:
            return Since.REOPENED
    return None


def _stopped(history: Sequence[Update]) -> datetime | None:
    """Since when it waited at the end of this history."""
    moves = [update for update in history if update.new is not update.old]
    return moves[-1].at if moves and moves[-1].new is Status.WAITING else None


def _targets(ticket: Ticket, city: City) -> Iterator[Target]:
    """By its priority now, and by that with which most begin."""
    service = city.service(ticket.service)
    for priority in (ticket.priority, Priority.NORMAL) if service else ():
        if service:
            yield service.target_for(priority, ticket.place.area)


def _closed(
    start: datetime, target: Target, ticket: Ticket, calendar: Calendar
) -> tuple[tuple[date, Mapping[str, str]], ...]:
    """Of a count in days the first one is never counted, whatever it is."""
    first = start.astimezone(calendar.zone).date() + (_DAY if target.unit is Unit.DAYS else timedelta())
    last = ticket.due_at.astimezone(calendar.zone).date()
    days = sorted(day for day in calendar.holidays if first <= day <= last)
    return tuple((day, calendar.holidays[day]) for day in days if day.weekday() in calendar.opening)
