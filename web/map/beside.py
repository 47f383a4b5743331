"""The list's own rows on a map beside it, for who wants to see both."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp.web import HTTPSeeOther, Request, Response, RouteTableDef

from tickets.model import Point, Ticket
from tickets.promise import is_overdue
from web.map.layers import PLAN
from web.map.marks import Shown, shown
from web.plan import Plan
from web.ports import WEB
from web.queue.filters import read
from web.visit import Visit, for_clerks

routes = RouteTableDef()
PATH = "/desk/map/beside"
_COOKIE, _YEAR = "vecino_beside", 31_536_000  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    ticket: Ticket
    drawn: Shown
    point: Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """`missing`: rows without a point."""

    rows: Sequence[Row]
    missing: int
    plan: Plan | None


@routes.get(PATH)
@for_clerks
async def choose(request: Request, visit: Visit) -> Response:
    """Both side by side (`show=1`), or the list alone; kept in this browser, as a link to a list is for everybody."""
    web = request.app[WEB]
    answer = HTTPSeeOther(read(request.query, web.city, visit.clerk).link())
    if request.query.get("show") == "1":
        answer.set_cookie(_COOKIE, "1", max_age=_YEAR, httponly=True, samesite="Lax", secure=web.https, path="/desk")
    else:
        answer.del_cookie(_COOKIE, path="/desk", httponly=True, samesite="Lax", secure=web.https)
    raise answer


def beside(request: Request, rows: Sequence[Ticket]) -> Beside | None:
    """What stands beside these rows; None where the clerk wants the list alone."""
    web = request.app[WEB]
    if request.cookies.get(_COOKIE) != "1":
        return None
    now = web.clock.now()
    placed = [
        Row(ticket=one, drawn=shown(one, late=is_overdue(one, now)), point=one.place.point)
        for one in rows
        if one.place.point
    ]
    return Beside(rows=placed, missing=len(rows) - len(placed), plan=request.app[PLAN])
