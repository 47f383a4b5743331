"""Who reports what when in an invented history, and under which number: all that must be decided in one place."""

from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from random import Random
from typing import Generic, NamedTuple, TypeVar

from bot.demo.seasons import HOUR, Seasons
from tickets.city import City
from tickets.number import new_number

T = TypeVar("T")
# shares of channels, and of languages in the city's order
_CHANNELS = {"simulated_whatsapp": 44, "simulated_telegram": 31, "simulated_sms": 25}
_LANGUAGES = (50, 20, 18, 12)  # further ones: 5


class Chance(Generic[T]):
    """One of several things, by their shares."""

    def __init__(self, shares: Mapping[T, float]) -> None:
        self._things, self._sums = list(shares), list(accumulate(shares.values()))

    def draw(self, random: Random) -> T:
        return self._things[bisect(self._sums, random.random() * self._sums[-1], 0, len(self._sums) - 1)]


class Reporter(NamedTuple):
    """Somebody who writes: `id` as the store gave it."""

    id: int
    channel: str
    language: str


class Report(NamedTuple):
    """The beginning of a ticket; `at` in seconds since 1970, `service` by its place in the city's list."""

    at: int
    service: int
    storm: int | None
    number: str
    reporter: Reporter


class Reports:
    """`taken`: numbers that are given already, and grows. The same `random` makes the same reports."""

    def __init__(self, city: City, seasons: Seasons, random: Random, *, now: int, taken: set[str]) -> None:
        self._random, self._taken, self._now = random, taken, now
        self._seasons, self._likely = seasons, seasons.likely()
        shares = [*_LANGUAGES, *[5] * len(city.languages)]
        self._languages = Chance(dict(zip(city.languages, shares, strict=False)))
        self._channels, self.met = Chance(_CHANNELS), list[Reporter]()

    def moments(self, count: int) -> list[int]:
        """In which hour what is told of which service, oldest first: places of cells."""
        return sorted(self._random.choices(range(len(self._likely)), cum_weights=self._likely, k=count))

    def meet(self, ids: Sequence[int]) -> list[Reporter]:
        """New neighbours, who may write from now on."""
        draw = self._random
        met = [Reporter(id_, self._channels.draw(draw), self._languages.draw(draw)) for id_ in ids]
        self.met += met
        return met

    def of(self, moments: Sequence[int]) -> list[Report]:
        """By anyone we have met, oldest first: some write again and again, most of them once."""
        return sorted(self._reports(moments), key=lambda report: report.at)

    def some(self, count: int) -> list[int]:
        """Ids of people we have met, who may join what others report."""
        return [one.id for one in self._random.choices(self.met, k=count)]

    def _reports(self, moments: Sequence[int]) -> Iterator[Report]:
        dice, met = self._random.random, self.met
        for cell in map(self._seasons.cell, moments):
            at = min(self._now, cell.begin + int(HOUR * dice()))
            yield Report(at, cell.service, cell.storm, self._number(), met[int(len(met) * dice() ** 1.7)])

    def _number(self) -> str:
        while (number := new_number(self._random)) in self._taken:
            pass
        self._taken.add(number)
        return number
