"""Which tickets are told to be in a part of the map, as conditions. Where tickets of sensitive services are said to be
follows from service, area and street, so these are asked for, and never their own points."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func

from bot.ports.points import Box
from bot.ports.public import Near, PublicQuery
from store.crowd import Pair
from store.tables import tickets
from tickets.blurring import CORNER, Blurring
from tickets.model import Point
from tickets.openness import Precision
from tickets.rings import DEGREE

_T = tickets.c
_STEEPEST = 0.01  # so near to a pole nobody lives


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Of the map. `reached`, of a latitude and a longitude, numbers or columns: whether it is in `near`'s circle."""

    box: Box
    near: Near | None = None

    def holds(self, point: Point | None) -> bool:
        if point is None:
            return False
        box, latitude, longitude = self.box, point.latitude, point.longitude
        inside = box.south <= latitude <= box.north and box.west <= longitude <= box.east
        return inside and (self.near is None or bool(_reached(self.near, latitude, longitude)))

    def columns(self) -> Iterator[ColumnElement[bool]]:
        """The same, of a ticket's own point."""
        yield _T.latitude.between(self.box.south, self.box.north)
        yield _T.longitude.between(self.box.west, self.box.east)
        if self.near:
            yield _reached(self.near, _T.latitude, _T.longitude)


def part_of(query: PublicQuery) -> Part | None:
    """None: all of the map, and what is nowhere on it."""
    box = query.box
    if query.near:
        around = _around(query.near)
        box = _both(box, around) if box else around
    return Part(box=box, near=query.near) if box else None


def guarded(part: Part, blurring: Blurring, crowded: Collection[Pair], dialect: str) -> list[ColumnElement[bool]]:
    """Of each sensitive service and area of which some may be told to be there."""
    found = []
    for service, area in sorted(crowded):
        there = part.holds(blurring.inner(area))
        exact = blurring.city.openness.precision(service) is Precision.STREET
        streets = _streets(part, blurring.spots(area) if exact else {}, dialect, there=there)
        if there or streets is not None:
            found.append(and_(_T.service == service, _T.area == area, *([] if streets is None else [streets])))
    return found


def _streets(
    part: Part, spots: Mapping[str, Point], dialect: str, *, there: bool
) -> ColumnElement[bool] | None:  # fmt: skip
    """`there`: whether the area's own point is, where all other streets and no street are told to be."""
    inside = {name for name, point in spots.items() if part.holds(point)}
    if there:
        outside = sorted(set(spots) - inside)
        return _first(dialect).not_in(outside) if outside else None
    return _first(dialect).in_(sorted(inside)) if inside else None


def _first(dialect: str) -> ColumnElement[Any]:
    """The street; of a corner the first."""
    street: ColumnElement[Any] = func.coalesce(_T.street, "")
    if dialect == "postgresql":
        return func.split_part(street, CORNER, 1)
    corner = func.instr(street, CORNER)
    return case((corner > 0, func.substr(street, 1, corner - 1)), else_=street)


def _reached(near: Near, latitude: Any, longitude: Any) -> Any:
    """On a plane, which a city is flat enough for."""
    wide = DEGREE * max(_STEEPEST, cos(radians(near.point.latitude)))
    up, along = (latitude - near.point.latitude) * DEGREE, (longitude - near.point.longitude) * wide
    return up * up + along * along <= near.metres * near.metres


def _around(near: Near) -> Box:
    high = near.metres / DEGREE
    wide = high / max(_STEEPEST, cos(radians(near.point.latitude)))
    middle = near.point
    return Box(
        south=middle.latitude - high, north=middle.latitude + high,
        west=middle.longitude - wide, east=middle.longitude + wide,
    )  # fmt: skip


def _both(one: Box, other: Box) -> Box:
    return Box(
        south=max(one.south, other.south), west=max(one.west, other.west),
        north=min(one.north, other.north), east=min(one.east, other.east),
    )  # fmt: skip
