"""Where this city's Open311 is, and in which forms (http://wiki.open311.org/Service_Discovery/).

GET /open311/discovery.{xml,json}, /open311/v2/discovery.{xml,json} -> 200
"""

from collections.abc import Sequence

from aiohttp.web import Request, Response, RouteTableDef

from web.open311.answers import address, answer
from web.open311.forms import CONTENT, Form, Value
from web.ports import WEB

routes = RouteTableDef()

CHANGED = "2026-11-23T00:00:00Z"  # when what stands here was last another
V2, BULK = "http://wiki.open311.org/GeoReport_v2", "http://wiki.open311.org/GeoReport_Bulk"


@routes.get("/open311/discovery.{form:xml|json}")
@routes.get("/open311/v2/discovery.{form:xml|json}")
async def discover(request: Request) -> Response:
    """The endpoint for questions and reports, and the one for who takes all of it at once."""
    city = request.app[WEB].city
    contact = city.openness.contact or city.office.phone
    document: dict[str, Value] = {
        "changeset": CHANGED,
        "contact": f"{city.openness.publisher or city.name}: {contact}",
        "key_service": f"Reading needs no key. Keys for sending are given by the city on request: {contact}",
        "endpoints": [
            _endpoint(V2, address(request, "/open311/v2/"), [CONTENT[form] for form in Form]),
            _endpoint(BULK, address(request, "/data/"), ["text/csv", "application/json"]),
        ],
    }
    return answer(request, "discovery", document)


def _endpoint(specification: str, url: str, formats: Sequence[str]) -> Value:
    return {
        "specification": specification,
        "url": url,
        "changeset": CHANGED,
        "type": "production",
        "formats": formats,
    }
