"""Where invented tickets are: along the city's streets, at its landmarks, and in words that nobody can place.

Some spots are told of again and again. Each week there is one for each service, and a storm has a few of its own.
"""

from collections.abc import Iterable, Sequence
from random import Random
from typing import NamedTuple

from bot.demo.seasons import Storm
from bot.demo.words import SOMEWHERE, some
from bot.ports import Places
from tickets.city import City
from tickets.model import Place, Point

_SPOTS = 4_000  # that are looked up; each is used again with other house numbers near by
_NEAR = 0.0002  # degrees, about 20 m
_VAGUE, _LANDMARK, _OF_WEEK = 0.07, 0.11, 0.09  # shares
_IN_STORM = 0.7  # share of a storm's reports that comes from where it is worst
_OF_STORM = 12  # spots
_PILED = 1.6  # the higher, the more often the first spots
_HOUSES = 240
_NUMBER_FIRST = frozenset({"en", "fr"})


class Where(NamedTuple):
    """A ticket's place, as its row has it."""

    words: str
    latitude: float | None = None
    longitude: float | None = None
    street: str | None = None
    area: str | None = None


class Spot(NamedTuple):
    """A house in a street; degrees."""

    street: str
    house: int
    latitude: float
    longitude: float
    area: str | None


class Spots:
    """All that is drawn before `any` comes from `random`."""

    def __init__(
        self, city: City, places: Places, random: Random, storms: Sequence[Storm] = (), weeks: int = 1
    ) -> None:
        self._marks = [_where(places.resolve(landmark.name)) for landmark in city.landmarks]
        streets = [street for street in city.streets if len(street.line) > 1]
        chosen = random.choices(streets, k=_SPOTS if len(streets) < _SPOTS else len(streets)) if streets else []
        self._spots = [_spot(street.name, _along(street.line, random), places, random) for street in chosen]
        many = range((weeks + 1) * len(city.services) if self._spots else 0)
        self._services, self._of_week = len(city.services), [random.choice(self._spots) for _ in many]
        self._of_storm = [self._worst(storm.areas, random) for storm in storms]

    def any(self, language: str, random: Random, service: int = 0, week: int = 0, storm: int | None = None) -> Where:
        """In the words of a language; `service` by its place in the city's list, `week` from the beginning."""
        if storm is not None and self._of_storm[storm] and random.random() < _IN_STORM:
            return _at(random.choice(self._of_storm[storm]), language, random, house=None)
        dice = random.random()
        if dice < _VAGUE or not (self._spots or self._marks):
            return Where(some(SOMEWHERE, language, random))
        if self._marks and (dice < _VAGUE + _LANDMARK or not self._spots):
            return random.choice(self._marks)
        if dice < _VAGUE + _LANDMARK + _OF_WEEK:
            return _at(self._of_week[week * self._services + service], language, random, house=None)
        spot = self._spots[int(len(self._spots) * random.random() ** _PILED)]
        return _at(spot, language, random, house=1 + int(random.random() * _HOUSES))

    def _worst(self, areas: Iterable[str], random: Random) -> list[Spot]:
        there = [spot for spot in self._spots if spot.area in set(areas)]
        return random.sample(there, min(_OF_STORM, len(there)))


def _at(spot: Spot, language: str, random: Random, *, house: int | None) -> Where:
    """`house`: another one of that street near by."""
    house = house or spot.house
    words = f"{house} {spot.street}" if language in _NUMBER_FIRST else f"{spot.street} {house}"
    up, right = _NEAR * (2 * random.random() - 1), _NEAR * (2 * random.random() - 1)
    return Where(words, spot.latitude + up, spot.longitude + right, spot.street, spot.area)


def _along(line: Sequence[tuple[float, float]], random: Random) -> Point:
    """Somewhere on one of its pieces."""
    n, share = random.randrange(len(line) - 1), random.random()
    (west, south), (east, north) = line[n], line[n + 1]
    return Point(latitude=south + (north - south) * share, longitude=west + (east - west) * share)


def _spot(street: str, point: Point, places: Places, random: Random) -> Spot:
    house = random.randint(1, _HOUSES)
    return Spot(street, house, point.latitude, point.longitude, places.locate(point).area)


def _where(place: Place) -> Where:
    point = place.point
    latitude, longitude = (point.latitude, point.longitude) if point else (None, None)
    return Where(place.words, latitude, longitude, place.street, place.area)
