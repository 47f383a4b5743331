from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from tests.samples import TICKET
from tests.town import CITY
from tickets.model import Actor, Author, Event, Status
from tickets.workflow import CLOSED, MOVES, OPEN, NotAllowed, NoteNeeded, comment, filed, move

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CLERK = Actor(author=Author.CLERK, name="rosa")
CALENDAR = CITY.calendar


@pytest.mark.parametrize(("old", "new"), list(product(Status, Status)))
def test_only_the_moves_of_the_table_are_made(old: Status, new: Status) -> None:
    ticket = replace(TICKET, status=old)
    if new not in MOVES[old]:
        with pytest.raises(NotAllowed):
            move(ticket, new, CALENDAR, actor=CLERK, at=NOW, note="why")
        return
    moved, update = move(ticket, new, CALENDAR, actor=CLERK, at=NOW, note=" why ")
    assert (moved.status, moved.version, update.old, update.new) == (new, ticket.version + 1, old, new)
    assert update.version == moved.version
    assert (moved.closed_at is not None) is (new in CLOSED)
    assert update.note == "why"


def test_declining_needs_a_reason_for_the_citizen() -> None:
    with pytest.raises(NoteNeeded):
        move(TICKET, Status.DECLINED, CALENDAR, actor=CLERK, at=NOW, note="  ")


def test_every_status_is_open_or_closed_and_every_closed_one_can_be_reopened() -> None:
    assert OPEN | CLOSED == set(Status) == set(MOVES)
    assert all(MOVES[status] and set(MOVES[status]) <= OPEN for status in CLOSED)


def test_a_comment_changes_nothing_but_the_history() -> None:
    changed, update = comment(TICKET, actor=CLERK, at=NOW, note="called", public=False)
    assert replace(changed, version=TICKET.version) == TICKET
    assert (update.event, update.public, update.version) == (Event.COMMENTED, False, changed.version)


def test_the_first_update_tells_of_the_filing() -> None:
    assert filed(TICKET, actor=CLERK).event is Event.FILED
