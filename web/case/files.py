"""Photos and voice notes of a ticket."""

from functools import partial

from aiohttp.web import HTTPNotFound, Request, Response, RouteTableDef

from bot.ports import Photo
from web import ranges
from web.case.pictures import NoPicture, bare, picture
from web.case.view import PATH
from web.ports import WEB
from web.visit import Visit, for_clerks

routes = RouteTableDef()

HEARD = frozenset({  # sounds; a browser that cannot play one (AMR) offers the link below it
    "audio/ogg", "audio/mpeg", "audio/mp4", "audio/x-m4a", "audio/aac", "audio/amr", "audio/wav", "audio/x-wav",
    "audio/webm", "audio/3gpp", "audio/flac",
})  # fmt: skip


@routes.get(PATH + "/photos/{id:[0-9]{1,12}}")
@for_clerks
async def photo(request: Request, visit: Visit) -> Response:
    """A photo or voice note of this ticket. Of a photo only its pixels leave the house; what is no ordinary sound
    either is given as a file to save, never to open."""
    found = await _photo(request)
    if found.media.content_type.startswith("image/"):
        return await picture(request, found.name or "", unreadable=partial(unreadable, request, visit))
    try:
        content, content_type = await request.app[WEB].files.get(found.name or "")
    except KeyError as missing:
        raise HTTPNotFound from missing
    return shown(request, content, content_type)


@routes.get(PATH + "/photos/{id:[0-9]{1,12}}/{size:small|plain}")
@for_clerks
async def plain(request: Request, visit: Visit) -> Response:
    """A photo's pixels alone, without where and with what it was taken; or small."""
    found, small = await _photo(request), request.match_info["size"] == "small"
    return await picture(request, found.name or "", small=small, unreadable=partial(unreadable, request, visit))


async def _photo(request: Request) -> Photo:
    """The one that the address names, once it was fetched; else 404."""
    number, wanted = request.match_info["number"], int(request.match_info["id"])
    async with request.app[WEB].store.view() as view:
        found = [one for one in await view.photos.of_ticket(number) if one.id == wanted and one.name]
    if not found:
        raise HTTPNotFound
    return found[0]


def unreadable(request: Request, visit: Visit) -> Response:
    """A picture that says in words that there is none to be seen: an empty frame would look like a slow line."""
    page = visit.page(request, "case/unreadable.html")
    page.content_type = "image/svg+xml"
    return page


async def sent_picture(request: Request, visit: Visit, content: bytes, content_type: str) -> Response:
    """As `shown`, of a file that lies at its provider: of a picture only the pixels."""
    if not content_type.startswith("image/"):
        return shown(request, content, content_type)
    try:
        return Response(body=await bare(content), content_type="image/jpeg")
    except NoPicture:
        return unreadable(request, visit)


def shown(request: Request, content: bytes, content_type: str) -> Response:
    """A citizen's file: an ordinary sound to hear, anything else to save."""
    if (plain := _plain(content_type)) in HEARD:
        return ranges.answer(request, content, plain)
    headers = {"Content-Disposition": "attachment"}
    return Response(body=content, content_type="application/octet-stream", headers=headers)


def _plain(content_type: str) -> str:
    """`audio/ogg` of `audio/ogg; codecs=opus`; Ogg without a kind is a voice note."""
    plain = content_type.partition(";")[0].strip().lower()
    return "audio/ogg" if plain == "application/ogg" else plain
