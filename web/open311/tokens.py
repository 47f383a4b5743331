"""What became of a token (http://wiki.open311.org/GeoReport_v2/#get-service-request-id-from-a-token). A post is
answered by the request's own number at once, so that number is its token too.

GET /open311/v2/tokens/{token}.{xml,json} -> 200, its service_request_id | 404
"""

from aiohttp.web import Request, Response, RouteTableDef

from tickets.number import read_number
from web.open311.answers import answer
from web.open311.problems import Refused
from web.ports import WEB

routes = RouteTableDef()


@routes.get("/open311/v2/tokens/{token}.{form:xml|json}")
async def token(request: Request) -> Response:
    """The standard wants it in a list."""
    web, given = request.app[WEB], request.match_info["token"][:40]
    number = read_number(given)
    async with web.store.view() as view:
        found = await view.public.get(number, web.city) if number else None
    if found is None:
        raise Refused(404, "There is no request of this token.")
    return answer(request, "service_requests", [{"service_request_id": found.number, "token": given}])
