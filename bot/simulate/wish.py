"""What somebody wants to be filed, and whether what they read, or what stands in the store, is it."""

import re
from dataclasses import dataclass
from random import Random

from rapidfuzz import fuzz

from bot.simulate.spelling import bare
from bot.simulate.vocabulary import Spot, Vocabulary
from tickets.city import City
from tickets.model import Place, Point, Ticket

_ALIKE = 75.0  # 0-100: a street as somebody may mistype it
_WORD = re.compile(r"\w+")
_SMALL = frozenset({"calle", "rua", "rue", "avenida", "avenue", "street", "road", "lane", "boulevard", "impasse"})


@dataclass(slots=True, kw_only=True)
class Wish:
    """One report as its citizen has it in mind. `pinned`: they would rather mark the spot on the map."""

    service: str
    spot: Spot
    problem: str
    pinned: bool = False
    marked: bool = False  # the pin is sent
    elsewhere: Point | None = None  # the pin is not on that spot, but here
    joins: bool = False  # a neighbour's report of the same, if there is one
    whatever: bool = False  # the service it is filed under

    @property
    def whole(self) -> str:
        return f"{self.problem} {self.spot.behind}"


def wish(service: str, words: Vocabulary, random: Random) -> Wish:
    return Wish(service=service, spot=random.choice(words.spots), problem=words.opening(service, random))


def is_there(spot: Spot, said: str) -> bool:
    """Whether these words may mean this place."""
    key = _key(spot)
    words = " ".join(_WORD.findall(bare(said).lower()))
    if len(key) <= 2:  # a numbered street
        return key in words.split()
    return fuzz.partial_ratio(key, words) >= _ALIKE


def _key(spot: Spot) -> str:
    """The word that tells this place from others."""
    telling: list[str] = [word for word in _WORD.findall(bare(spot.meant).lower()) if word not in _SMALL]
    return telling[-1]


def point_of(spot: Spot, city: City) -> Point | None:
    """The middle of the street that is meant; None for a landmark."""
    line = next((street.line for street in city.streets if street.name == spot.meant), None)
    if line is None:
        return None
    (x1, y1), (x2, y2) = line[0], line[-1]
    return Point(latitude=(y1 + y2) / 2, longitude=(x1 + x2) / 2)


def fits(wanted: Wish, ticket: Ticket) -> bool:
    """Whether this ticket is what was wanted."""
    return ticket.service == wanted.service and is_at(wanted, ticket.place)


def is_at(wanted: Wish, place: Place) -> bool:
    if wanted.marked and place.point is not None:
        return True
    return wanted.spot.meant in (place.street or "") or is_there(wanted.spot, place.words)
