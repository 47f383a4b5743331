"""Who reports when in an invented history, and under which number: all that must be decided in one place.

People write in the morning and the evening, on Mondays more than on Sundays, and more of them each year.
"""

from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

from tickets.city import City
from tickets.number import new_number

T = TypeVar("T")
# shares of channels, and of languages in the city's order; what people do when
_CHANNELS = {"simulated_whatsapp": 44, "simulated_telegram": 31, "simulated_sms": 25}
_LANGUAGES = (50, 20, 18, 12)  # further ones: 5
_DAYS = (1.25, 1.15, 1.05, 1.0, 1.0, 0.7, 0.5)  # from Monday
_HOURS = (1, 1, 1, 1, 1, 2, 5, 9, 12, 12, 11, 10, 9, 8, 8, 8, 9, 10, 11, 11, 10, 8, 5, 2)
_HOUR = 3600.0  # seconds
_GROWTH = 0.3  # more at the end than at the beginning


class Chance(Generic[T]):
    """One of several things, by their shares."""

    def __init__(self, shares: Mapping[T, float]) -> None:
        self._things, self._sums = list(shares), list(accumulate(shares.values()))

    def draw(self, random: Random) -> T:
        return self._things[bisect(self._sums, random.random() * self._sums[-1], 0, len(self._sums) - 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """Somebody who writes: `id` as the store gave it."""

    id: int
    channel: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The beginning of a ticket; `at` in seconds since 1970."""

    at: float
    number: str
    reporter: Reporter


class Reports:
    """`taken`: numbers that are given already, and grows. The same `random` makes the same reports."""

    def __init__(self, city: City, random: Random, *, now: datetime, weeks: int, taken: set[str]) -> None:
        self._random, self._taken = random, taken
        self._now, self._begin = now.timestamp(), (now - timedelta(weeks=weeks)).timestamp()
        self._zone, languages = city.calendar.zone, city.languages
        shares = [*_LANGUAGES, *[5] * len(languages)]
        self._languages = Chance(dict(zip(languages, shares, strict=False)))
        self._channels, self._reporters = Chance(_CHANNELS), list[Reporter]()

    def times(self, count: int) -> list[float]:
        """When tickets are filed, oldest first, in seconds since 1970."""
        hours = list(self._hours())
        drawn = self._random.choices(hours, [self._likely(begin) for begin in hours], k=count)
        return sorted(min(self._now, begin + _HOUR * self._random.random()) for begin in drawn)

    def meet(self, ids: Sequence[int]) -> list[Reporter]:
        """New neighbours, who may write from now on."""
        draw = self._random
        met = [Reporter(id=id_, channel=self._channels.draw(draw), language=self._languages.draw(draw)) for id_ in ids]
        self._reporters += met
        return met

    def of(self, times: Sequence[float]) -> list[Report]:
        """By anyone we have met: some write again and again, most of them once."""
        dice, met = self._random.random, self._reporters
        return [Report(at=at, number=self._number(), reporter=met[int(len(met) * dice() ** 1.7)]) for at in times]

    def _hours(self) -> Iterator[float]:
        """The beginnings of all hours until now."""
        begin = self._begin
        while begin < self._now:
            yield begin
            begin += _HOUR

    def _likely(self, begin: float) -> float:
        local = datetime.fromtimestamp(begin, UTC).astimezone(self._zone)
        grown = 1 + _GROWTH * (begin - self._begin) / (self._now - self._begin)
        return _DAYS[local.weekday()] * _HOURS[local.hour] * grown

    def _number(self) -> str:
        while (number := new_number(self._random)) in self._taken:
            pass
        self._taken.add(number)
        return number
