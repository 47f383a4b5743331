"""News for feed readers (Atom, RFC 4287): what changed last, in all of the city, of a service, or in an area.

GET /feeds/all.atom, /feeds/service/{code}.atom, /feeds/area/{code}.atom -> 200 | 304 | 404, no such service or area
GET /follow -> 200, a page that lists them
"""

import uuid
from functools import partial

from aiohttp.web import HTTPNotFound, Request, Response, RouteTableDef

from bot.ports.public import Order, PublicQuery
from web.open311.forms import without_controls
from web.page import ENVIRONMENTS
from web.ports import WEB
from web.public.leaf import Leaf, leaf
from web.public.page import Reader, kept, render

routes = RouteTableDef()
_ENTRIES = 40
_KIND = "application/atom+xml"


@routes.get("/feeds/all.atom")
async def everything(request: Request) -> Response:
    return await kept(request, request.path, partial(_feed, request, "", ""))


@routes.get("/feeds/service/{code}.atom")
async def of_service(request: Request) -> Response:
    code = request.match_info["code"]
    if request.app[WEB].city.service(code) is None:
        raise HTTPNotFound
    return await kept(request, ("service", code), partial(_feed, request, code, ""))


@routes.get("/feeds/area/{code}.atom")
async def of_area(request: Request) -> Response:
    code = request.match_info["code"]
    if code not in {area.code for area in request.app[WEB].city.areas}:
        raise HTTPNotFound
    return await kept(request, ("area", code), partial(_feed, request, "", code))


@routes.get("/follow")
async def follow(request: Request) -> Response:
    return await kept(request, "/follow", partial(_follow, request))


async def _follow(request: Request, whose: Reader) -> Leaf:
    return render(request, "public/follow.html", whose, query={})


async def _feed(request: Request, service: str, area: str, whose: Reader) -> Leaf:
    web = request.app[WEB]
    query = PublicQuery(
        services=(service,) if service else (), area=area or None, order=Order.CHANGED, limit=_ENTRIES
    )  # fmt: skip
    async with web.store.view() as view:
        rows = await view.public.some(query, web.city)
    environment = request.app[request.app[ENVIRONMENTS][whose.language]]
    text = environment.get_template("public/feed.xml").render(
        city=web.city, rows=rows, service=service, area=area, link=whose.link, path=request.path,
        base=web.public_url, name=partial(_name, web.city.name), at=rows[0].changed_at if rows else web.clock.now(),
    )  # fmt: skip
    return leaf(without_controls(text), _KIND, Content_Language=whose.language, Access_Control_Allow_Origin="*")


def _name(city: str, what: str) -> str:
    """The same for the same thing for ever, wherever the city's pages move (RFC 4287, 4.2.6)."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"vecino:{city}:{what}").urn
