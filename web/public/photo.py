"""A photo that a clerk cleared for everybody: its pixels alone, drawn anew, for where and with which phone it was taken
is nobody's business.

GET /photos/public/{name} -> 200, a JPEG | 304 | 404, none, not cleared, or not any more | 429
"""

import re

from aiohttp.web import HTTPNotFound, Request, Response, RouteTableDef

from web.case.pictures import picture
from web.ports import WEB
from web.public.page import spent

routes = RouteTableDef()
_NAME = re.compile(r"[0-9a-f]{32}")
_CACHING = "public, max-age=300"  # seconds: what was cleared may be taken back


@routes.get("/photos/public/{name}")
async def photo(request: Request) -> Response:
    """It is shown, never run, whatever was meant by its sender."""
    web, name = request.app[WEB], request.match_info["name"]
    if not _NAME.fullmatch(name):
        raise HTTPNotFound
    if wait := spent(request):
        return Response(text="429 Too Many Requests\n", status=429, headers={"Retry-After": str(wait)})
    async with web.store.view() as view:
        shown = await view.public.shown(name)
    if not shown:
        raise HTTPNotFound
    tag = f'"{name}.bare"'
    if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
        return Response(status=304, headers={"ETag": tag, "Cache-Control": _CACHING})
    answer = await picture(request, name)
    answer.headers.update({"ETag": tag, "Cache-Control": _CACHING})
    return answer
