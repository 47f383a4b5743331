from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tickets.calendar import Calendar, NeverOpen, Target, Unit, due_at, opening_after

OPENING = {day: ((time(8), time(17)),) for day in range(5)}
SANTIAGO = Calendar(timezone="America/Santiago", opening=OPENING, holidays={date(2026, 12, 25): {}})


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SANTIAGO.zone)


@pytest.mark.parametrize(
    ("filed", "target", "due"),
    [
        (local(2026, 11, 23, 9), Target(amount=2, unit=Unit.HOURS), local(2026, 11, 23, 11)),
        (local(2026, 11, 23, 16), Target(amount=2, unit=Unit.HOURS), local(2026, 11, 24, 9)),
        (local(2026, 11, 20, 16, 30), Target(amount=1, unit=Unit.HOURS), local(2026, 11, 23, 8, 30)),  # over a weekend
        (local(2026, 11, 21, 12), Target(amount=9, unit=Unit.HOURS), local(2026, 11, 23, 17)),  # filed on a Saturday
        (local(2026, 11, 23, 9), Target(amount=2, unit=Unit.DAYS), local(2026, 11, 25, 17)),
        (local(2026, 12, 24, 9), Target(amount=1, unit=Unit.DAYS), local(2026, 12, 28, 17)),  # Christmas, weekend
        (local(2026, 11, 22, 3), Target(amount=1, unit=Unit.DAYS), local(2026, 11, 23, 17)),
    ],
)
def test_a_due_date_counts_only_working_time(filed: datetime, target: Target, due: datetime) -> None:
    assert due_at(filed, target, SANTIAGO) == due


def slow_hours(start: datetime, hours: int, calendar: Calendar) -> datetime:
    """The obvious way: walk minute by minute and count those in which the office is open."""
    left, now = hours * 60, start
    while left:
        today = calendar.sessions_on(now.astimezone(calendar.zone).date())
        now += timedelta(minutes=1)
        if any(opens < now <= closes for opens, closes in today):
            left -= 1
    return now


@settings(max_examples=40, deadline=None)
@given(
    start=st.datetimes(datetime(2026, 3, 1), datetime(2027, 4, 30)).map(lambda d: d.replace(second=0, microsecond=0)),
    hours=st.integers(1, 30),
)
def test_working_hours_agree_with_counting_every_minute(start: datetime, hours: int) -> None:
    aware = start.replace(tzinfo=UTC)
    expected = slow_hours(aware, hours, SANTIAGO)
    assert due_at(aware, Target(amount=hours, unit=Unit.HOURS), SANTIAGO) == expected


def test_a_calendar_that_never_opens_is_an_error_and_no_endless_loop() -> None:
    closed = Calendar(timezone="UTC", opening={})
    with pytest.raises(NeverOpen):
        due_at(datetime(2026, 1, 1, tzinfo=UTC), Target(amount=1, unit=Unit.DAYS), closed)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (local(2026, 11, 23, 9), local(2026, 11, 23, 9)),  # now
        (local(2026, 11, 23, 7, 59), local(2026, 11, 23, 8)),
        (local(2026, 11, 23, 17), local(2026, 11, 24, 8)),
        (local(2026, 11, 20, 18), local(2026, 11, 23, 8)),  # over a weekend
        (local(2026, 12, 24, 20), local(2026, 12, 28, 8)),  # Christmas, weekend
    ],
)
def test_somebody_is_at_work_now_or_from_the_next_opening_on(now: datetime, opens: datetime) -> None:
    assert opening_after(now, SANTIAGO) == opens


def test_who_never_opens_is_never_at_work() -> None:
    with pytest.raises(NeverOpen):
        opening_after(datetime(2026, 1, 1, tzinfo=UTC), Calendar(timezone="UTC", opening={}))
