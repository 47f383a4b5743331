"""The photo that a clerk adds to a move: read, bared of everything but its pixels, and kept until the move is done."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp.web import Request

from web import body
from web.case.forms import Problem
from web.case.pictures import NoPicture, TooManyPixels, bare, kind_of
from web.ports import WEB

KEPT = "photo_kept"  # the field with the name of a photo that came with the form when it was not taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """`name` of its file, empty where there is none; loose until the move is done, so one that is left is swept."""

    name: str = ""
    problem: Problem | None = None


async def enclosed(request: Request, fields: Mapping[str, str]) -> Enclosed:
    """What came with this form, or with the same form before."""
    sent = body.upload(request)
    if sent is None:
        return await _kept(request, fields)
    if sent.content is None:
        return Enclosed(problem=Problem.PHOTO_TOO_LARGE)
    try:
        plain = await bare(sent.content)
    except TooManyPixels:
        return Enclosed(problem=Problem.PHOTO_PIXELS)
    except NoPicture:
        heic = kind_of(sent.content) == "HEIC"
        return Enclosed(problem=Problem.PHOTO_HEIC if heic else Problem.PHOTO_UNREADABLE)
    return Enclosed(name=await request.app[WEB].files.put(plain, "image/jpeg"))


async def _kept(request: Request, fields: Mapping[str, str]) -> Enclosed:
    name = fields.get(KEPT, "")
    if not name or fields.get("photo_out"):
        return Enclosed()
    web = request.app[WEB]
    try:
        _, content_type = await web.files.get(name)
    except KeyError:
        return Enclosed(problem=Problem.PHOTO_GONE)
    async with web.store.view() as view:
        taken = await view.photos.named([name])
    return Enclosed(problem=Problem.PHOTO_GONE) if taken or content_type != "image/jpeg" else Enclosed(name=name)
