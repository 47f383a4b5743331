"""When a ticket is due: working hours or working days, counted on the city's calendar in its own time zone.

An opening or closing hour that a clock change takes away is read with the offset before it (PEP 495: an hour later on
the wall), one that comes twice is the first of both.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

_LONGEST = 366 * 5  # closed days in a row; a calendar that never opens must not spin for ever
_DAY = timedelta(days=1)
_MIDNIGHT = time()

Span = tuple[time, time]  # opening and closing of a day; closing at 00:00 is the day's end


class Unit(StrEnum):
    HOURS = "hours"
    DAYS = "days"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A promise: so many working hours, or working days (due at closing time of the last one); at least one."""

    amount: int
    unit: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Nation:
    """The country, and the region of it, whose holidays are the city's too, by their codes, with all of those days;
    and on which of them it `works` all the same."""

    country: str = ""
    region: str = ""
    days: Mapping[date, Mapping[str, str]] = field(default_factory=dict)
    works: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Opening spans per weekday (Monday is 0, absent means closed), each day's in order and apart, and holidays with
    their name by language, where they have one; in one time zone. `nation`: whose days are among them."""

    timezone: str
    opening: Mapping[int, tuple[Span, ...]]
    holidays: Mapping[date, Mapping[str, str]] = field(default_factory=dict)
    nation: Nation = Nation()

    @property
    def own(self) -> Mapping[date, Mapping[str, str]]:
        """The holidays that are the city's alone, or that it calls otherwise."""
        theirs = {day: names for day, names in self.nation.days.items() if day not in self.nation.works}
        return {day: names for day, names in self.holidays.items() if theirs.get(day) != names}

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def works_on(self, day: date) -> bool:
        return day not in self.holidays and day.weekday() in self.opening

    def sessions_on(self, day: date) -> list[tuple[datetime, datetime]]:
        """Opening and closing instants of a day, in UTC; none when closed. A clock change can leave nothing of one."""
        return _sessions_of(day, self.opening[day.weekday()], self.zone) if self.works_on(day) else []

    def closing_on(self, day: date) -> datetime:
        """The last closing of a day on which it works, in UTC."""
        return _end(day, self.opening[day.weekday()][-1][1], self.zone)


class NeverOpen(ValueError):
    """The calendar has no working time within five years; check `calendar.opening` and `calendar.holidays`."""


def due_at(start: datetime, target: Target, calendar: Calendar) -> datetime:
    """The promised instant, in UTC, for a ticket filed at `start` (aware). Raises NeverOpen."""
    if target.unit is Unit.HOURS:
        return _after(start, timedelta(hours=target.amount), calendar)
    return _after_days(start, target.amount, calendar)


def later(at: datetime, span: timedelta, calendar: Calendar) -> datetime:
    """The instant that is so much working time after `at`, in UTC; `at` itself for none. Raises NeverOpen."""
    return _after(at, span, calendar) if span else at


def worked(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """Working time between two instants; none when the second is no later."""
    total, now, end = timedelta(), start.astimezone(UTC), end.astimezone(UTC)
    with suppress(NeverOpen):
        for opens, closes in _sessions(now, calendar):
            begin = max(now, opens)
            if begin >= end:
                break
            if begin < closes:
                now = min(closes, end)
                total += now - begin
    return total


def opening_after(now: datetime, calendar: Calendar) -> datetime:
    """When somebody is at work: `now` itself during opening hours, else the next opening, in UTC. Raises NeverOpen."""
    return next(max(now, opens) for opens, closes in _sessions(now, calendar) if now < closes)


def _after(start: datetime, left: timedelta, calendar: Calendar) -> datetime:
    now = start.astimezone(UTC)
    for opens, closes in _sessions(now, calendar):
        # differences between UTC instants: a local day across a clock change has 23 or 25 hours
        begin = max(now, opens)
        if begin < closes:
            if begin + left <= closes:
                return begin + left
            left -= closes - begin
            now = closes
    raise NeverOpen


def _after_days(start: datetime, days: int, calendar: Calendar) -> datetime:
    """The day of filing does not count; people read "in 3 working days" so."""
    tomorrow = start.astimezone(calendar.zone).date() + _DAY
    for day in _working_days(tomorrow, calendar):
        days -= 1
        if days <= 0:
            return calendar.closing_on(day)
    raise NeverOpen


def _sessions(start: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """From the local day of `start` on, without end. Raises NeverOpen."""
    zone, opening = calendar.zone, calendar.opening
    for day in _working_days(start.astimezone(zone).date(), calendar):
        yield from _sessions_of(day, opening[day.weekday()], zone)


def _working_days(day: date, calendar: Calendar) -> Iterator[date]:
    """From `day` on, without end. Raises NeverOpen."""
    closed, opening, holidays = 0, calendar.opening, calendar.holidays
    while closed < _LONGEST:
        closed += 1
        if day.weekday() in opening and day not in holidays:
            closed = 0
            yield day
        day += _DAY
    raise NeverOpen


def _sessions_of(day: date, spans: tuple[Span, ...], zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    sessions = [(_instant(day, opens, zone), _end(day, closes, zone)) for opens, closes in spans]
    return [session for session in sessions if session[0] < session[1]]


def _instant(day: date, hour: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, hour, zone).astimezone(UTC)


def _end(day: date, closes: time, zone: ZoneInfo) -> datetime:
    return _instant(day + _DAY if closes == _MIDNIGHT else day, closes, zone)
