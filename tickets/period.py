"""Stretches of a city's days: the week of a digest, and those before it that it is compared with."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_WEEK = re.compile(r"(\d{4})-W(\d{2})")
WEEK = 7  # days


class BadWeek(ValueError):
    """No ISO week is written so; write one such as 2026-W47."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Period:
    """`days` days from `begin` on, as the city's own calendar counts them."""

    begin: date
    days: int = WEEK

    @property
    def last(self) -> date:
        return self.begin + timedelta(days=self.days - 1)

    def before(self, periods: int = 1) -> "Period":
        """The one that ended where this one begins, or one further back."""
        return Period(begin=self.begin - timedelta(days=self.days * periods), days=self.days)

    def instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Its first instant and the one after its last, in UTC. Seven days are not always 168 hours."""
        first, end = self.begin, self.begin + timedelta(days=self.days)
        return _midnight(first, zone), _midnight(end, zone)

    @property
    def week(self) -> str:
        """`2026-W47` where it is a week from Monday to Sunday, else ""."""
        year, week, weekday = self.begin.isocalendar()
        return f"{year}-W{week:02}" if (self.days, weekday) == (WEEK, 1) else ""


def week(written: str) -> Period:
    """The ISO week written so; raises BadWeek."""
    found = _WEEK.fullmatch(written.strip())
    if not found:
        raise BadWeek(f"{written} is no week; write one such as 2026-W47")
    try:
        return Period(begin=date.fromisocalendar(int(found[1]), int(found[2]), 1))
    except ValueError:
        raise BadWeek(f"{written}: that year has no such week; write one such as 2026-W47") from None


def last_week(now: datetime, zone: ZoneInfo) -> Period:
    """The latest week that is over."""
    today = now.astimezone(zone).date()
    return Period(begin=today - timedelta(days=today.weekday() + WEEK))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """When the day begins; where a clock change takes midnight away, the first instant there is."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
