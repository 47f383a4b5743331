"""Where a ticket is said to be: a place moved to the middle of its street or area, where its service asks for it.

What is told follows from the service, the street and the area alone, so that it tells no more than these do.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import shapely

from tickets.city import City
from tickets.model import Point
from tickets.openness import DIGITS, Precision

CORNER = " / "  # between the names of streets that meet (nlu/places.py)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told of a place."""

    point: Point | None = None
    street: str | None = None
    area: str | None = None


NOWHERE = Told()


class Blurring:
    """Of one city. What it works out it remembers."""

    def __init__(self, city: City) -> None:
        self.city = city
        self._areas = {area.code: shapely.Polygon(area.ring) for area in city.areas}
        self._names = [street.name for street in city.streets]
        self._known = frozenset(self._names)
        self._lines = [shapely.LineString(street.line) for street in city.streets]
        self._tree = shapely.STRtree(self._lines)
        self._spots: dict[str, Mapping[str, Point]] = {}
        self._inner: dict[str, Point] = {}

    def told(self, service: str, point: Point | None, street: str | None, area: str | None, *, crowded: bool) -> Told:
        """`crowded`: whether enough tickets of a sensitive service stand in that area; of no account for others."""
        precision = self.city.openness.precision(service)
        if precision is Precision.POINT:
            return Told(point=rounded(point.latitude, point.longitude) if point else None, street=street, area=area)
        if not crowded or not area:
            return NOWHERE
        name = self.street(street) if precision is Precision.STREET else None
        return Told(point=self.spots(area).get(name or "") or self.inner(area), street=name, area=area)

    def department(self, service: str, department: str, area: str | None) -> str:
        """Who looks after it, as it is told where `area` is. Rules choose a department by the area too, so of a
        sensitive ticket whose area is not told it is the usual one of its service."""
        usual = self.city.service(service) if not area and self.city.openness.sensitive(service) else None
        return usual.department if usual else department

    def street(self, street: str | None) -> str | None:
        """The street as it is told: one of the gazetteer's, of a corner the first. What else stands there may be as
        exact as a house."""
        name = (street or "").split(CORNER)[0]
        return name if name in self._known else None

    def spots(self, area: str) -> Mapping[str, Point]:
        """The streets that lie in an area, and for each the middle of its longest stretch there."""
        if area not in self._spots:
            self._spots[area] = self._middles(self._areas[area]) if area in self._areas else {}
        return self._spots[area]

    def inner(self, area: str) -> Point | None:
        """A point in the area; None where we know no such area."""
        if area not in self._inner and area in self._areas:
            self._inner[area] = _point(self._areas[area].representative_point())
        return self._inner.get(area)

    def _middles(self, ring: shapely.Polygon) -> Mapping[str, Point]:
        found: dict[str, tuple[float, Point]] = {}
        for index in sorted(map(int, self._tree.query(ring, predicate="intersects"))):
            name = self._names[index]
            for piece in _pieces(self._lines[index].intersection(ring)):
                length = float(piece.length)
                if length > found.get(name, (0.0, None))[0]:
                    found[name] = length, _point(shapely.line_interpolate_point(piece, 0.5, normalized=True))
        return {name: middle for name, (_, middle) in found.items()}


def rounded(latitude: float, longitude: float) -> Point:
    """As exact as any public point is."""
    return Point(latitude=round(latitude, DIGITS), longitude=round(longitude, DIGITS))


def _pieces(part: Any) -> Iterator[Any]:
    """Lines into which an area cuts a street; where they only touch, there is none."""
    return (piece for piece in shapely.get_parts(part) if piece.length)


def _point(found: Any) -> Point:
    return rounded(float(found.y), float(found.x))
