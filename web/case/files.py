"""Photos and voice notes of a ticket."""

from aiohttp.web import HTTPNotFound, Request, Response, RouteTableDef

from web import ranges
from web.case.pictures import picture
from web.case.view import PATH
from web.ports import WEB
from web.visit import Visit, for_clerks

routes = RouteTableDef()

_SHOWN = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})  # what cannot run anything in a browser
HEARD = frozenset({  # the same, of sounds; a browser that cannot play one (AMR) offers the link below it
    "audio/ogg", "audio/mpeg", "audio/mp4", "audio/x-m4a", "audio/aac", "audio/amr", "audio/wav", "audio/x-wav",
    "audio/webm", "audio/3gpp", "audio/flac",
})  # fmt: skip


@routes.get(PATH + "/photos/{id:[0-9]{1,12}}")
@for_clerks
async def photo(request: Request, _: Visit) -> Response:
    """A photo or voice note of this ticket. What is no ordinary picture or sound is given as a file to save, never to
    open."""
    number, wanted = request.match_info["number"], int(request.match_info["id"])
    async with request.app[WEB].store.view() as view:
        names = [one.name for one in await view.photos.of_ticket(number) if one.id == wanted and one.name]
    try:
        content, content_type = await request.app[WEB].files.get(names[0])
    except (IndexError, KeyError) as missing:
        raise HTTPNotFound from missing
    return shown(request, content, content_type)


@routes.get(PATH + "/photos/{id:[0-9]{1,12}}/{size:small|plain}")
@for_clerks
async def plain(request: Request, _: Visit) -> Response:
    """A photo's pixels alone, without where and with what it was taken; or small."""
    number, wanted = request.match_info["number"], int(request.match_info["id"])
    async with request.app[WEB].store.view() as view:
        names = [one.name for one in await view.photos.of_ticket(number) if one.id == wanted and one.name]
    if not names:
        raise HTTPNotFound
    return await picture(request, names[0], small=request.match_info["size"] == "small")


def shown(request: Request, content: bytes, content_type: str) -> Response:
    """A citizen's file: an ordinary picture or sound to look at and hear, anything else to save."""
    if (plain := _plain(content_type)) in _SHOWN | HEARD:
        return ranges.answer(request, content, plain)
    headers = {"Content-Disposition": "attachment"}
    return Response(body=content, content_type="application/octet-stream", headers=headers)


def _plain(content_type: str) -> str:
    """`audio/ogg` of `audio/ogg; codecs=opus`; Ogg without a kind is a voice note."""
    plain = content_type.partition(";")[0].strip().lower()
    return "audio/ogg" if plain == "application/ogg" else plain
