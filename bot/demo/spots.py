"""Where invented tickets are: along the city's streets, at its landmarks, and in words that nobody can place."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from bot.ports import Places
from tickets.city import City
from tickets.model import Place, Point

_SPOTS = 4_000  # that are looked up; each is used again with other house numbers near by
_NEAR = 0.0002  # degrees, about 20 m
_LANDMARK, _VAGUE = 0.12, 0.08  # shares
_HOUSES = 240
_NUMBER_FIRST = frozenset({"en", "fr"})
_SOMEWHERE = {
    "es": ("frente a la casa verde", "a la vuelta de la panadería", "donde para el bus", "detrás del colegio"),
    "pt": ("em frente à casa azul", "atrás da padaria", "perto do ponto de ônibus", "na esquina de casa"),
    "en": ("opposite the blue house", "behind the bakery", "by the bus stop", "at the corner of our road"),
    "fr": ("en face de la maison bleue", "derrière la boulangerie", "près de l'arrêt de bus", "au coin de chez moi"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    street: str
    point: Point
    area: str | None


class Spots:
    """`any` gives a place in the words of a language."""

    def __init__(self, city: City, places: Places, random: Random) -> None:
        self._random = random
        self._marks = [places.resolve(landmark.name) for landmark in city.landmarks]
        streets = [street for street in city.streets if len(street.line) > 1]
        chosen = random.choices(streets, k=_SPOTS if len(streets) < _SPOTS else len(streets)) if streets else []
        self._spots = [_spot(street.name, _along(street.line, random), places) for street in chosen]

    def any(self, language: str) -> Place:
        dice = self._random.random()
        if dice < _VAGUE or not (self._spots or self._marks):
            return Place(words=self._random.choice(_SOMEWHERE.get(language, _SOMEWHERE["en"])))
        if self._marks and (dice < _VAGUE + _LANDMARK or not self._spots):
            return self._random.choice(self._marks)
        return self._address(self._random.choice(self._spots), language)

    def _address(self, spot: Spot, language: str) -> Place:
        house = self._random.randint(1, _HOUSES)
        words = f"{house} {spot.street}" if language in _NUMBER_FIRST else f"{spot.street} {house}"
        around = self._random.uniform
        point = Point(
            latitude=spot.point.latitude + around(-_NEAR, _NEAR), longitude=spot.point.longitude + around(-_NEAR, _NEAR)
        )
        return Place(words=words, point=point, street=spot.street, area=spot.area)


def _along(line: Sequence[tuple[float, float]], random: Random) -> Point:
    """Somewhere on one of its pieces."""
    n, share = random.randrange(len(line) - 1), random.random()
    (west, south), (east, north) = line[n], line[n + 1]
    return Point(latitude=south + (north - south) * share, longitude=west + (east - west) * share)


def _spot(street: str, point: Point, places: Places) -> Spot:
    return Spot(street=street, point=point, area=places.locate(point).area)
