"""While a ticket waits for its citizen the clock of its promise stands; and what a clerk first did is noted."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.samples import TICKET
from tests.town import CITY
from tickets.calendar import later, worked
from tickets.model import CITIZEN, SYSTEM, Actor, Author, Event, Field, Status, Ticket
from tickets.promise import is_late, stood
from tickets.workflow import CLOSED, MOVES, comment, follow, move, postpone, reopen

CALENDAR = CITY.calendar
CLERK = Actor(author=Author.CLERK, name="rosa")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=CALENDAR.zone)


BEGIN, END = local(2026, 11, 24, 10), local(2026, 11, 25, 9)  # seven hours of a day and one of the next
DUE = local(2026, 11, 27, 17)
SHOWN = replace(TICKET, filed_at=local(2026, 11, 23, 10), due_at=DUE)


def waiting(ticket: Ticket = SHOWN, at: datetime = BEGIN) -> Ticket:
    return move(ticket, Status.WAITING, CALENDAR, actor=CLERK, at=at)[0]


@pytest.mark.parametrize("to", MOVES[Status.WAITING])
def test_whatever_ends_the_wait_moves_its_date_by_the_working_time_that_passed_and_none_that_was_missed(
    to: Status,
) -> None:
    first = DUE - 2 * DAY
    ticket = replace(waiting(), first_due_at=first)
    after, update = move(ticket, to, CALENDAR, actor=CLERK, at=END, note="done")
    assert (after.waiting_since, after.due_at) == (None, local(2026, 11, 30, 16))
    assert after.first_due_at == first
    change = update.change(Field.DUE)
    assert change
    assert (change.old, change.new) == ("2026-11-27T21:00:00+00:00", "2026-11-30T20:00:00+00:00")


def test_a_wait_in_which_nobody_works_moves_nothing() -> None:
    ticket = waiting(at=local(2026, 11, 27, 17))
    after, update = move(ticket, Status.IN_PROGRESS, CALENDAR, actor=CLERK, at=local(2026, 11, 30, 8))
    assert (after.due_at, update.changes) == (DUE, ())


def test_a_clock_that_was_set_back_moves_nothing() -> None:
    after, update = move(waiting(), Status.IN_PROGRESS, CALENDAR, actor=CLERK, at=BEGIN - 5 * DAY)
    assert (after.due_at, update.changes, after.waiting_since) == (DUE, (), None)


def test_what_was_late_before_is_as_late_afterwards() -> None:
    late = waiting(at=DUE + DAY)
    assert not is_late(late, DUE + 2 * DAY)
    after, _ = move(late, Status.TRIAGED, CALENDAR, actor=CLERK, at=DUE + 9 * DAY)
    assert is_late(after, DUE + 9 * DAY)
    assert worked(after.due_at, DUE + 9 * DAY, CALENDAR) == worked(DUE, DUE + DAY, CALENDAR)


def test_two_waits_count_both_and_a_complaint_meanwhile_none() -> None:
    one, first = move(SHOWN, Status.WAITING, CALENDAR, actor=CLERK, at=BEGIN)
    two, again = reopen(one, at=BEGIN + HOUR)
    assert two.waiting_since == BEGIN
    three, back = move(two, Status.TRIAGED, CALENDAR, actor=CLERK, at=END)
    four, third = move(three, Status.WAITING, CALENDAR, actor=CLERK, at=END + HOUR)
    five, last = move(four, Status.IN_PROGRESS, CALENDAR, actor=CLERK, at=END + 3 * HOUR)
    assert stood((first, again, back, third, last), CALENDAR) == 10 * HOUR
    assert five.due_at == later(DUE, 10 * HOUR, CALENDAR)


@pytest.mark.parametrize("status", [*sorted(CLOSED), Status.WAITING])
def test_nothing_closed_and_nothing_that_waits_is_late(status: Status) -> None:
    assert is_late(SHOWN, DUE + HOUR)
    assert not is_late(SHOWN, DUE)
    assert not is_late(replace(SHOWN, status=status), DUE + HOUR)


def test_the_first_answer_is_what_a_clerk_did_first_and_the_citizen_may_see() -> None:
    noted, _ = comment(SHOWN, actor=CLERK, at=BEGIN, note="to us", public=False)
    added, _ = comment(noted, actor=CITIZEN, at=BEGIN, note="still", public=True)
    joined, _ = follow(added, at=BEGIN, note="", urgent_from=1)
    later_on, _ = postpone(joined, DUE + DAY, at=BEGIN)
    told, _ = comment(later_on, actor=SYSTEM, at=BEGIN, note="told", public=True)
    assert told.answered_at is None
    answered, _ = comment(told, actor=CLERK, at=END, note="we come", public=True)
    assert answered.answered_at == END
    moved, _ = move(answered, Status.IN_PROGRESS, CALENDAR, actor=CLERK, at=END + HOUR)
    assert moved.answered_at == END
    assert waiting().answered_at == BEGIN


def test_who_becomes_urgent_is_promised_sooner_and_never_later() -> None:
    for due, promised in ((DUE - DAY, DUE - DAY), (DUE + DAY, DUE), (None, DUE)):
        urgent, update = follow(SHOWN, at=BEGIN, note="", urgent_from=1, due=due)
        assert urgent.due_at == promised
        assert (update.change(Field.DUE) is not None) is (promised != DUE)
    joined, update = follow(SHOWN, at=BEGIN, note="", urgent_from=9, due=DUE - DAY)
    assert (joined.due_at, update.event, update.changes) == (DUE, Event.FOLLOWED, ())
