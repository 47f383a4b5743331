"""A small window onto the city's reports, for other sites to show in a frame.

GET /widget?area=CODE&service=CODE -> 200 | 304
"""

from dataclasses import replace
from functools import partial

from aiohttp.web import Request, Response, RouteTableDef

from web.headers import WINDOW
from web.ports import WEB
from web.public.asked import Asked, asked
from web.public.leaf import Leaf
from web.public.page import Reader, kept, render

routes = RouteTableDef()
_SHOWN = 5


@routes.get(WINDOW)
async def widget(request: Request) -> Response:
    """The newest ones that are open."""
    wanted = asked(request.query, request.app[WEB].city)
    wanted = Asked(area=wanted.area, service=wanted.service)
    return await kept(request, (WINDOW, wanted), partial(_widget, request, wanted))


async def _widget(request: Request, wanted: Asked, whose: Reader) -> Leaf:
    web = request.app[WEB]
    async with web.store.view() as view:
        rows = await view.public.some(replace(wanted.wanted(web.clock.now()), limit=_SHOWN), web.city)
    return render(request, "public/widget.html", whose, query=wanted.query, rows=rows, asked=wanted)
