"""Points and rings on the map, exact enough for a city: (longitude, latitude) in degrees, distances in metres."""

from collections.abc import Iterator
from itertools import pairwise
from math import cos, hypot, radians

from tickets.model import Point

DEGREE = 111_320.0  # metres of a degree of latitude
Ring = tuple[tuple[float, float], ...]
_Side = tuple[float, float, float, float]


def holds(ring: Ring, point: Point) -> bool:
    """Whether the point lies in the ring, by how many of its sides a line towards the east crosses."""
    inside = False
    for x1, y1, x2, y2 in _sides(ring, point):
        if (y1 > 0) != (y2 > 0) and x1 + (x2 - x1) * (0 - y1) / (y2 - y1) > 0:
            inside = not inside
    return inside


def distance(ring: Ring, point: Point) -> float:
    """Metres to the nearest side of the ring, from within or without."""
    return min(_to_side(*side) for side in _sides(ring, point))


def _sides(ring: Ring, point: Point) -> Iterator[_Side]:
    """The ring's sides in metres as seen from the point."""
    wide = DEGREE * cos(radians(point.latitude))
    seen = [((x - point.longitude) * wide, (y - point.latitude) * DEGREE) for x, y in ring]
    for (x1, y1), (x2, y2) in pairwise(seen):
        yield x1, y1, x2, y2


def _to_side(x1: float, y1: float, x2: float, y2: float) -> float:
    along, up = x2 - x1, y2 - y1
    length = along * along + up * up
    share = max(0.0, min(1.0, -(x1 * along + y1 * up) / length)) if length else 0.0
    return hypot(x1 + share * along, y1 + share * up)
