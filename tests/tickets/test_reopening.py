"""What follows a resolution, and a date that was missed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.samples import TICKET
from tests.town import CITY
from tickets.model import CITIZEN, SYSTEM, Event, Field, Status
from tickets.workflow import CLOSED, MOVES, OPEN, NotAllowed, confirm, move, postpone, rated, reopen

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
RESOLVED = replace(TICKET, status=Status.RESOLVED, closed_at=NOW, version=4)


def test_not_fixed_is_in_progress_again_counted_and_told_without_a_word_of_the_citizen() -> None:
    opened, update = reopen(RESOLVED, at=NOW)
    assert opened == replace(RESOLVED, status=Status.IN_PROGRESS, closed_at=None, reopened=1, version=5)
    assert opened.status in MOVES[Status.RESOLVED]
    assert (update.event, update.old, update.new) == (Event.REOPENED, Status.RESOLVED, Status.IN_PROGRESS)
    assert (update.actor, update.note, update.public, update.version) == (CITIZEN, "", True, 5)


@pytest.mark.parametrize("status", sorted(OPEN))
def test_one_more_who_says_so_of_an_open_ticket_is_counted_and_nobody_is_told(status: Status) -> None:
    opened, update = reopen(replace(TICKET, status=status), at=NOW)
    assert (opened.status, opened.reopened) == (status, 1)
    assert not update.public


def test_opened_again_it_is_promised_anew_by_whomever() -> None:
    due = TICKET.due_at + timedelta(days=2)
    for opened, update in (
        reopen(RESOLVED, at=NOW, due=due),
        move(RESOLVED, Status.IN_PROGRESS, CITY.calendar, actor=CITIZEN, at=NOW, due=due),
    ):
        change = update.change(Field.DUE)
        assert change
        assert (change.old, change.new) == ("2026-11-27T21:00:00+00:00", "2026-11-29T21:00:00+00:00")
        assert (opened.due_at, opened.first_due_at, opened.postponed) == (due, None, 0)


def test_opened_again_early_it_keeps_its_date() -> None:
    opened, update = reopen(RESOLVED, at=NOW, due=TICKET.due_at - timedelta(days=2))
    assert (opened.due_at, update.changes) == (TICKET.due_at, ())


def test_what_was_open_all_the_time_keeps_its_date() -> None:
    due = TICKET.due_at + timedelta(days=2)
    moved, update = move(TICKET, Status.IN_PROGRESS, CITY.calendar, actor=CITIZEN, at=NOW, due=due)
    counted, _ = reopen(TICKET, at=NOW, due=due)
    assert (moved.due_at, counted.due_at, update.changes) == (TICKET.due_at, TICKET.due_at, ())


@pytest.mark.parametrize("status", sorted(CLOSED - {Status.RESOLVED}))
def test_what_was_closed_without_work_is_not_opened_by_a_citizen(status: Status) -> None:
    with pytest.raises(NotAllowed):
        reopen(replace(TICKET, status=status), at=NOW)


def test_that_it_is_fixed_and_how_well_stands_in_the_history_between_clerks() -> None:
    confirmed, yes = confirm(RESOLVED, at=NOW, note=" ya quedó ")
    _, four = rated(confirmed, at=NOW, note="4/5")
    assert [(one.event, one.note, one.public, one.version) for one in (yes, four)] == [
        (Event.CONFIRMED, "ya quedó", False, 5), (Event.RATED, "4/5", False, 6),
    ]  # fmt: skip
    assert confirmed.status is Status.RESOLVED


def test_a_new_date_keeps_the_first_promise_and_counts() -> None:
    first, second = TICKET.due_at + timedelta(days=3), TICKET.due_at + timedelta(days=9)
    once, update = postpone(TICKET, first.astimezone(timezone(timedelta(hours=-4))), at=NOW)
    twice, _ = postpone(once, second, at=NOW)
    assert (once.due_at, once.first_due_at, once.postponed) == (first, TICKET.due_at, 1)
    assert (twice.due_at, twice.first_due_at, twice.postponed) == (second, TICKET.due_at, 2)
    change = update.change(Field.DUE)
    assert change
    assert (change.old, change.new) == ("2026-11-27T21:00:00+00:00", "2026-11-30T21:00:00+00:00")
    assert (update.actor, update.event, update.public) == (SYSTEM, Event.POSTPONED, True)


@pytest.mark.parametrize("status", sorted(CLOSED))
def test_a_closed_ticket_gets_no_new_date(status: Status) -> None:
    with pytest.raises(NotAllowed):
        postpone(replace(TICKET, status=status), TICKET.due_at + timedelta(days=1), at=NOW)


def test_a_new_date_is_a_later_one() -> None:
    with pytest.raises(NotAllowed):
        postpone(TICKET, TICKET.due_at, at=NOW)
