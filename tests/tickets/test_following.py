from dataclasses import replace

import pytest

from tests.samples import TICKET
from tickets.model import CITIZEN, Change, Event, Field, Priority
from tickets.workflow import follow, leave

NOW = TICKET.filed_at


def test_who_joins_is_one_more_in_a_new_version_that_is_nobodys_news() -> None:
    joined, update = follow(TICKET, at=NOW, note=" es profundo ", urgent_from=5)
    assert (joined.followers, joined.version, joined.priority) == (1, 2, Priority.NORMAL)
    assert (update.event, update.version, update.actor) == (Event.FOLLOWED, 2, CITIZEN)
    assert (update.note, update.public, update.changes) == ("es profundo", False, ())


@pytest.mark.parametrize(
    ("before", "followers", "after"),
    [
        (Priority.NORMAL, 3, Priority.NORMAL),
        (Priority.NORMAL, 4, Priority.URGENT),
        (Priority.NORMAL, 9, Priority.URGENT),
        (Priority.URGENT, 4, Priority.URGENT),
        (Priority.EMERGENCY, 4, Priority.EMERGENCY),
    ],
)
def test_from_so_many_on_it_is_urgent_and_never_less_than_it_was(
    before: Priority, followers: int, after: Priority
) -> None:
    joined, update = follow(replace(TICKET, priority=before, followers=followers), at=NOW, note="", urgent_from=5)
    assert joined.priority is after
    rose = (Change(field=Field.PRIORITY, old="normal", new="urgent"),) if before is not after else ()
    assert update.changes == rose


def test_who_leaves_is_one_less_and_it_stays_urgent() -> None:
    left, update = leave(replace(TICKET, followers=5, priority=Priority.URGENT), at=NOW)
    assert (left.followers, left.priority, left.version) == (4, Priority.URGENT, 2)
    assert (update.event, update.public) == (Event.LEFT, False)
    assert leave(TICKET, at=NOW)[0].followers == 0
