"""Text leaves packed, for who takes it so: lines are slow where clerks work.

What is random in a page (the token of its forms) stands there masked (`web/masking.py`), so that its packed length says
nothing of it; the session's cookie is not sent at all with what other sites ask for in the background (SameSite).
"""

import asyncio
import gzip
from collections.abc import Awaitable, Callable

from aiohttp.web import Request, Response, StreamResponse, middleware

LEVEL = 6
_WORTH = 1024  # bytes; below, packing saves no packet
_LONG = 32 * 1024  # bytes; more of it is packed beside the loop (about 1 ms)
_TEXT = frozenset({
    "text/html", "text/css", "text/csv", "text/plain", "text/xml", "text/yaml", "text/javascript",
    "application/javascript", "application/json", "application/geo+json", "application/yaml", "image/svg+xml",
})  # fmt: skip
Handler = Callable[[Request], Awaitable[StreamResponse]]


@middleware
async def packed(request: Request, handler: Handler) -> StreamResponse:
    """The answer, packed where that is worth it. What is sent bit by bit (events, long files) goes as it comes."""
    answer = await handler(request)
    if isinstance(answer, Response) and is_text(answer.content_type):
        answer.headers["Vary"] = ", ".join(filter(None, (answer.headers.get("Vary"), "Accept-Encoding")))
        body = answer.body
        if isinstance(body, bytes) and len(body) >= _WORTH and _may(answer) and takes_gzip(request):
            answer.body = pack(body) if len(body) < _LONG else await asyncio.to_thread(pack, body)
            answer.headers["Content-Encoding"] = "gzip"
    return answer


def is_text(content_type: str) -> bool:
    return content_type in _TEXT


def pack(content: bytes) -> bytes:
    """The same bytes for the same content."""
    return gzip.compress(content, LEVEL, mtime=0)


def takes_gzip(request: Request) -> bool:
    """Whether Accept-Encoding (RFC 9110, 12.5.3) names gzip and does not refuse it."""
    for item in request.headers.get("Accept-Encoding", "").lower().split(","):
        name, _, weight = item.partition(";")
        if name.strip() in ("gzip", "x-gzip"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def _may(answer: Response) -> bool:
    return "Content-Encoding" not in answer.headers and "Content-Range" not in answer.headers
