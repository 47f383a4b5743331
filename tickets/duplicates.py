"""When two reports may tell of the same thing: so near, or in the same street. A citizen decides whether they do."""

import re
from collections.abc import Iterable
from math import cos, hypot, radians

from tickets.model import Place, Point, Ticket

DEGREE = 111_320.0  # metres of a degree of latitude
_NUMBER = re.compile(r"\d+")
_SAME_SPOT = 1.0  # metres: one point that stands for a whole street, or one pin


def metres_between(one: Point, other: Point) -> float:
    """As the crow flies, good to a thousandth within a city."""
    wide = DEGREE * cos(radians((one.latitude + other.latitude) / 2))
    return hypot((one.longitude - other.longitude) * wide, (one.latitude - other.latitude) * DEGREE)


def distance(place: Place, ticket: Ticket) -> float | None:
    """Metres, where both have a point."""
    if place.point is None or ticket.place.point is None:
        return None
    return metres_between(place.point, ticket.place.point)


def nearest(place: Place, tickets: Iterable[Ticket], metres: float, limit: int) -> list[Ticket]:
    """Those that may tell of the same thing, nearest first; those without a point last, the newest of them first."""
    near = {ticket.number: ticket for ticket in tickets if _same(place, ticket, metres)}
    return sorted(near.values(), key=lambda ticket: _order(place, ticket, metres))[:limit]


def _order(place: Place, ticket: Ticket, metres: float) -> tuple[float, float, str]:
    far = distance(place, ticket)
    return metres if far is None else far, -ticket.filed_at.timestamp(), ticket.number


def _same(place: Place, ticket: Ticket, metres: float) -> bool:
    far = distance(place, ticket)
    if far is not None and far > metres:
        return False
    if far is not None and (far > _SAME_SPOT or place.street != ticket.place.street):
        return True
    return _same_street(place, ticket.place, metres) if far is None else not _other_house(place, ticket.place, metres)


def _same_street(one: Place, other: Place, metres: float) -> bool:
    if one.street is None or one.street != other.street:
        return False
    same_area = one.area is None or other.area is None or one.area == other.area
    return same_area and not _other_house(one, other, metres)


def _other_house(one: Place, other: Place, metres: float) -> bool:
    """Whether house numbers of one street stand too far apart: they grow by about one a metre, or more slowly."""
    here, there = _houses(one), _houses(other)
    return bool(here and there) and all(abs(a - b) > metres for a in here for b in there)


def _houses(place: Place) -> set[int]:
    """The numbers in a place's words that are none of its street's name ("Calle 8")."""
    named = set(_NUMBER.findall(place.street or ""))
    return {int(number[:6]) for number in _NUMBER.findall(place.words) if number not in named}
