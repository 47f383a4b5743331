"""What a ticket's levels of escalation are counted from.

After the date: from the one that was promised first, for at each missed date a new one is promised; the time for which
the ticket waited for its citizen is left out. A ticket that was closed and opens again is promised anew, and so late
only once that date is missed.

Before the date: from the one that holds now. Promised are the dates of filing, of opening again and after a missed one.
A wait, a correction and neighbours who make it urgent only move a date: of one that is nearer for it staff hear as soon
as a level is reached, though it was reached when the date was moved.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from tickets.calendar import Calendar, due_at, later, worked
from tickets.model import Event, Field, Status, Update
from tickets.staff import Level
from tickets.workflow import CLOSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A date that was missed: as it was `promised`, and from when on the ticket is late, waits left out."""

    promised: datetime
    late_from: datetime


def missed(course: Iterable[Update], first: datetime | None, calendar: Calendar) -> Missed | None:
    """The first one since the ticket was last set open; None where there was none. `course`: its waits, closings and
    missed dates in order; `first`: what the ticket itself says, for a history that cannot be read. Raises NeverOpen."""
    found = Missed(promised=first, late_from=first) if first else None
    told, since = False, None
    for update in course:
        if update.old in CLOSED:
            found, told = None, False
        elif update.event is Event.POSTPONED and not told:
            date, told = _missed_by(update), True
            found = Missed(promised=date, late_from=date)
        if update.new is Status.WAITING:
            since = since or update.at
        elif since and update.old is Status.WAITING:
            stood = worked(since, update.at, calendar)
            found = replace(found, late_from=later(found.late_from, stood, calendar)) if found and told else found
            since = None
    return found


def promised_at(course: Iterable[Update], filed_at: datetime) -> datetime:
    """When the promise was given whose date holds now, however it was moved since: by a wait, by a correction of
    service or place (CORRECTED), or by neighbours who made it urgent (FOLLOWED). `course` need not hold those two."""
    anew = (update.at for update in course if update.event is Event.POSTPONED or update.old in CLOSED)
    return max(anew, default=filed_at)


def is_within(level: Level, at: datetime, date: datetime, calendar: Calendar) -> bool:
    """Whether this level before the date was reached at that instant. Raises NeverOpen."""
    return due_at(at, level.span, calendar) >= date


def _missed_by(update: Update) -> datetime:
    change = update.change(Field.DUE)
    return datetime.fromisoformat(change.old) if change and change.old else update.at
