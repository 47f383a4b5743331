"""Photos without what stands in them beside the picture (where and with which phone it was taken), and small ones.

A photo is opened by Pillow, in a thread, one at a time: it takes 0.1 s and its pixels' memory, and a bomb is refused
by its size before a pixel is made. What was shown lately is kept in memory, for a clerk looks at one several times.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from io import BytesIO

from aiohttp.web import HTTPNotFound, Request, Response

from web.ports import WEB

LARGEST = 10 * 1024 * 1024  # bytes
_PIXELS = 50_000_000
_SMALL, _WHOLE = 320, 2048  # pixels, of the longer side
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
PICTURED = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})  # the same, as they are declared
_PEN = asyncio.Semaphore(1)
_KEPT = 8 * 1024 * 1024  # bytes of pictures shown lately
_PRIVATE = {"Cache-Control": "private, max-age=86400"}  # a photo never changes behind its number
_OTHERS = {b"ftypheic": "HEIC", b"ftypheix": "HEIC", b"ftypmif1": "HEIC", b"ftypavif": "AVIF", b"%PDF": "PDF"}


class NoPicture(Exception):
    """It is too large, no picture of a kind that we open, or broken."""


class TooManyPixels(NoPicture):
    """It would unpack to more than we make room for."""


class Shown:
    """Pictures without anything beside their pixels, the last ones kept up to so many bytes."""

    def __init__(self, room: int = _KEPT) -> None:
        self._room, self._size = room, 0
        self._kept: OrderedDict[tuple[str, int], bytes] = OrderedDict()

    def get(self, name: str, side: int) -> bytes | None:
        found = self._kept.get((name, side))
        if found is not None:
            self._kept.move_to_end((name, side))
        return found

    def put(self, name: str, side: int, plain: bytes) -> None:
        self._size += len(plain) - len(self._kept.pop((name, side), b""))
        self._kept[name, side] = plain
        while self._size > self._room:
            _, oldest = self._kept.popitem(last=False)
            self._size -= len(oldest)


_SHOWN = Shown()


async def picture(
    request: Request, name: str, *, small: bool = False, unreadable: Callable[[], Response] | None = None
) -> Response:  # fmt: skip
    """A file of a ticket as a JPEG of its pixels alone. What is no picture is what `unreadable` says, else 404."""
    side = _SMALL if small else _WHOLE
    try:
        if (plain := _SHOWN.get(name, side)) is None:
            content, _ = await request.app[WEB].files.get(name)
            plain = await bare(content, side)
            _SHOWN.put(name, side, plain)
    except KeyError as missing:
        raise HTTPNotFound from missing
    except NoPicture as broken:
        if unreadable is None:
            raise HTTPNotFound from broken
        return unreadable()
    return Response(body=plain, content_type="image/jpeg", headers=_PRIVATE)


async def bare(content: bytes, side: int = _WHOLE) -> bytes:
    """As `stripped`, one at a time and beside the loop. Raises NoPicture."""
    async with _PEN:
        return await asyncio.to_thread(partial(stripped, content, side))


def kind_of(content: bytes) -> str:
    """What a file is that we cannot open, by its first bytes; "" where we do not know it."""
    head = content[:16]
    return next((name for mark, name in _OTHERS.items() if mark in head), "")


def stripped(content: bytes, side: int) -> bytes:
    """The picture turned as it was held, no side longer than this, as JPEG without EXIF, comments or profile; raises
    NoPicture."""
    from PIL import Image, ImageOps  # 20 ms and 10 MB that most processes never need

    if len(content) > LARGEST:
        raise NoPicture
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as opened:
            _fits(opened.width * opened.height)
            opened.draft("RGB", (side, side))
            turned = ImageOps.exif_transpose(opened).convert("RGB")
            turned.thumbnail((side, side))
            bare = Image.new("RGB", turned.size)
            bare.paste(turned)
            kept = BytesIO()
            bare.save(kept, "JPEG", quality=82, optimize=True)
            return kept.getvalue()
    except NoPicture:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise TooManyPixels from bomb
    except Exception as broken:  # its readers of broken files end by whatever they come across, IndexError too
        raise NoPicture from broken


def _fits(pixels: int) -> None:
    """Raises TooManyPixels."""
    if pixels > _PIXELS:
        raise TooManyPixels
