"""Open tickets of a service near a place: a box around its point, and its street. What counts: `tickets.duplicates`.

The indexes hold open tickets only, so a query is answered by them where it says `is_open` in these very words.
"""

from collections.abc import Sequence
from datetime import datetime
from math import cos, radians
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, or_, select

from store.statement import Statement
from store.tables import IS_OPEN, tickets
from store.transaction import Transaction
from tickets.duplicates import DEGREE
from tickets.model import Place

CANDIDATES = 100  # of the newest in each part: one point stands for a whole street where the gazetteer knows no better
_STEEPEST = 0.01  # so near to a pole nobody lives


def _newest(*conditions: ColumnElement[bool]) -> Select[Any]:
    young = tickets.c.filed_at >= bindparam("since_", type_=tickets.c.filed_at.type)
    found = select(tickets).where(IS_OPEN, tickets.c.service == bindparam("service_"), *conditions, young)
    return found.order_by(tickets.c.filed_at.desc()).limit(CANDIDATES)


_IN_BOX = Statement(
    lambda _insert: _newest(
        tickets.c.latitude.between(bindparam("south_"), bindparam("north_")),
        tickets.c.longitude.between(bindparam("west_"), bindparam("east_")),
    )
)
_IN_STREET = Statement(lambda _insert: _newest(tickets.c.street == bindparam("street_"), _in_area()))
_IN_STREET_UNPLACED = Statement(
    lambda _insert: _newest(tickets.c.street == bindparam("street_"), tickets.c.latitude.is_(None), _in_area())
)

_CLOSED_IN_BOX = Statement(
    lambda _insert: (
        select(tickets)
        .where(
            tickets.c.closed_at.is_not(None),
            tickets.c.service == bindparam("service_"),
            tickets.c.latitude.between(bindparam("south_"), bindparam("north_")),
            tickets.c.longitude.between(bindparam("west_"), bindparam("east_")),
            tickets.c.closed_at >= bindparam("since_", type_=tickets.c.closed_at.type),
        )
        .order_by(tickets.c.closed_at.desc())
        .limit(CANDIDATES)
    )
)


def _in_area() -> ColumnElement[bool]:
    area = bindparam("area_", type_=tickets.c.area.type)
    return or_(tickets.c.area.is_(None), tickets.c.area == area, area == "")


async def candidates(tx: Transaction, place: Place, service: str, metres: float, since: datetime) -> Sequence[Any]:
    """Rows of `tickets`, some perhaps too far away or twice."""
    shared = {"service_": service, "since_": since}
    found: list[Any] = []
    if place.point:
        found += await tx.run(_IN_BOX, shared | _box(place, metres))
    if place.street:
        in_street = _IN_STREET_UNPLACED if place.point else _IN_STREET
        found += await tx.run(in_street, shared | {"street_": place.street, "area_": place.area or ""})
    return found


async def closed(tx: Transaction, place: Place, service: str, metres: float, since: datetime) -> Sequence[Any]:
    """The same, of those closed since then; none without a point."""
    if place.point is None:
        return ()
    return await tx.run(_CLOSED_IN_BOX, {"service_": service, "since_": since, **_box(place, metres)})


def _box(place: Place, metres: float) -> dict[str, float]:
    point = place.point
    if point is None:
        return {}
    high = metres / DEGREE
    wide = high / max(_STEEPEST, cos(radians(point.latitude)))
    return {
        "south_": point.latitude - high, "north_": point.latitude + high,
        "west_": point.longitude - wide, "east_": point.longitude + wide,
    }  # fmt: skip
