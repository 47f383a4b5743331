"""What machines that read the web are told.

GET /robots.txt -> 200
GET /sitemap.xml -> 200 | 404, where config.yml says no `public_url`: such a list holds whole addresses
"""

from functools import partial

from aiohttp.web import HTTPNotFound, Request, Response, RouteTableDef

from web.page import ENVIRONMENTS
from web.ports import WEB
from web.public.leaf import Leaf, leaf
from web.public.page import Reader, kept

routes = RouteTableDef()
_PAGES = ("/", "/report", "/figures", "/follow")
_CLOSED = (
    "/desk", "/try", "/both", "/my-data/", "/outside/", "/photos/", "/find", "/channels/", "/digest/", "/confirm/",
    "/mail/",
)  # fmt: skip


@routes.get("/robots.txt")
async def robots(request: Request) -> Response:
    """A single report is somebody's: found by its number, not by a search engine."""
    url = request.app[WEB].public_url
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in (*_CLOSED, "/r/"))]
    text = "\n".join([*lines, *([f"Sitemap: {url}/sitemap.xml"] if url else []), ""])
    return Response(text=text, headers={"Cache-Control": "public, max-age=3600"})


@routes.get("/sitemap.xml")
async def sitemap(request: Request) -> Response:
    if not request.app[WEB].public_url:
        raise HTTPNotFound
    return await kept(request, "/sitemap.xml", partial(_sitemap, request))


async def _sitemap(request: Request, whose: Reader) -> Leaf:
    web = request.app[WEB]
    environment = request.app[request.app[ENVIRONMENTS][whose.language]]
    text = environment.get_template("public/sitemap.xml").render(
        base=web.public_url, pages=_PAGES, languages=web.city.languages
    )  # fmt: skip
    return leaf(text, "application/xml")
