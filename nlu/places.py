"""Words or a pin -> a place the crew can find, by the city's own gazetteer, offline.

What is not found stays None: the citizen's words are always kept and the clerk sees them.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, product
from math import cos, radians

import shapely
from shapely.ops import nearest_points

from nlu.corners import BETWEEN, streets_said
from nlu.names import Hit, Names
from nlu.street_words import tokens
from tickets.city import Area, Landmark, Street
from tickets.model import Place, Point

NEAR = 80.0  # metres from a pin to the street it is said to be on
CROSSING = 40.0  # metres between two streets that people say cross
SPREAD = 1500.0  # metres; namesakes further apart, or a kilometre on a longer road, are no one spot
DEGREE = 111_320.0  # metres of a degree of latitude
_PIECES = 12  # of one name that are tried against another's; a street is seldom cut into more
_KILOMETRE = frozenset({"km", "kilometro", "kilometre", "kilometer", "quilometro", "kms"})


class Gazetteer:
    """The streets, landmarks and areas of one city, measured in metres around it. Keeps bot.ports.Places."""

    def __init__(self, areas: Sequence[Area], streets: Sequence[Street], landmarks: Sequence[Landmark]) -> None:
        self._areas, self._streets, self._landmarks = areas, streets, landmarks
        self._wide = DEGREE * cos(radians(_latitude(areas, streets, landmarks)))
        self._lines = [shapely.LineString([self._metres(*at) for at in street.line]) for street in streets]
        self._rings = [shapely.Polygon([self._metres(*at) for at in area.ring]) for area in areas]
        self._tree, self._around = shapely.STRtree(self._lines), shapely.STRtree(self._rings)
        self._street_names = Names((i, n) for i, s in enumerate(streets) for n in (s.name, *s.also))
        self._landmark_names = Names((i, n) for i, m in enumerate(landmarks) for n in (m.name, *m.also))

    def resolve(self, words: str) -> Place:
        """A block between two streets, else a corner, else a landmark, else a street; `words` are kept in any case."""
        said = tokens(words)
        named, sure = (_bearers(hits) for hits in streets_said(self._street_names, said))
        if not BETWEEN.isdisjoint(said) and (block := self._block(named)):
            place = Place(words=words, street=self._streets[block[0]].name)
            return self._at(place, self._middle(*block))
        if corner := self._corner(named):
            names = dict.fromkeys(self._streets[index].name for index in corner)
            return self._at(Place(words=words, street=" / ".join(names)), self._meeting(*corner))
        return self._mark_or_street(Place(words=words), sure, said)

    def _mark_or_street(self, place: Place, on: Sequence[tuple[int, ...]], said: Sequence[str]) -> Place:
        place = replace(place, street=self._streets[on[0][0]].name) if on else place
        if near := self._landmark_names.find(said):
            mark = self._landmarks[near[0].indexes[0]].point
            return self._at(place, shapely.Point(self._metres(mark.longitude, mark.latitude)))
        spot = self._somewhere_on(on[0], said) if on else None
        return self._at(place, spot) if spot else place

    def locate(self, point: Point, words: str = "") -> Place:
        """A pin: the nearest street within NEAR metres, and the area around it."""
        pin = shapely.Point(self._metres(point.longitude, point.latitude))
        nearest = int(self._tree.nearest(pin)) if self._lines else None
        street = None
        if nearest is not None and self._lines[nearest].distance(pin) <= NEAR:
            street = self._streets[nearest].name
        return Place(words=words, point=point, street=street, area=self._area(pin))

    def _corner(self, on: Sequence[tuple[int, ...]]) -> tuple[int, int] | None:
        """The first two of these streets that meet, of all who bear their names."""
        pairs = (pair for one, other in combinations(on, 2) for pair in product(one, other))
        return next((pair for pair in pairs if self._meet(*pair)), None)

    def _block(self, on: Sequence[tuple[int, ...]]) -> tuple[int, int, int] | None:
        """Of three streets the one that meets both others, and these: "Bolívar entre Colón y Libertad"."""
        three = list(on[:3])
        for main in three if len(three) == 3 else []:
            one, other = (bearers for bearers in three if bearers != main)
            for block in product(main, one, other):
                if self._crosses_both(*block):
                    return block
        return None

    def _crosses_both(self, main: int, one: int, other: int) -> bool:
        return self._meet(main, one) and self._meet(main, other) and not self._meet(one, other)

    def _meet(self, one: int, other: int) -> bool:
        return one != other and self._lines[one].distance(self._lines[other]) <= CROSSING

    def _meeting(self, one: int, other: int) -> shapely.Point:
        here, there = nearest_points(self._lines[one], self._lines[other])
        return shapely.Point((here.x + there.x) / 2, (here.y + there.y) / 2)

    def _middle(self, street: int, one: int, other: int) -> shapely.Point:
        line = self._lines[street]
        begin, end = (line.project(self._meeting(street, crossing)) for crossing in (one, other))
        return line.interpolate((begin + end) / 2)

    def _somewhere_on(self, pieces: tuple[int, ...], said: Sequence[str]) -> shapely.Point | None:
        """The middle of a street; None when it would mislead: namesakes far apart, or a kilometre of a long road."""
        lines = [self._lines[index] for index in pieces]
        longest = max(lines, key=lambda line: line.length)
        far = any(line.distance(longest) > SPREAD for line in lines)
        if far or (longest.length > SPREAD and not _KILOMETRE.isdisjoint(said)):
            return None
        return longest.interpolate(0.5, normalized=True)

    def _at(self, place: Place, spot: shapely.Point) -> Place:
        point = Point(latitude=round(spot.y / DEGREE, 6), longitude=round(spot.x / self._wide, 6))
        return replace(place, point=point, area=self._area(spot))

    def _area(self, spot: shapely.Point) -> str | None:
        around = self._around.query(spot, predicate="intersects")
        return self._areas[int(min(around))].code if len(around) else None

    def _metres(self, longitude: float, latitude: float) -> tuple[float, float]:
        return longitude * self._wide, latitude * DEGREE


def _bearers(hits: Sequence[Hit]) -> list[tuple[int, ...]]:
    """Of each name said, those who bear it."""
    return list(dict.fromkeys(hit.indexes[:_PIECES] for hit in hits))


def _latitude(areas: Sequence[Area], streets: Sequence[Street], landmarks: Sequence[Landmark]) -> float:
    """Somewhere in the city; over its few kilometres a degree of longitude hardly changes."""
    if areas:
        return areas[0].ring[0][1]
    if streets:
        return streets[0].line[0][1]
    return landmarks[0].point.latitude if landmarks else 0.0
