"""The desk's list of messages that reached nobody: to send once more, or to take off it when the person was told."""

from collections.abc import Mapping

from aiohttp.web import HTTPSeeOther, Request, Response, RouteTableDef

from web import paging
from web.ports import WEB
from web.reasons import is_hopeless
from web.visit import Visit, for_clerks, for_clerks_forms

routes = RouteTableDef()

_PATH = "/desk/undelivered"
_ROW = _PATH + "/{id:[1-9][0-9]{0,17}}"


@routes.get(_PATH)
@for_clerks
async def undelivered(request: Request, visit: Visit) -> Response:
    """A page of it, newest first."""
    async with request.app[WEB].store.view() as view:
        listed = await paging.listed(request.query, view.undelivered.page)
    failed = request.query.get("sent") == "0"
    return visit.page(request, "undelivered.html", listed=listed, is_hopeless=is_hopeless, failed=failed)


@routes.post(_ROW + "/again")
@for_clerks_forms
async def again(request: Request, _: Visit, __: Mapping[str, str]) -> Response:
    """Queue it once more; the list says so when that cannot be."""
    web = request.app[WEB]
    async with web.store.work() as work:
        queued = await work.undelivered.again(int(request.match_info["id"]), web.clock.now())
        await work.commit()
    raise HTTPSeeOther(_PATH if queued else f"{_PATH}?sent=0")


@routes.post(_ROW + "/settle")
@for_clerks_forms
async def settle(request: Request, _: Visit, __: Mapping[str, str]) -> Response:
    """Off the list; twice is as good as once."""
    web = request.app[WEB]
    async with web.store.work() as work:
        await work.undelivered.settle(int(request.match_info["id"]), web.clock.now())
        await work.commit()
    raise HTTPSeeOther(_PATH)
