"""The squares in which a map counts, for what a browser shows: https://wiki.openstreetmap.org/wiki/Zoom_levels"""

import math
from collections.abc import Sequence
from itertools import pairwise

from bot.ports.points import Box, Grid
from tickets.city import City
from tickets.model import Point

DEEPEST = 19  # the closest zoom
_SQUARE = 72  # pixels: a cluster and room around it
_WHOLE = 256  # pixels of the whole earth at zoom 0
_WIDEST = 48  # squares across: more than a large screen has
_FLATTEST = 0.05  # cosine of a latitude at which nobody lives
_STEPS = 5


def read_box(text: str) -> Box | None:
    """`south,west,north,east` in degrees; None for what is no box on the earth."""
    try:
        south, west, north, east = (float(part[:30]) for part in text.split(","))
    except ValueError:
        return None
    if not all(map(math.isfinite, (south, west, north, east))):
        return None
    right = -90 <= south <= north <= 90 and -180 <= west <= east <= 180
    return Box(south=south, west=west, north=north, east=east) if right else None


def read_zoom(text: str) -> int | None:
    """0 to DEEPEST."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= DEEPEST else None


def grid_of(box: Box, zoom: int, city: City) -> Grid:
    """Squares on the screen, which lie where they lie however the map is pushed: each is shown whole."""
    wide = 360 / (_WHOLE * 2**zoom) * _SQUARE
    high = wide * max(_FLATTEST, math.cos(math.radians(_latitude(city))))
    south, north = _snapped(box.south + 90, box.north + 90, high)
    west, east = _snapped(box.west + 180, box.east + 180, wide)
    return Grid(
        box=Box(south=south - 90, west=west - 180, north=north - 90, east=east - 180), high=high, wide=wide
    )  # fmt: skip


def square(grid: Grid, row: int, column: int) -> Box:
    """Of the grid."""
    south, west = row * grid.high - 90, column * grid.wide - 180
    return Box(south=south, west=west, north=south + grid.high, east=west + grid.wide)


def clear_of_others(middle: Point, around: Box) -> Point:
    """The middle of a cluster, kept so far from the edges of its square that no two lie on each other."""

    def kept(value: float, low: float, high: float) -> float:
        return min(max(value, low + 0.3 * (high - low)), high - 0.3 * (high - low))

    return Point(
        latitude=kept(middle.latitude, around.south, around.north),
        longitude=kept(middle.longitude, around.west, around.east),
    )


def steps(counts: Sequence[int]) -> Sequence[int]:
    """From which count on a square is one shade darker: up to five, the first 1, growing evenly as a power grows."""
    most = max(counts, default=0)
    if most <= _STEPS:
        return range(1, most + 1)
    return sorted({1, *(_plain(most ** (n / _STEPS)) for n in range(1, _STEPS))})


def ranges(edges: Sequence[int], most: int) -> Sequence[tuple[int, int]]:
    """Of a legend: the least and the most of each shade."""
    return [(first, after - 1) for first, after in pairwise([*edges, most + 1])]


def step_of(count: int, edges: Sequence[int]) -> int:
    """1 and on."""
    return sum(edge <= count for edge in edges)


def _plain(value: float) -> int:
    """A number that reads easily: one figure and noughts, two from ten on."""
    unit: int = 10 ** max(0, math.floor(math.log10(value)) - 1)
    return max(2, round(value / unit) * unit)


def _snapped(low: float, high: float, side: float) -> tuple[float, float]:
    first, last = math.floor(low / side), math.ceil(high / side)
    if last - first > _WIDEST:
        first = (first + last - _WIDEST) // 2
        last = first + _WIDEST
    return first * side, last * side


def _latitude(city: City) -> float:
    """In whose middle squares are square."""
    found = [pair[1] for area in city.areas for pair in area.ring]
    found += [pair[1] for street in city.streets for pair in street.line]
    return (min(found) + max(found)) / 2 if found else 0.0
