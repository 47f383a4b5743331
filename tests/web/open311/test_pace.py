"""How often a caller may ask."""

from datetime import timedelta

from tests.web.world import NOW
from web.open311.pace import Pace


def test_a_minutes_requests_may_come_at_once_and_then_one_waits() -> None:
    pace = Pace()
    assert [pace.take("a", NOW, 3) for _ in range(4)] == [0, 0, 0, 20]
    assert pace.take("b", NOW, 3) == 0  # somebody else
    assert pace.take("a", NOW + timedelta(seconds=20), 3) == 0
    assert pace.take("a", NOW + timedelta(seconds=20), 3) == 20


def test_who_waited_long_has_no_more_than_a_minutes_requests() -> None:
    pace = Pace()
    pace.take("a", NOW, 3)
    later = NOW + timedelta(days=1)
    assert [pace.take("a", later, 3) for _ in range(4)] == [0, 0, 0, 20]


def test_a_clock_that_was_set_back_gives_nothing() -> None:
    pace = Pace()
    for _ in range(3):
        pace.take("a", NOW, 3)
    assert pace.take("a", NOW - timedelta(hours=1), 3) > 0


def test_callers_who_were_not_seen_for_longest_are_forgotten() -> None:
    pace = Pace()
    for n in range(10_001):
        pace.take(str(n), NOW, 1)
    assert pace.take("0", NOW, 1) == 0
    assert pace.take("10000", NOW, 1) > 0
