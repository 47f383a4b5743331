"""How many reports each hour of an invented history brings of each service: hours, weekdays, holidays, seasons, storms.

People write in the morning and the evening, on Mondays more than on Sundays, and more of them each year. It rains from
May to November, trees break in dry wood, lamps are missed in long nights; south of the equator half a year later.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from math import cos, tau
from random import Random
from typing import NamedTuple

from tickets.city import City

HOUR, DAY = 3600, 86_400  # seconds
_SERVICES = {"waste": 21, "lighting": 15, "pothole": 14, "water": 11, "tree": 7, "animal": 6, "noise": 6}  # others: 4
_WEEKDAYS = (1.25, 1.15, 1.05, 1.0, 1.0, 0.7, 0.5)  # from Monday
_HOURS = (1, 1, 1, 1, 1, 2, 5, 9, 12, 12, 11, 10, 9, 8, 8, 8, 9, 10, 11, 11, 10, 8, 5, 2)
_GROWTH = 0.3  # more at the end than at the beginning
_HOLIDAY = 0.45  # as many as on another day
# the month in which there are most, and how many more those are than the mean
_SEASONS = {"water": (9, 0.5), "pothole": (10, 0.35), "animal": (8, 0.45), "tree": (3, 0.4), "lighting": (12.7, 0.45)}
_YEAR = 365.25
STORMY = frozenset({"water", "tree", "lighting"})
_STORM = 5.0  # times as many of those
_STORMS_A_YEAR = 7
_RAINS_IN = 9  # the month in which most storms come


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """A day or two, in seconds since 1970. `areas`: codes, where it is worst."""

    begin: int
    end: int
    areas: tuple[str, ...]


class Cell(NamedTuple):
    """An hour and what it brings of one service (its place in the city's list)."""

    begin: int
    service: int
    storm: int | None


class Seasons:
    """From `begin` until `now`, in seconds since 1970; storms are drawn from `random`."""

    def __init__(self, city: City, random: Random, begin: int, now: int) -> None:
        self._city, self._zone, self._begin, self._now = city, city.calendar.zone, begin, now
        points = [mark.point.latitude for mark in city.landmarks] or [at[1] for area in city.areas for at in area.ring]
        self._half_a_year = 0.5 if points and sum(points) < 0 else 0.0
        self.storms = tuple(self._storms(random))
        self._stormy = {hour: n for n, storm in enumerate(self.storms) for hour in self._hours(storm)}

    def likely(self) -> list[float]:
        """What each cell brings, as a running sum: hour by hour the services in the city's order."""
        found, today = list[float](), date.min
        for hour, begin in enumerate(range(self._begin, self._now, HOUR)):
            local = datetime.fromtimestamp(begin, self._zone)
            if local.date() != today:
                today = local.date()
                day, shares = self._day(today), self._shares(today)
            grown = 1 + _GROWTH * (begin - self._begin) / (self._now - self._begin)
            usual, stormy = day * _HOURS[local.hour] * grown, hour in self._stormy
            found += [usual * share * (_STORM if stormy and breaks else 1.0) for share, breaks in shares]
        return list(accumulate(found))

    def cell(self, place: int) -> Cell:
        """The one in this place."""
        hour, service = divmod(place, len(self._city.services))
        stormy = self._city.services[service].code in STORMY
        return Cell(self._begin + hour * HOUR, service, self._stormy.get(hour) if stormy else None)

    def _day(self, day: date) -> float:
        calendar = self._city.calendar
        holiday = day.weekday() in calendar.opening and not calendar.works_on(day)
        return _WEEKDAYS[day.weekday()] * (_HOLIDAY if holiday else 1.0)

    def _shares(self, day: date) -> list[tuple[float, bool]]:
        """Of each service, and whether storms bring more; of one that is another body's nothing is filed here."""
        return [
            (
                (0 if service.body else _SERVICES.get(service.code, 4))
                * self._season(day, *_SEASONS.get(service.code, (1, 0.0))),
                service.code in STORMY,
            )
            for service in self._city.services
        ]

    def _season(self, day: date, month: float, more: float) -> float:
        peak = ((month - 0.5) / 12 + self._half_a_year) * _YEAR
        return 1 + more * cos(tau * (day.timetuple().tm_yday - peak) / _YEAR)

    def _storms(self, random: Random) -> Iterator[Storm]:
        """At least one, within the last weeks that a digest shows; most of them in the rainy season."""
        days = max(1, (self._now - self._begin) // DAY)
        codes = [area.code for area in self._city.areas]
        wet = [1.1 + cos(tau * (self._of_year(day) - _RAINS_IN / 12 - self._half_a_year)) for day in range(days)]
        drawn = random.choices(range(days), wet, k=round(days / _YEAR * _STORMS_A_YEAR))
        for day in sorted({max(0, days - random.randint(9, 40)), *drawn}):
            begin = self._begin + day * DAY + random.randrange(DAY)
            areas = tuple(random.sample(codes, min(len(codes), random.randint(1, 2))))
            yield Storm(begin=begin, end=begin + random.randint(DAY, 2 * DAY), areas=areas)

    def _of_year(self, day: int) -> float:
        at = datetime.fromtimestamp(self._begin, UTC) + timedelta(days=day)
        return at.timetuple().tm_yday / _YEAR

    def _hours(self, storm: Storm) -> range:
        """Those that begin while it lasts."""
        first, end = (-(-(at - self._begin) // HOUR) for at in (storm.begin, storm.end))
        return range(first, end)
