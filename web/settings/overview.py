"""What can be set, who changed something last, and all of it as config.yml has it."""

from aiohttp.web import HTTPForbidden, Request, Response, RouteTableDef

from bot.amending.export import written
from bot.ports.audit import Deed
from tickets.rights import Right
from web.noting import note
from web.ports import WEB
from web.settings.items import PATH
from web.settings.kinds import ROOMS, ROUTING
from web.visit import Visit, for_clerks

routes = RouteTableDef()


@routes.get(PATH)
@for_clerks
async def overview(request: Request, visit: Visit) -> Response:
    """The kinds of settings."""
    web, rooms = request.app[WEB], [*ROOMS.values(), ROUTING]
    async with web.store.view() as view:
        changes = {room.slug: await view.amendments.now(room.kind) for room in rooms}
    last = {slug: max(some, key=lambda one: one.id) for slug, some in changes.items() if some}
    counts = {room.slug: len(room.items(web.city)) for room in ROOMS.values()} | {"routing": len(web.city.routing)}
    return visit.page(
        request, "settings/overview.html", counts=counts, last=last, unfit=[kind for kind, _ in web.force.unfit],
        rooms=rooms,
    )  # fmt: skip


@routes.get(PATH + "/export")
@for_clerks
async def export(request: Request, visit: Visit) -> Response:
    """The sections of config.yml as they hold now."""
    if not (visit.may(Right.EXPORT) or visit.may(Right.ARRANGE)):
        raise HTTPForbidden
    await note(request, visit.clerk.login, Deed.EXPORTED, "settings")
    headers = {"Content-Disposition": 'attachment; filename="settings.yml"'}
    return Response(text=written(request.app[WEB].city), content_type="text/yaml", charset="utf-8", headers=headers)
