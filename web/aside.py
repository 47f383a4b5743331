"""The desk's list of messages that were set aside: to read once more, or to take off it when somebody saw to them."""

from collections.abc import Mapping

from aiohttp.web import HTTPSeeOther, Request, Response, RouteTableDef

from bot.inbox.pace import REASON
from web import paging
from web.ports import WEB
from web.visit import Visit, for_clerks, for_clerks_forms

routes = RouteTableDef()

_PATH = "/desk/aside"
_ROW = _PATH + "/{id:[1-9][0-9]{0,17}}"
_FINAL = frozenset({"opted_out"})  # read once more, these would only be set aside again


@routes.get(_PATH)
@for_clerks
async def aside(request: Request, visit: Visit) -> Response:
    """A page of it, newest first."""
    async with request.app[WEB].store.view() as view:
        listed = await paging.listed(request.query, view.set_aside.page)
    return visit.page(request, "aside.html", listed=listed, final=_FINAL, machine=REASON)


@routes.post(_ROW + "/again")
@for_clerks_forms
async def again(request: Request, _: Visit, __: Mapping[str, str]) -> Response:
    """Have it read and answered once more; twice is as good as once."""
    web = request.app[WEB]
    async with web.store.work() as work:
        await work.set_aside.again(int(request.match_info["id"]), web.clock.now())
        await work.commit()
    raise HTTPSeeOther(_PATH)


@routes.post(_ROW + "/seen")
@for_clerks_forms
async def seen(request: Request, _: Visit, __: Mapping[str, str]) -> Response:
    """Off the list; twice is as good as once."""
    web = request.app[WEB]
    async with web.store.work() as work:
        await work.set_aside.seen(int(request.match_info["id"]))
        await work.commit()
    raise HTTPSeeOther(_PATH)


@routes.post(_ROW + "/seen-all")
@for_clerks_forms
async def seen_all(request: Request, _: Visit, __: Mapping[str, str]) -> Response:
    """Off the list with everything else that this person wrote: a machine may have written hundreds."""
    web = request.app[WEB]
    async with web.store.work() as work:
        await work.set_aside.seen_all(int(request.match_info["id"]))
        await work.commit()
    raise HTTPSeeOther(_PATH)
