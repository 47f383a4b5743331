"""The map of tickets: the page, what stands on the moving map, and what is said of a place on it.

GET /desk/map?FILTERS[&heat=1]                       the page; FILTERS as in the list's address
GET /desk/map/cells?FILTERS&zoom=14&box=S,W,N,E[&heat=1][&without=NUMBER]
    -> {"marks": [{"at", "number" | "size", "name", "kind", "text", "box"}]}, or, of a heat map,
       {"marks": [{"square", "step", "text", "name"}], "legend": ["1 to 3", ...]}
GET /desk/map/tickets?FILTERS&box=S,W,N,E            a list of those there, as HTML for a bubble
"""

from collections.abc import Sequence
from dataclasses import replace

from aiohttp.web import HTTPBadRequest, HTTPSeeOther, Request, Response, RouteTableDef, json_response

from bot.ports import Counts, Flag, Query
from bot.ports.points import Box, Spread
from tickets.model import Status
from tickets.number import read_number
from tickets.workflow import CLOSED, OPEN
from web.map import drawing, marks
from web.map.grid import grid_of, read_box, read_zoom
from web.map.layers import PLAN
from web.ports import WEB
from web.queue.filters import Filters, read
from web.queue.listing import Tab
from web.visit import Visit, for_clerks

routes = RouteTableDef()
PATH = "/desk/map"
_LISTED = 20  # tickets in one bubble


@routes.get(PATH)
@for_clerks
async def show(request: Request, visit: Visit) -> Response:
    """The map; a whole number leads to its ticket, as in the list."""
    web, heat = request.app[WEB], request.query.get("heat") == "1"
    filters = read(request.query, web.city, visit.clerk)
    query, drawn = filters.query(web.city, visit.clerk.login, web.clock.now()), request.app[PLAN]
    async with web.store.view() as view:
        number = read_number(filters.text)
        if number and await view.tickets.get(number):
            raise HTTPSeeOther(f"/desk/tickets/{number}")
        counts, spread = await view.tickets.counts(query), await view.points.areas(query)
        logins = [clerk.login for clerk in await view.clerks.all() if clerk.ended_at is None]
        grid = drawing.grid_over(drawn.frame) if drawn and heat else None
        cells = await view.points.cells(query, grid) if grid else ()
    return visit.page(
        request, "map/map.html", filters=filters, counts=counts, spread=spread, plan=drawn, heat=heat, logins=logins,
        tabs=_tabs(filters, counts, spread, heat=heat), channels=_channels(request, filters),
        flags=[(flag, counts.flags.get(flag, 0)) for flag in Flag], address=address(filters, heat=heat),
        areas=drawing.area_marks(drawn, web.city, spread) if drawn else (),
        shades=drawing.shades(drawn.frame, cells, grid) if drawn and grid else None,
    )  # fmt: skip


@routes.get(PATH + "/cells")
@for_clerks
async def cells(request: Request, visit: Visit) -> Response:
    """What stands on the part of the map that is looked at. Nothing in it was written by a citizen."""
    web, zoom = request.app[WEB], read_zoom(request.query.get("zoom", ""))
    if zoom is None:
        raise HTTPBadRequest
    grid = grid_of(_box(request), zoom, web.city)
    async with web.store.view() as view:
        found = await view.points.cells(_query(request, visit), grid, without=_without(request))
    words = marks.wording(request, visit.language)
    if request.query.get("heat") == "1":
        return json_response(marks.heat(found, grid, words))
    return json_response(marks.clusters(found, grid, zoom, words))


@routes.get(PATH + "/tickets")
@for_clerks
async def here(request: Request, visit: Visit) -> Response:
    """The tickets of one place."""
    web = request.app[WEB]
    async with web.store.view() as view:
        pins = await view.points.pins(_query(request, visit), _box(request), _LISTED + 1, without=_without(request))
    return visit.page(
        request, "map/tickets.html", pins=pins[:_LISTED], more=len(pins) > _LISTED, now=web.clock.now()
    )  # fmt: skip


def address(filters: Filters, show: str = "", *, heat: bool = False) -> str:
    """Of the map with these filters, or with another status."""
    return f"{PATH}?{replace(filters, show=show or filters.show).address}{'&heat=1' if heat else ''}"


def _query(request: Request, visit: Visit) -> Query:
    web = request.app[WEB]
    return read(request.query, web.city, visit.clerk).query(web.city, visit.clerk.login, web.clock.now())


def _without(request: Request) -> str:
    return request.query.get("without", "").replace("\0", "")[:20]


def _box(request: Request) -> Box:
    found = read_box(request.query.get("box", ""))
    if found is None:
        raise HTTPBadRequest
    return found


def _tabs(filters: Filters, counts: Counts, spread: Spread, *, heat: bool) -> Sequence[Tab]:
    """As above the list: each status and group of them, under the same filters."""
    known: dict[str, int | None] = {
        "open": counts.open,
        **{one: counts.statuses.get(one, 0) for one in Status if one in OPEN},
        "closed": counts.closed,
        **dict.fromkeys((one for one in Status if one in CLOSED), None),
        "any": None if counts.closed is None else counts.open + counts.closed,
    }
    if not spread.capped:
        known[filters.show] = spread.tickets
    return [
        Tab(name=name, address=address(filters, name, heat=heat), here=filters.show == name, count=count)
        for name, count in known.items()
    ]


def _channels(request: Request, filters: Filters) -> Sequence[str]:
    web = request.app[WEB]
    known = {*web.channels, *(phone.name for phone in web.simulators.values()), filters.channel}
    return sorted(known - {"", "email"})
