"""Working time against a slow, obvious reference: every minute of some weeks, with what the clock on the wall shows.

The weeks are those in which clocks change, in either direction, at midnight and in the night.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.samples import TICKET
from tickets.calendar import Calendar, NeverOpen, Span, Target, Unit, due_at, later, opening_after, worked
from tickets.model import Actor, Author, Status, Ticket
from tickets.workflow import move

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WEEKS = [  # time zone, the day of the change
    ("America/Santiago", date(2026, 4, 5)),  # back, at midnight
    ("America/Santiago", date(2026, 9, 6)),  # forward, at midnight: that day has no 00:30
    ("Europe/Lisbon", date(2026, 3, 29)),  # forward, at 1
    ("Europe/Lisbon", date(2026, 10, 25)),  # back, at 2
    ("America/Sao_Paulo", date(2018, 11, 4)),  # forward, at midnight
    ("America/Sao_Paulo", date(2018, 2, 18)),  # back, at midnight
    ("America/Puerto_Rico", date(2026, 11, 22)),  # no change at all
]
BEFORE, AFTER = 8, 32  # days around the change
CLERK = Actor(author=Author.CLERK, name="rosa")


@cache
def wall(zone: str, middle: date) -> dict[datetime, datetime]:
    """Which instant it is when the clock on the wall first shows a minute."""
    shown: dict[datetime, datetime] = {}
    begin = datetime.combine(middle - BEFORE * DAY, time(), UTC)
    for n in range((BEFORE + AFTER) * 24 * 60):
        at = begin + n * MINUTE
        shown.setdefault(at.astimezone(ZoneInfo(zone)).replace(tzinfo=None), at)
    return shown


@dataclass(frozen=True)
class Slow:
    """The reference: what is open is a set of minutes, and to count is to walk through them."""

    calendar: Calendar
    middle: date

    @property
    def begin(self) -> datetime:
        return datetime.combine(self.middle - (BEFORE - 2) * DAY, time(), UTC)

    def instant(self, day: date, hour: time) -> datetime:
        """Where the wall never shows it, it is as long after as clocks were put on: an hour in all of these zones."""
        shown, wanted = wall(self.calendar.timezone, self.middle), datetime.combine(day, hour)
        return shown[wanted] if wanted in shown else shown[wanted + HOUR]

    def days(self) -> list[date]:
        every = (self.middle + n * DAY for n in range(-BEFORE + 1, AFTER - 2))
        opening, closed = self.calendar.opening, self.calendar.holidays
        return [day for day in every if day.weekday() in opening and day not in closed]

    def session(self, day: date, span: Span) -> tuple[datetime, datetime]:
        opens, closes = span
        return self.instant(day, opens), self.instant(day + DAY if closes == time() else day, closes)

    def minutes(self) -> set[datetime]:
        found: set[datetime] = set()
        for day in self.days():
            for span in self.calendar.opening[day.weekday()]:
                at, closes = self.session(day, span)
                while at < closes:
                    found.add(at)
                    at += MINUTE
        return found

    def after(self, start: datetime, left: int, waits: Sequence[tuple[datetime, datetime]] = ()) -> datetime:
        now, minutes, last = start, self.minutes(), datetime.combine(self.middle + (AFTER - 3) * DAY, time(), UTC)
        while left:
            assume(now < last)
            if now in minutes and not any(begin <= now < end for begin, end in waits):
                left -= 1
            now += MINUTE
        return now

    def after_days(self, start: datetime, days: int) -> datetime:
        first = start.astimezone(self.calendar.zone).date()
        counted = [day for day in self.days() if day > first]
        assume(len(counted) >= days)
        last = counted[days - 1]
        return max(self.session(last, span)[1] for span in self.calendar.opening[last.weekday()])


def clock(quarters: int) -> time:
    return time(quarters // 4 % 24, quarters % 4 * 15)


def spans(edges: list[int]) -> tuple[Span, ...]:
    return tuple((clock(opens), clock(closes)) for opens, closes in zip(edges[::2], edges[1::2], strict=True))


EDGES = st.integers(1, 3).flatmap(
    lambda n: st.lists(st.integers(0, 96), min_size=2 * n, max_size=2 * n, unique=True).map(sorted).map(spans)
)


@st.composite
def slow(draw: st.DrawFn) -> Slow:
    """Opening spans as they come, at night too, and some holidays around the change."""
    zone, middle = draw(st.sampled_from(WEEKS))
    opening = draw(st.dictionaries(st.integers(0, 6), EDGES, min_size=2))
    holidays = draw(st.sets(st.integers(-5, 20), max_size=4))
    closed = {middle + n * DAY: {"en": "Feast"} for n in holidays}
    return Slow(calendar=Calendar(timezone=zone, opening=opening, holidays=closed), middle=middle)


STARTS = st.integers(0, 9 * 24 * 60)  # minutes after the reference's first day
slowly = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@slowly
@given(office=slow(), start=STARTS, hours=st.integers(1, 25))
def test_hours_agree_with_counting_every_minute(office: Slow, start: int, hours: int) -> None:
    at = office.begin + start * MINUTE
    due = due_at(at, Target(amount=hours, unit=Unit.HOURS), office.calendar)
    assert due == office.after(at, hours * 60)


@slowly
@given(office=slow(), start=STARTS, days=st.integers(1, 9))
def test_days_agree_with_walking_through_the_days(office: Slow, start: int, days: int) -> None:
    at = office.begin + start * MINUTE
    assert due_at(at, Target(amount=days, unit=Unit.DAYS), office.calendar) == office.after_days(at, days)


@slowly
@given(office=slow(), start=STARTS, span=st.integers(0, 20 * 24 * 60))
def test_what_was_worked_agrees_with_counting_every_minute(office: Slow, start: int, span: int) -> None:
    at = office.begin + start * MINUTE
    counted = sum(at <= minute < at + span * MINUTE for minute in office.minutes())
    assert worked(at, at + span * MINUTE, office.calendar) == counted * MINUTE


@slowly
@given(office=slow(), start=STARTS, hours=st.integers(2, 25), waits=st.lists(st.tuples(STARTS, STARTS), max_size=3))
def test_the_clock_stands_while_a_ticket_waits(
    office: Slow, start: int, hours: int, waits: list[tuple[int, int]]
) -> None:
    """Each wait so many minutes after the one before, and so many minutes long."""
    at = office.begin + start * MINUTE
    ticket = replace(TICKET, filed_at=at, due_at=due_at(at, Target(amount=hours, unit=Unit.HOURS), office.calendar))
    stood: list[tuple[datetime, datetime]] = []
    for before, long in waits:
        begin = (stood[-1][1] if stood else at) + before // 10 * MINUTE
        assume(begin < ticket.due_at)
        ticket = wait(ticket, begin, begin + long // 4 * MINUTE, office.calendar)
        stood.append((begin, begin + long // 4 * MINUTE))
    assert ticket.due_at == office.after(at, hours * 60, stood)
    assert ticket.waiting_since is None


def wait(ticket: Ticket, begin: datetime, end: datetime, calendar: Calendar) -> Ticket:
    waiting, update = move(ticket, Status.WAITING, calendar, actor=CLERK, at=begin)
    assert (waiting.waiting_since, waiting.due_at, update.changes) == (begin, ticket.due_at, ())
    return move(waiting, Status.IN_PROGRESS, calendar, actor=CLERK, at=end)[0]


@given(
    office=slow(),
    start=st.datetimes(datetime(2018, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),
    one=st.timedeltas(timedelta(), timedelta(hours=60)),
    two=st.timedeltas(timedelta(), timedelta(hours=60)),
)
def test_spans_add_up_and_are_measured_again(office: Slow, start: datetime, one: timedelta, two: timedelta) -> None:
    calendar = office.calendar
    end = later(start, one, calendar)
    assert worked(start, end, calendar) == one
    assert later(end, two, calendar) == later(start, one + two, calendar)
    assert worked(end, start, calendar) == (one if end < start else timedelta())


OFFICE = Calendar(
    timezone="Europe/Lisbon",
    opening={day: ((time(8), time(12)), (time(14), time(18))) for day in range(5)} | {5: ((time(9), time(13)),)},
    holidays={date(2026, 4, 3): {"pt": "Sexta-feira Santa"}},
)


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=OFFICE.zone)


@pytest.mark.parametrize(
    ("filed", "hours", "due"),
    [
        (local(2026, 3, 30, 8), 4, local(2026, 3, 30, 12)),  # from opening to the very closing
        (local(2026, 3, 30, 8), 8, local(2026, 3, 30, 18)),
        (local(2026, 3, 30, 12), 1, local(2026, 3, 30, 15)),  # who writes at closing is served from the next opening
        (local(2026, 3, 30, 11, 59), 1, local(2026, 3, 30, 14, 59)),
        (local(2026, 3, 30, 13), 4, local(2026, 3, 30, 18)),  # at noon
        (local(2026, 3, 30, 18), 4, local(2026, 3, 31, 12)),
        (local(2026, 3, 30, 7, 59), 1, local(2026, 3, 30, 9)),
        (local(2026, 3, 28, 12), 2, local(2026, 3, 30, 9)),  # Saturday, over the change of clocks
        (local(2026, 4, 2, 17), 5, local(2026, 4, 4, 13)),  # over Good Friday
    ],
)
def test_of_two_spans_a_day_each_is_counted_to_its_end(filed: datetime, hours: int, due: datetime) -> None:
    assert due_at(filed, Target(amount=hours, unit=Unit.HOURS), OFFICE) == due


@pytest.mark.parametrize(
    ("filed", "days", "due"),
    [
        (local(2026, 3, 30, 8), 1, local(2026, 3, 31, 18)),
        (local(2026, 3, 30, 23, 59), 1, local(2026, 3, 31, 18)),
        (local(2026, 4, 1, 9), 2, local(2026, 4, 4, 13)),  # over Good Friday, until Saturday's closing
        (local(2026, 3, 29, 0, 30), 1, local(2026, 3, 30, 18)),  # Sunday, before the change
    ],
)
def test_days_end_with_the_last_closing(filed: datetime, days: int, due: datetime) -> None:
    assert due_at(filed, Target(amount=days, unit=Unit.DAYS), OFFICE) == due


@pytest.mark.parametrize("lost", [None, timedelta(minutes=30)])
def test_nothing_passes_where_nobody_works(lost: timedelta | None) -> None:
    night = local(2026, 3, 30, 18), local(2026, 3, 31, 8)
    assert worked(*night, OFFICE) == timedelta()
    assert worked(night[0] - (lost or timedelta()), night[1], OFFICE) == (lost or timedelta())
    assert later(night[0], timedelta(), OFFICE) == night[0]


def test_an_office_that_never_closes_counts_every_hour_of_a_short_day_and_a_long_one() -> None:
    always = Calendar(timezone="Europe/Lisbon", opening={day: ((time(), time()),) for day in range(7)})
    for day, hours in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 1), 24)):
        begin = datetime.combine(day, time(), always.zone)
        assert worked(begin, datetime.combine(day + DAY, time(), always.zone), always) == hours * HOUR
        assert due_at(begin, Target(amount=1, unit=Unit.DAYS), always) == datetime.combine(
            day + 2 * DAY, time(), always.zone
        )


def test_a_span_that_a_clock_change_swallows_is_none() -> None:
    night = Calendar(timezone="America/Santiago", opening={6: ((time(0, 30), time(1)), (time(1, 15), time(2)))})
    sessions = night.sessions_on(date(2026, 9, 6))  # 00:30 is read as 01:30 then
    assert [closes - opens for opens, closes in sessions] == [45 * MINUTE]
    assert len(night.sessions_on(date(2026, 9, 13))) == 2


def test_a_calendar_that_works_once_a_week_keeps_a_far_promise() -> None:
    weekly = Calendar(timezone="UTC", opening={2: ((time(9), time(10)),)})
    start = datetime(2026, 11, 22, tzinfo=UTC)
    assert due_at(start, Target(amount=1000, unit=Unit.DAYS), weekly) == datetime(2046, 1, 17, 10, tzinfo=UTC)
    assert opening_after(start, weekly) == datetime(2026, 11, 25, 9, tzinfo=UTC)


def test_a_calendar_with_nothing_but_holidays_is_never_open() -> None:
    start = date(2026, 1, 1)
    closed: dict[date, dict[str, str]] = {start + n * DAY: {} for n in range(366 * 6)}
    shut = replace(OFFICE, holidays=closed)
    with pytest.raises(NeverOpen):
        due_at(local(2026, 2, 1), Target(amount=1, unit=Unit.DAYS), shut)
    with pytest.raises(NeverOpen):
        opening_after(local(2026, 2, 1), shut)
    assert worked(local(2026, 2, 1), local(2026, 6, 1), shut) == timedelta()
