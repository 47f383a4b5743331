"""Photos without what stands in them beside the picture (where and with which phone it was taken), and small ones.

A photo is opened by Pillow, in a thread, one at a time: it takes 0.1 s and its pixels' memory, and a bomb is refused
by its size before a pixel is made.
"""

import asyncio
from io import BytesIO

from aiohttp.web import HTTPNotFound, Request, Response

from web.ports import WEB

LARGEST = 10 * 1024 * 1024  # bytes
_PIXELS = 50_000_000
_SMALL, _WHOLE = 320, 2048  # pixels, of the longer side
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
PICTURED = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})  # the same, as they are declared
_PEN = asyncio.Semaphore(1)


class NoPicture(Exception):
    """It is too large, no picture of a kind that we open, or broken."""


async def picture(request: Request, name: str, *, small: bool = False) -> Response:
    """A file of a ticket as a JPEG of its pixels alone; 404 for what is none."""
    try:
        content, _ = await request.app[WEB].files.get(name)
        async with _PEN:
            plain = await asyncio.to_thread(stripped, content, _SMALL if small else _WHOLE)
    except (KeyError, NoPicture) as missing:
        raise HTTPNotFound from missing
    headers = {"Cache-Control": "private, max-age=86400"}  # a photo never changes behind its number
    return Response(body=plain, content_type="image/jpeg", headers=headers)


def stripped(content: bytes, side: int) -> bytes:
    """The picture turned as it was held, no side longer than this, as JPEG without EXIF, comments or profile; raises
    NoPicture."""
    from PIL import Image, ImageOps, UnidentifiedImageError  # 20 ms and 10 MB that most processes never need

    if len(content) > LARGEST:
        raise NoPicture
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as opened:
            if opened.width * opened.height > _PIXELS:
                raise NoPicture
            opened.draft("RGB", (side, side))
            turned = ImageOps.exif_transpose(opened).convert("RGB")
            turned.thumbnail((side, side))
            bare = Image.new("RGB", turned.size)
            bare.paste(turned)
            kept = BytesIO()
            bare.save(kept, "JPEG", quality=82, optimize=True)
            return kept.getvalue()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as broken:
        raise NoPicture from broken
