"""The map of places where reports pile up: the city's own outlines and streets, without any map server."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

from digest.report import narrowed
from tickets.city import Area, City
from tickets.figures import Cluster, Digest

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_INK = "#222222"
_GREY = "#8c8c8c"
_PALE = "#d0d0d0"
_STREETS = 1500  # the longest ones; more would only be grey
_NAMED = 14  # areas; of more only those with a place
_DISC = 15  # points across
_LEAST = 6  # letters, below which a name says nothing
_LETTER = 4.4  # points across


def drawn(digest: Digest, city: City) -> list[tuple[int, Cluster]]:
    """The places that the map shows, by their rank: not those so far outside that the city would be a dot."""
    placed = [(rank, each) for rank, each in enumerate(digest.clusters, 1) if each.point]
    spots = [spot for area in city.areas for spot in area.ring]
    if not spots:
        return placed
    (west, east), (south, north) = (_wider(side) for side in zip(*spots, strict=True))
    return [
        (rank, each) for rank, each in placed
        if each.point and west <= each.point.longitude <= east and south <= each.point.latitude <= north
    ]  # fmt: skip


def _wider(side: tuple[float, ...]) -> tuple[float, float]:
    """By a quarter on each side."""
    more = (max(side) - min(side)) / 4
    return min(side) - more, max(side) + more


def draw_map(axes: Axes, digest: Digest, city: City, size: tuple[float, float]) -> None:
    """Areas with their names, streets as pale lines, each place as a disc with its rank, larger for more reports.
    `size` of the paper: inches across and up."""
    from matplotlib.collections import LineCollection

    lines = sorted((street.line for street in city.streets), key=_length, reverse=True)[:_STREETS]
    axes.add_collection(LineCollection([list(line) for line in lines if len(line) > 1], colors=_PALE, linewidths=0.6))
    axes.add_collection(LineCollection([list(area.ring) for area in city.areas], colors=_GREY, linewidths=1.0))
    _names(axes, digest, city, size)
    _discs(axes, drawn(digest, city), apart=_DISC / _scale(city, size) if city.areas else 0.0)
    axes.autoscale_view()
    axes.margins(0.04)
    latitude = _middle(axes)
    axes.set_aspect(1 / max(0.1, math.cos(math.radians(latitude))), adjustable="box")
    axes.set_axis_off()


def _discs(axes: Axes, clusters: list[tuple[int, Cluster]], apart: float) -> None:
    """Where two would hide each other the later one stands `apart` (degrees) to the right."""
    most = max(cluster.filed for _, cluster in clusters)
    taken: list[tuple[float, float]] = []
    for rank, cluster in clusters:
        if cluster.point is None:
            continue
        x, y = cluster.point.longitude, cluster.point.latitude
        while any(math.dist((x, y), other) < apart for other in taken):
            x += apart
        taken.append((x, y))
        size = 90 + 260 * cluster.filed / most
        axes.scatter([x], [y], s=size, color=_INK, alpha=0.85, edgecolors="white", linewidths=1.2, zorder=3)
        axes.annotate(str(rank), (x, y), ha="center", va="center", color="white", fontsize=8, weight="bold", zorder=4)


def _names(axes: Axes, digest: Digest, city: City, size: tuple[float, float]) -> None:
    """Where there is room for some letters, as far as possible from the discs."""
    points = [(each.point.longitude, each.point.latitude) for _, each in drawn(digest, city) if each.point]
    hit = {cluster.area for cluster in digest.clusters}
    scale = _scale(city, size)
    for area in city.areas:
        room = int(_across(area) * scale / _LETTER)
        if room >= _LEAST and (len(city.areas) <= _NAMED or area.code in hit):
            spot = max(_inside(area), key=lambda spot: min(math.dist(spot, point) for point in points))
            axes.annotate(
                narrowed(area.name, room), spot, ha="center", va="center", color="#595959", fontsize=7, zorder=2
            )


def _across(area: Area) -> float:
    """Degrees."""
    return max(x for x, _ in area.ring) - min(x for x, _ in area.ring)


def _scale(city: City, size: tuple[float, float]) -> float:
    """Points of print per degree of longitude."""
    spots = [spot for area in city.areas for spot in area.ring] or [(0.0, 0.0)]
    xs, ys = [x for x, _ in spots], [y for _, y in spots]
    high = (max(ys) - min(ys)) / max(0.1, math.cos(math.radians(max(ys))))
    return 72 * min(size[0] / max(max(xs) - min(xs), 1e-6), size[1] / max(high, 1e-6))


def _inside(area: Area) -> tuple[tuple[float, float], ...]:
    """Points that lie in it, also in a horseshoe: in its middle, further up and further down."""
    from shapely import LineString, Polygon

    shape = Polygon(area.ring).buffer(0)
    middle = shape.representative_point()
    _, low, _, high = shape.bounds
    runs = LineString([(middle.x, low), (middle.x, high)]).intersection(shape)
    run = max(getattr(runs, "geoms", [runs]), key=lambda each: each.length)
    return tuple(
        (found.x, found.y) for share in (0.5, 0.85, 0.15) for found in [run.interpolate(share, normalized=True)]
    )


def _middle(axes: Axes) -> float:
    low, high = axes.get_ylim()
    return (low + high) / 2


def _length(line: tuple[tuple[float, float], ...]) -> float:
    return sum(math.dist(begin, end) for begin, end in itertools.pairwise(line))
