"""What rules of retention did: a line for each rule and night, counts only."""

from aiohttp.web import Request, Response, RouteTableDef

from tickets.rights import Right
from web.ports import WEB
from web.visit import Visit, for_those_who_may

routes = RouteTableDef()

_PATH = "/desk/audit/retention"
_MOST = 400  # lines: a year of one rule


@routes.get(_PATH)
@for_those_who_may(Right.AUDIT)
async def ran(request: Request, visit: Visit) -> Response:
    """The latest first."""
    async with request.app[WEB].store.view() as view:
        runs = await view.retention.runs(_MOST)
    return visit.page(request, "people/retention.html", runs=runs, here=_PATH)
