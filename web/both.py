"""/both: a citizen's phone and the clerk's desk beside each other, for the demo only."""

from aiohttp.web import Request, Response, RouteTableDef

from web import language
from web.page import page

routes = RouteTableDef()


@routes.get("/both")
async def both(request: Request) -> Response:
    """The page; what stands in its two frames are the pages of the simulator and of the desk."""
    answer = page(request, "both.html", language.of_page(request))
    language.remember(request, answer)
    return answer
