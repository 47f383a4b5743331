"""How a ticket stood at an instant that is over: what a digest counts, whenever it is made.

A ticket's row tells how it stands now. For most that is enough: who closed it after the instant left it open then. Only
where it was opened again since does its history have to be gone through (`Case.moves`).
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from tickets.model import Event, Status
from tickets.workflow import CLOSED


class Turn(NamedTuple):
    """What neighbours and dates did to a ticket: one update of its history. `opened`: it was closed before."""

    at: datetime
    event: Event
    opened: bool = False


class Step(NamedTuple):
    """One update of a history that is gone through: the status that it led to, and the date that it replaced."""

    at: datetime
    event: Event
    status: Status | None = None
    due: datetime | None = None


class Case(NamedTuple):
    """What is counted of a ticket: no word, and no name. `due`: the date that was promised first. `waits`: since when
    it waits for its citizen, where its date may still move. `resolved`: that is how it was closed. `turns`, the oldest
    first, reach back as far as is counted; `steps`, its whole history, are there only where it was opened again since.
    """

    number: str
    department: str
    area: str
    filed: datetime
    due: datetime
    closed: datetime | None
    resolved: bool
    answered: datetime | None
    waits: datetime | None
    followers: int
    unlocated: bool
    unsure: bool
    turns: Sequence[Turn] = ()
    steps: Sequence[Step] = ()


class Stand(NamedTuple):
    """`closed`: when, where it was closed. `due` is None while its clock stood and it was not late yet."""

    closed: datetime | None
    resolved: bool
    due: datetime | None


def stand(case: Case, end: datetime) -> Stand:
    """Just before `end`."""
    if case.steps:
        return _replayed(case, end)
    closed = case.closed if case.closed is not None and case.closed < end else None
    waits = case.waits is not None and case.waits < end and case.due >= case.waits
    return Stand(closed, case.resolved, None if waits else case.due)


def followers(case: Case, end: datetime) -> int:
    """So many neighbours had joined it, and not left again."""
    later = [turn.event for turn in case.turns[bisect_left(case.turns, (end,)) :]]
    return max(0, case.followers - later.count(Event.FOLLOWED) + later.count(Event.LEFT))


def status(steps: Sequence[Step], end: datetime) -> Status | None:
    """Of the ticket with this history; None where it tells nothing."""
    return next((step.status for step in reversed(steps) if step.at < end and step.status), None)


def date(case: Case, end: datetime) -> datetime:
    """The date that was promised first, as far as was known then. With `steps` also while the clock stood."""
    return _date(case, end)[0]


def _replayed(case: Case, end: datetime) -> Stand:
    at, closed, status = case.filed, None, Status.RECEIVED
    for step in case.steps:
        if step.at < end and step.status and step.status is not status:
            closed = (closed or step.at) if step.status in CLOSED else None
            at, status = step.at, step.status
    due, postponed = _date(case, end)
    waits = status is Status.WAITING and not postponed and due >= at
    return Stand(closed, status is Status.RESOLVED, None if waits else due)


def _date(case: Case, end: datetime) -> tuple[datetime, bool]:
    """The date promised first, as was known then; and whether it had been missed by then and a new one given."""
    if any(step.event is Event.POSTPONED and step.at < end for step in case.steps):
        return case.due, True
    return next((step.due for step in case.steps if step.due and step.at >= end), case.due), False
