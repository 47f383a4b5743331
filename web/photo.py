"""A photo of ours for who got its link by SMS, and for the provider that carries it into WhatsApp. No log-in; what
stands in the address is the file and its end, sealed.

GET /photos/{token} -> 200, a JPEG | 404, not ours, too old, or deleted
"""

from aiohttp.web import HTTPNotFound, Request, Response, RouteTableDef

from bot.notices import PHOTOS
from web.ports import WEB

routes = RouteTableDef()


@routes.get(PHOTOS + "{token}")
async def photo(request: Request) -> Response:
    """Its pixels alone were kept. It is shown, never run, whatever was meant by its sender."""
    web = request.app[WEB]
    async with web.store.view() as view:
        name = view.photos.shown(request.match_info["token"][:400], web.clock.now())
    try:
        content, content_type = await web.files.get(name or "")
    except KeyError as gone:
        raise HTTPNotFound from gone
    if content_type != "image/jpeg":
        raise HTTPNotFound
    headers = {"Cache-Control": "private, max-age=3600", "X-Robots-Tag": "noindex"}
    return Response(body=content, content_type=content_type, headers=headers)
