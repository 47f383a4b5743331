"""What is asked with a service (http://wiki.open311.org/GeoReport_v2/#get-service-definition).

GET /open311/v2/services/{code}.{xml,json} -> 200, without attributes where nothing is asked | 404
"""

from aiohttp.web import Request, Response, RouteTableDef

from web.open311.answers import answer
from web.open311.problems import Refused
from web.open311.services import offered
from web.open311.telling import teller
from web.ports import WEB

routes = RouteTableDef()


@routes.get("/open311/v2/services/{code}.{form:xml|json}")
async def definition(request: Request) -> Response:
    """Its questions, in the order in which a conversation asks them."""
    code = request.match_info["code"]
    service = next((one for one in offered(request.app[WEB].city) if one.code == code), None)
    if service is None:
        raise Refused(404, "There is no service of this service_code.")
    return answer(request, "service_definition", teller(request).definition(service))
