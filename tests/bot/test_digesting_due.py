"""When a digest is due, and of which week."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digesting.due import due, latest
from bot.digesting.subscriber import Sending, Subscriber
from channels.message import Contact

PUERTO = "America/Puerto_Rico"
ANA = Contact(channel="email", address="ana@city.example")
ZONES = ("America/Puerto_Rico", "America/Santiago", "Europe/Paris", "America/Havana", "Africa/Cairo", "Pacific/Apia")


def at(written: str, zone: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "now", "day", "hour", "expected"),
    [
        (PUERTO, "2026-11-23T07:00:00", 0, 7, "2026-11-23T07:00:00"),
        (PUERTO, "2026-11-23T06:59:59", 0, 7, "2026-11-16T07:00:00"),
        (PUERTO, "2026-11-29T23:59:59", 0, 7, "2026-11-23T07:00:00"),
        (PUERTO, "2026-11-26T12:00:00", 4, 18, "2026-11-20T18:00:00"),
        (PUERTO, "2027-01-04T09:00:00", 0, 8, "2027-01-04T08:00:00"),
        # 2:00 to 3:00 is left out on 29 March: it is due when clocks show 3:00
        ("Europe/Paris", "2026-03-29T03:00:00", 6, 2, "2026-03-29T03:00:00"),
        ("Europe/Paris", "2026-03-29T01:59:00", 6, 2, "2026-03-22T02:00:00"),
        # 2:00 to 3:00 comes twice on 25 October: it is due the first time
        ("Europe/Paris", "2026-10-25T02:00:00", 6, 2, "2026-10-25T02:00:00"),
        # midnight itself is left out in Havana
        ("America/Havana", "2026-03-08T01:00:00", 6, 0, "2026-03-08T01:00:00"),
    ],
)
def test_it_is_due_at_the_city_s_hour(zone: str, now: str, day: int, hour: int, expected: str) -> None:
    assert latest(at(now, zone), day, hour, ZoneInfo(zone)) == at(expected, zone)


def test_an_hour_that_comes_twice_is_due_once() -> None:
    zone = ZoneInfo("Europe/Paris")
    first = at("2026-10-25T02:30:00", "Europe/Paris")
    assert {latest(first + timedelta(minutes=30 * n), 6, 2, zone) for n in range(5)} == {
        at("2026-10-25T02:00:00", "Europe/Paris")
    }


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
    st.integers(0, 6), st.integers(0, 23), st.sampled_from(ZONES),
)  # fmt: skip
def test_it_is_past_and_the_next_one_is_not(now: datetime, day: int, hour: int, zone: str) -> None:
    found = latest(now, day, hour, ZoneInfo(zone))
    assert found <= now
    assert timedelta(days=6, hours=22) <= latest(now + timedelta(days=7), day, hour, ZoneInfo(zone)) - found
    assert now - found < timedelta(days=7, hours=2)  # a week with its clock change
    assert found.astimezone(ZoneInfo(zone)).weekday() == day


@pytest.mark.parametrize(
    ("now", "day", "week"),
    [
        ("2026-11-23T08:00:00", 0, "2026-W47"),
        ("2026-11-23T06:00:00", 0, "2026-W46"),  # before the hour: that of last Monday
        ("2026-11-22T20:00:00", 6, "2026-W46"),  # on Sunday evening this week is not over
        ("2027-01-04T08:00:00", 0, "2026-W53"),
    ],
)
def test_it_is_of_the_latest_week_that_was_over_then(now: str, day: int, week: str) -> None:
    sending = Sending(day=day, subscribers=(Subscriber(contact=ANA, language="es", hour=7),))
    (one,) = due(sending, at(now, PUERTO), ZoneInfo(PUERTO))
    assert one.period.week == week
