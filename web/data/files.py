"""The files of the latest export, as they lie on the disk, or unpacked for who takes nothing packed.

GET /data/{name} -> 200 | 206, the part asked for | 304 | 404, no such file | 503, too many are unpacked at once
"""

import asyncio
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp.web import AppKey, FileResponse, HTTPNotFound, Request, Response, RouteTableDef, StreamResponse

from bot.opendata import shelf
from bot.opendata.book import Book
from bot.opendata.catalogue import MEDIA
from web.compressing import takes_gzip
from web.ports import WEB

routes = RouteTableDef()
_AT_ONCE = 1 << 18  # bytes
_UNPACKING = 2  # files at a time: of each a core is busy for a second or two
_GZIP = ".gz"
_SHARED = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=60"}


@dataclass(slots=True)
class Desk:
    """What one process knows: the export that holds, and how many files it unpacks."""

    link: str = ""
    book: Book | None = None
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_UNPACKING))


DESK = AppKey("data_desk", Desk)


async def latest(request: Request) -> tuple[Path, Book] | None:
    """The folder of the export that holds, and what it knows of itself; None: there is none yet."""
    root, desk = request.app[WEB].data, request.app[DESK]
    if root is None:
        return None
    link = await asyncio.to_thread(shelf.holding, root)
    if link != desk.link:
        desk.book, desk.link = await asyncio.to_thread(shelf.read, root, link), link
    return (root / link, desk.book) if link and desk.book else None


@routes.get("/data/{name:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,60}[A-Za-z0-9])?}")
async def file(request: Request) -> StreamResponse:
    """Only what the export names. A text file may be asked for with and without the ending that says that it is
    packed: a browser unpacks the latter by itself."""
    found, name = await latest(request), request.match_info["name"]
    if found is None or not {name, name + _GZIP} & set(found[1].files):
        raise HTTPNotFound
    folder, book = found
    if name in book.files or takes_gzip(request):
        return FileResponse(folder / name, headers=_SHARED | _content(name))
    return await _unpacked(request, folder / (name + _GZIP), name)


def _content(name: str) -> dict[str, str]:
    kind = MEDIA.get(name.rpartition(".")[2], "text/plain")
    text = kind.startswith("text/")
    return {"Content-Type": f"{kind}; charset=utf-8" if text else kind}


async def _unpacked(request: Request, path: Path, name: str) -> StreamResponse:
    places = request.app[DESK].places
    if places.locked():
        return Response(text="503 Service Unavailable\n", status=503, headers={"Retry-After": "5"})
    async with places:
        answer = StreamResponse(headers=_SHARED | _content(name) | {"Vary": "Accept-Encoding"})
        await answer.prepare(request)
        if request.method != "HEAD":
            packed, unpacker = await asyncio.to_thread(path.open, "rb"), zlib.decompressobj(zlib.MAX_WBITS | 16)
            with packed:
                while content := await asyncio.to_thread(packed.read, _AT_ONCE):
                    await answer.write(await asyncio.to_thread(unpacker.decompress, content))
        await answer.write_eof()
    return answer
