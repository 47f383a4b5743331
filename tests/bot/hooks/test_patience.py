"""When what failed comes again."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.hooks.patience import GIVE_UP, setback
from bot.hooks.sending import Answer
from bot.hooks.target import Trouble
from bot.ports.hooks import BROKEN, Happened, Hook, State
from tickets.happening import Happening

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
DOWN = Answer(trouble=Trouble.TIMEOUT)


def event(*, attempts: int = 1, since: datetime | None = None, **values: object) -> Happened:
    fields: dict[str, object] = {"id": 1, "name": "x", "url": "x", "secrets": (b"n",), "made_at": NOW, "due": NOW}
    hook = Hook(**(fields | values))  # type: ignore[arg-type]
    return Happened(
        id=1, hook=hook, number="A", version=1, happening=Happening.FILED, at=NOW, since=since, attempts=attempts
    )  # fmt: skip


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 5), (2, 30), (3, 120), (4, 600), (5, 1800), (6, 3600), (60, 3600)]
)
def test_it_comes_again_later_each_time(attempts: int, seconds: int) -> None:
    back = setback(event(attempts=attempts), DOWN, NOW, Random(1))
    assert back.again is not None
    assert 0.8 * seconds <= (back.again - NOW).total_seconds() <= 1.2 * seconds


def test_it_comes_no_sooner_than_the_subscriber_asks_and_nothing_else_does() -> None:
    back = setback(event(), Answer(status=429, trouble=Trouble.STATUS, later=timedelta(minutes=20)), NOW, Random(1))
    assert back.again == back.hold == NOW + timedelta(minutes=20)


def test_after_three_days_it_is_set_aside_and_the_subscriber_goes_on() -> None:
    back = setback(event(attempts=80, since=NOW - GIVE_UP), DOWN, NOW, Random(1))
    assert (back.again, back.state) == (None, State.ON)


def test_a_subscriber_that_took_nothing_for_three_days_is_stopped_and_keeps_what_waits() -> None:
    back = setback(event(since=NOW - GIVE_UP, failures=90, failing_since=NOW - GIVE_UP), DOWN, NOW, Random(1))
    assert (back.again, back.state) == (NOW, State.FAILING)


def test_who_wants_no_more_is_asked_no_more() -> None:
    assert setback(event(), Answer(status=410, trouble=Trouble.GONE), NOW, Random(1)).state is State.GONE


def test_one_event_that_is_refused_holds_up_no_other_and_five_in_a_row_do() -> None:
    assert setback(event(failures=BROKEN - 2), DOWN, NOW, Random(1)).hold == NOW
    assert setback(event(failures=BROKEN - 1), DOWN, NOW, Random(1)).hold == NOW + timedelta(seconds=5)
    assert setback(event(failures=10_000), DOWN, NOW, Random(1)).hold == NOW + timedelta(minutes=15)


@given(st.integers(1, 10_000), st.integers(0, 10_000), st.integers(0, 4 * 86_400), st.integers(0, 4 * 86_400))
def test_nothing_is_ever_put_off_beyond_what_is_promised(attempts: int, failures: int, first: int, long: int) -> None:
    since, failing = NOW - timedelta(seconds=first), NOW - timedelta(seconds=long)
    back = setback(
        event(attempts=attempts, since=since, failures=failures, failing_since=failing), DOWN, NOW, Random(1)
    )
    assert NOW <= back.hold <= NOW + timedelta(minutes=15)
    assert back.again is None or NOW <= back.again <= NOW + timedelta(minutes=72)
    assert (back.again is None) <= (first + 72 * 60 >= GIVE_UP.total_seconds())
