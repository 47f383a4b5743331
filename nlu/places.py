"""Words or a pin -> a place the crew can find, by the city's own gazetteer, offline.

What is not found stays None: the citizen's words are always kept and the clerk sees them.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from math import cos, radians

import shapely
from shapely.ops import nearest_points

from nlu.names import Names, tokens
from tickets.city import Area, Landmark, Street
from tickets.model import Place, Point

NEAR = 80.0  # metres from a pin to the street it is said to be on
CROSSING = 40.0  # metres between two streets that people say cross
DEGREE = 111_320.0  # metres of a degree of latitude


class Gazetteer:
    """The streets, landmarks and areas of one city, measured in metres around it. Keeps bot.ports.Places."""

    def __init__(self, areas: Sequence[Area], streets: Sequence[Street], landmarks: Sequence[Landmark]) -> None:
        self._areas, self._streets, self._landmarks = areas, streets, landmarks
        self._wide = DEGREE * cos(radians(_latitude(areas, streets, landmarks)))
        self._lines = [shapely.LineString([self._metres(*at) for at in street.line]) for street in streets]
        self._rings = [shapely.Polygon([self._metres(*at) for at in area.ring]) for area in areas]
        self._tree = shapely.STRtree(self._lines)
        self._street_names = Names((i, n) for i, s in enumerate(streets) for n in (s.name, *s.also))
        self._landmark_names = Names((i, n) for i, m in enumerate(landmarks) for n in (m.name, *m.also))

    def resolve(self, words: str) -> Place:
        """A corner, else a landmark, else a street; `words` are kept in any case."""
        said = tokens(words)
        on = list(dict.fromkeys(hit.index for hit in self._street_names.find(said)))
        near = [hit.index for hit in self._landmark_names.find(said)]
        place = Place(words=words, street=self._streets[on[0]].name if on else None)
        if corner := self._corner(on):
            names = " / ".join(self._streets[index].name for index in corner)
            return self._at(replace(place, street=names), self._meeting(*corner))
        if near:
            mark = self._landmarks[near[0]].point
            return self._at(place, shapely.Point(self._metres(mark.longitude, mark.latitude)))
        return self._at(place, self._lines[on[0]].interpolate(0.5, normalized=True)) if on else place

    def locate(self, point: Point, words: str = "") -> Place:
        """A pin: the nearest street within NEAR metres, and the area around it."""
        pin = shapely.Point(self._metres(point.longitude, point.latitude))
        nearest = int(self._tree.nearest(pin)) if self._lines else None
        street = None
        if nearest is not None and self._lines[nearest].distance(pin) <= NEAR:
            street = self._streets[nearest].name
        return Place(words=words, point=point, street=street, area=self._area(pin))

    def _corner(self, on: Sequence[int]) -> tuple[int, int] | None:
        """The first two of these streets that meet."""
        meeting = ((a, b) for a, b in combinations(on, 2) if self._lines[a].distance(self._lines[b]) <= CROSSING)
        return next(meeting, None)

    def _meeting(self, one: int, other: int) -> shapely.Point:
        here, there = nearest_points(self._lines[one], self._lines[other])
        return shapely.Point((here.x + there.x) / 2, (here.y + there.y) / 2)

    def _at(self, place: Place, spot: shapely.Point) -> Place:
        point = Point(latitude=round(spot.y / DEGREE, 6), longitude=round(spot.x / self._wide, 6))
        return replace(place, point=point, area=self._area(spot))

    def _area(self, spot: shapely.Point) -> str | None:
        around = (area.code for area, ring in zip(self._areas, self._rings, strict=True) if ring.intersects(spot))
        return next(around, None)

    def _metres(self, longitude: float, latitude: float) -> tuple[float, float]:
        return longitude * self._wide, latitude * DEGREE


def _latitude(areas: Sequence[Area], streets: Sequence[Street], landmarks: Sequence[Landmark]) -> float:
    """Somewhere in the city; over its few kilometres a degree of longitude hardly changes."""
    if areas:
        return areas[0].ring[0][1]
    if streets:
        return streets[0].line[0][1]
    return landmarks[0].point.latitude if landmarks else 0.0
