"""An answer that is the same for whoever asks for it in a language, ready to be sent, and packed once."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp.web import Request, Response

from web.compressing import pack, takes_gzip

_WORTH = 1024  # bytes; below, packing saves no packet
_CACHING = "public, max-age=60"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """`tag` is of its content, so that two processes give the same one. `headers`: those of its own."""

    content: bytes = field(repr=False)
    packed: bytes | None = field(repr=False)
    tag: str
    content_type: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def leaf(text: str, content_type: str = "text/html", *, status: int = 200, **headers: str) -> Leaf:
    """`headers` with `_` for the hyphen in their names."""
    content = text.encode()
    return Leaf(
        content=content,
        packed=pack(content) if len(content) >= _WORTH else None,
        tag=hashlib.sha256(content).hexdigest()[:16],
        content_type=content_type,
        status=status,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def sent(request: Request, found: Leaf) -> Response:
    """304 for who has it already (RFC 9110, 13.1.2)."""
    packed = found.packed if takes_gzip(request) else None
    tag = f'"{found.tag}-gzip"' if packed else f'"{found.tag}"'
    headers = {
        "Cache-Control": _CACHING, "Vary": "Accept-Language, Accept-Encoding", **found.headers, "ETag": tag,
    }  # fmt: skip
    if found.status == 200 and _has(request, tag):
        return Response(status=304, headers=headers)
    if packed:
        headers["Content-Encoding"] = "gzip"
    headers["Content-Type"] = f"{found.content_type}; charset=utf-8"
    return Response(body=packed or found.content, status=found.status, headers=headers)


def _has(request: Request, tag: str) -> bool:
    given = request.headers.get("If-None-Match")
    return given is not None and (given == "*" or tag in (one.strip().removeprefix("W/") for one in given.split(",")))
