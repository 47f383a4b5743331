"""How a ticket stood at an instant that is over: what a digest counts, whenever it is made.

A ticket's row tells how it stands now. For most that is enough: who closed it after the instant left it open then. Only
where it was opened again since does its history have to be gone through (`Case.moves`).
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from tickets.instant import Instant
from tickets.model import Event, Status
from tickets.workflow import CLOSED


class Turn(NamedTuple):
    """What neighbours, dates and waits did to a ticket: one update of its history. `opened`: it was closed before.
    `waits`: 1 where it began to wait for its citizen, -1 where that was over."""

    at: Instant
    event: Event
    opened: bool = False
    waits: int = 0


class Step(NamedTuple):
    """One update of a history that is gone through: the status that it led to, and the date that it replaced."""

    at: Instant
    event: Event
    status: Status | None = None
    due: Instant | None = None


class Case(NamedTuple):
    """What is counted of a ticket: no word, and no name. `due`: the date that was promised first. `waits`: since when
    it waits for its citizen, if it does now. `resolved`: that is how it was closed. `turns`, the oldest
    first, reach back as far as is counted; `steps`, its whole history, are there only where it was opened again since.
    """

    number: str
    department: str
    area: str
    filed: Instant
    due: Instant
    closed: Instant | None
    resolved: bool
    answered: Instant | None
    waits: Instant | None
    followers: int
    unlocated: bool
    unsure: bool
    turns: Sequence[Turn] = ()
    steps: Sequence[Step] = ()


class Stand(NamedTuple):
    """`closed`: when, where it was closed. `due` is None while its clock stood and it was not past yet. `waits`: for
    its citizen, so that its clock stood."""

    closed: Instant | None
    resolved: bool
    due: Instant | None
    waits: bool

    def late(self, end: Instant) -> bool:
        """As `tickets.promise.is_late`: open, its date past, its clock running. The date is the one promised first."""
        return self.closed is None and not self.waits and self.due is not None and self.due < end


def stand(case: Case, end: Instant) -> Stand:
    """Just before `end`."""
    if case.steps:
        return _replayed(case, end)
    closed = case.closed if case.closed is not None and case.closed < end else None
    held = case.waits is not None and case.waits < end and case.due >= case.waits
    return Stand(closed, case.resolved, None if held else case.due, _waited(case, end))


def _waited(case: Case, end: Instant) -> bool:
    """As it does now, but for waits that have begun or ended since."""
    if not case.turns or case.turns[-1].at < end:
        return case.waits is not None and case.waits < end
    return (case.waits is not None) - sum(turn.waits for turn in case.turns[bisect_left(case.turns, (end,)) :]) > 0


def followers(case: Case, end: Instant) -> int:
    """So many neighbours had joined it, and not left again."""
    later = [turn.event for turn in case.turns[bisect_left(case.turns, (end,)) :]]
    return max(0, case.followers - later.count(Event.FOLLOWED) + later.count(Event.LEFT))


def status(steps: Sequence[Step], end: Instant) -> Status | None:
    """Of the ticket with this history; None where it tells nothing."""
    return next((step.status for step in reversed(steps) if step.at < end and step.status), None)


def date(case: Case, end: Instant) -> Instant:
    """The date that was promised first, as far as was known then. With `steps` also while the clock stood."""
    if any(step.event is Event.POSTPONED and step.at < end for step in case.steps):
        return case.due  # it had been missed by then, and a new one given
    return next((step.due for step in case.steps if step.due and step.at >= end), case.due)


def _replayed(case: Case, end: Instant) -> Stand:
    at, closed, status = case.filed, None, Status.RECEIVED
    for step in case.steps:
        if step.at < end and step.status and step.status is not status:
            closed = (closed or step.at) if step.status in CLOSED else None
            at, status = step.at, step.status
    due = date(case, end)
    waits = status is Status.WAITING
    return Stand(closed, status is Status.RESOLVED, None if waits and due >= at else due, waits)
