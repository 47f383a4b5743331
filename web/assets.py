"""Files that pages load: our own and, below vendor/, those of others. Each is packed once, and kept.

GET /static/{name} -> 200 | 304, the browser has it (ETag) | 404, there is no such file
"""

import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from aiohttp.web import HTTPNotFound, Request, Response, RouteTableDef

from web.compressing import is_text, pack, takes_gzip
from web.page import STATIC

routes = RouteTableDef()
_KEPT = 64  # files
_TYPES = {".js": "text/javascript", ".svg": "image/svg+xml", ".css": "text/css"}  # the same on every machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file, and what it is packed, where it is text."""

    content: bytes
    packed: bytes | None
    content_type: str
    tag: str


@routes.get("/static/{name:[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,118}[A-Za-z0-9])?}")
async def asset(request: Request) -> Response:
    """Only what lies in the folder; a path that leads out of it is a file that is not there."""
    path = STATIC / request.match_info["name"]
    if ".." in path.parts or any(part.startswith(".") for part in path.relative_to(STATIC).parts):
        raise HTTPNotFound
    try:
        found = _read(path, path.stat().st_mtime_ns)
    except OSError as missing:
        raise HTTPNotFound from missing
    return _answer(request, found)


def _answer(request: Request, found: Asset) -> Response:
    gzipped = found.packed is not None and takes_gzip(request)
    tag = f'"{found.tag}-gzip"' if gzipped else f'"{found.tag}"'
    headers = {"ETag": tag}
    if tag in [one.strip() for one in request.headers.get("If-None-Match", "").replace("W/", "").split(",")]:
        return Response(status=304, headers=headers | {"Vary": "Accept-Encoding"})
    if gzipped:
        headers["Content-Encoding"] = "gzip"
    body = found.packed if gzipped else found.content
    charset = "utf-8" if found.packed is not None else None
    return Response(body=body, content_type=found.content_type, charset=charset, headers=headers)


@lru_cache(_KEPT)
def _read(path: Path, _changed: int) -> Asset:
    """`_changed`: when it was, so that another version is read anew. Raises OSError where it is no file."""
    content = path.read_bytes()
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    packed = pack(content) if is_text(kind) else None
    tag = hashlib.sha256(content).hexdigest()[:16]
    return Asset(content=content, packed=packed, content_type=kind, tag=tag)
