"""When a ticket is due: working hours or working days, counted on the city's calendar in its own time zone."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

_LONGEST = 366 * 5  # days; a calendar that never opens must not spin for ever


class Unit(StrEnum):
    HOURS = "hours"
    DAYS = "days"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A promise: so many working hours, or working days (due at closing time of the last one)."""

    amount: int
    unit: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Opening hours per weekday (Monday is 0, absent means closed) and holidays, in one time zone."""

    timezone: str
    opening: dict[int, tuple[time, time]]
    holidays: frozenset[date] = field(default_factory=frozenset)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def hours_on(self, day: date) -> tuple[datetime, datetime] | None:
        """Opening and closing instant of a day, or None when closed."""
        if day in self.holidays or day.weekday() not in self.opening:
            return None
        opens, closes = self.opening[day.weekday()]
        return datetime.combine(day, opens, self.zone), datetime.combine(day, closes, self.zone)


class NeverOpen(ValueError):
    """The calendar has no working time within five years; check `calendar.opening` and `calendar.holidays`."""


def due_at(start: datetime, target: Target, calendar: Calendar) -> datetime:
    """The promised instant, in UTC, for a ticket filed at `start` (aware). Raises NeverOpen."""
    if target.unit is Unit.HOURS:
        return _after_hours(start, timedelta(hours=target.amount), calendar)
    return _after_days(start, target.amount, calendar)


def opening_after(now: datetime, calendar: Calendar) -> datetime:
    """When somebody is at work: `now` itself during opening hours, else the next opening, in UTC. Raises NeverOpen."""
    for opens, closes in _sessions(now, calendar):
        if now < closes:
            return max(now, opens)
    raise NeverOpen


def _after_hours(start: datetime, left: timedelta, calendar: Calendar) -> datetime:
    utc = start.astimezone(ZoneInfo("UTC"))
    for opens, closes in _sessions(start, calendar):
        begin = max(utc, opens)
        # differences between UTC instants: a local day across a clock change has 23 or 25 hours
        if begin < closes:
            if begin + left <= closes:
                return begin + left
            left -= closes - begin
    raise NeverOpen


def _after_days(start: datetime, days: int, calendar: Calendar) -> datetime:
    first = start.astimezone(calendar.zone).date()
    for opens, closes in _sessions(start, calendar):
        if opens.astimezone(calendar.zone).date() == first and days > 0:
            continue  # the day of filing does not count; people read "in 3 working days" so
        days -= 1
        if days <= 0:
            return closes
    raise NeverOpen


def _sessions(start: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    first = start.astimezone(calendar.zone).date()
    utc = ZoneInfo("UTC")
    days = (calendar.hours_on(first + timedelta(days=n)) for n in range(_LONGEST))
    return ((hours[0].astimezone(utc), hours[1].astimezone(utc)) for hours in days if hours)
