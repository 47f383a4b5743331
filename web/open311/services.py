"""What can be reported (http://wiki.open311.org/GeoReport_v2/#get-service-list).

GET /open311/v2/services.{xml,json} -> 200. Left out is what other bodies take care of: nothing of it is filed here.
"""

from collections.abc import Sequence

from aiohttp.web import Request, Response, RouteTableDef

from tickets.city import City, Service
from web.open311.answers import answer
from web.open311.telling import teller
from web.ports import WEB

routes = RouteTableDef()


@routes.get("/open311/v2/services.{form:xml|json}")
async def services(request: Request) -> Response:
    """In the city's order."""
    tell = teller(request)
    return answer(request, "services", [tell.service(service) for service in offered(request.app[WEB].city)])


def offered(city: City) -> Sequence[Service]:
    """The services of which requests are taken."""
    return [service for service in city.services if service.body is None]
