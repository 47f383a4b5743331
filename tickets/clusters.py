"""Places where reports of one service pile up: in one street of an area, or within 150 m where no street is known."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import cos, floor, fsum, radians
from typing import Final, NamedTuple

from tickets.duplicates import DEGREE, metres_between
from tickets.figures import Cluster
from tickets.model import Point

LEAST: Final = 3  # reports
MOST: Final = 8  # places
_NEAR: Final = 150.0  # metres from the first report of a place


class Spot(NamedTuple):
    """One report that was filed in the period."""

    number: str
    service: str
    area: str | None
    street: str | None
    point: Point | None
    open: bool


def clusters(spots: Iterable[Spot]) -> tuple[Cluster, ...]:
    """The largest first; whatever the order of the reports, the same places in the same order."""
    found = [_cluster(pile) for pile in _piles(spots) if len(pile) >= LEAST]
    return tuple(sorted(found, key=_order)[:MOST])


def _piles(spots: Iterable[Spot]) -> Iterator[Sequence[Spot]]:
    streets: Mapping[tuple[str, ...], list[Spot]] = defaultdict(list)
    points: Mapping[str, list[Spot]] = defaultdict(list)
    for spot in sorted(spots, key=lambda spot: spot.number):
        if spot.street:
            streets[spot.service, spot.area or "", spot.street].append(spot)
        elif spot.point:
            points[spot.service].append(spot)
    yield from streets.values()
    for some in points.values():
        yield from _near(some)


def _near(spots: Sequence[Spot]) -> Iterator[Sequence[Spot]]:
    """Each joins the first place that is near enough, or begins one. Squares only say where to look."""
    squares: Mapping[tuple[int, int], list[list[Spot]]] = defaultdict(list)
    wide = _narrowest(spots)
    for spot in spots:
        row, column = _square(spot.point, wide)
        around = ((row + up, column + right) for up in (-1, 0, 1) for right in (-1, 0, 1))
        piles = (pile for square in around for pile in squares.get(square, ()))
        pile = next((pile for pile in piles if _within(pile[0].point, spot.point)), None)
        if pile is None:
            squares[row, column].append([spot])
        else:
            pile.append(spot)
    yield from (pile for square in squares.values() for pile in square)


def _narrowest(spots: Sequence[Spot]) -> float:
    """Metres of a degree of longitude where they are the fewest: no square is narrower than 150 m."""
    return DEGREE * min(cos(radians(spot.point.latitude)) for spot in spots if spot.point)


def _square(point: Point | None, wide: float) -> tuple[int, int]:
    return (floor(point.latitude * DEGREE / _NEAR), floor(point.longitude * wide / _NEAR)) if point else (0, 0)


def _within(one: Point | None, other: Point | None) -> bool:
    return one is not None and other is not None and metres_between(one, other) <= _NEAR


def _cluster(pile: Sequence[Spot]) -> Cluster:
    points = [spot.point for spot in pile if spot.point]
    areas = sorted({spot.area for spot in pile if spot.area})
    middle = Point(
        latitude=fsum(point.latitude for point in points) / len(points),
        longitude=fsum(point.longitude for point in points) / len(points),
    ) if points else None  # fmt: skip
    return Cluster(
        service=pile[0].service, area=areas[0] if areas else None, street=pile[0].street, point=middle,
        filed=len(pile), open=sum(spot.open for spot in pile),
    )  # fmt: skip


def _order(cluster: Cluster) -> tuple[object, ...]:
    point = cluster.point
    where = (point.latitude, point.longitude) if point else (0.0, 0.0)
    return -cluster.filed, -cluster.open, cluster.service, cluster.area or "", cluster.street or "", where
