"""The city as a small drawing: areas, streets and landmarks in the units of one SVG, made without any map server."""

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tickets.city import City
from tickets.model import Point

_WIDTH = 400.0  # units; the page scales them
_MARGIN = 0.05  # of the city's extent, on each side
_STREETS = 300  # the longest ones; more would only be grey
_Line = Sequence[tuple[float, float]]  # (longitude, latitude) pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A named line: `path` is the `d` of an SVG path, `x` and `y` where its name is written."""

    name: str
    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """How degrees become units: x = (longitude - west) * across, y = (north - latitude) * down."""

    west: float
    north: float
    across: float
    down: float
    height: float
    width: float = _WIDTH

    def x(self, longitude: float) -> float:
        return round((longitude - self.west) * self.across, 1)

    def y(self, latitude: float) -> float:
        return round((self.north - latitude) * self.down, 1)

    def holds(self, point: Point) -> bool:
        """Whether a point lies within the drawing."""
        return 0 <= self.x(point.longitude) <= self.width and 0 <= self.y(point.latitude) <= self.height


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is drawn. `landmarks` are points, with an empty path."""

    frame: Frame
    areas: tuple[Shape, ...]
    streets: tuple[Shape, ...]
    landmarks: tuple[Shape, ...]


def of_city(city: City) -> Plan | None:
    """The drawing of a city, or None when its configuration has neither areas nor streets."""
    lines = [area.ring for area in city.areas] or [street.line for street in city.streets]
    if not any(lines):
        return None
    frame = _frame([pair for line in lines for pair in line])
    streets = sorted(city.streets, key=lambda street: -_length(street.line))[:_STREETS]
    return Plan(
        frame=frame,
        areas=tuple(_shape(area.name, area.ring, frame) for area in city.areas),
        streets=tuple(_shape(street.name, street.line, frame) for street in streets),
        landmarks=tuple(
            Shape(name=mark.name, path="", x=frame.x(mark.point.longitude), y=frame.y(mark.point.latitude))
            for mark in city.landmarks
        ),
    )


def _frame(pairs: Sequence[tuple[float, float]]) -> Frame:
    longitudes, latitudes = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    wide, high = max(longitudes) - min(longitudes) or 1e-3, max(latitudes) - min(latitudes) or 1e-3
    across = _WIDTH / (wide * (1 + 2 * _MARGIN))
    # a degree of longitude is shorter than one of latitude, by the cosine of the latitude
    down = across / max(0.1, math.cos(math.radians((max(latitudes) + min(latitudes)) / 2)))
    return Frame(
        west=min(longitudes) - wide * _MARGIN,
        north=max(latitudes) + high * _MARGIN,
        across=across,
        down=down,
        height=round(high * (1 + 2 * _MARGIN) * down, 1),
    )


def _shape(name: str, line: _Line, frame: Frame) -> Shape:
    drawn = [(frame.x(longitude), frame.y(latitude)) for longitude, latitude in line]
    xs, ys = [x for x, _ in drawn], [y for _, y in drawn]
    middle = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    return Shape(name=name, path=_path(drawn), x=round(middle[0], 1), y=round(middle[1], 1))


def _path(drawn: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in drawn)


def _length(line: _Line) -> float:
    return sum(math.dist(a, b) for a, b in itertools.pairwise(line))
