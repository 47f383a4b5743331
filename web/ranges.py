"""Parts of a file, as players ask for them: Safari plays no sound from a server that cannot give the second half alone.

GET ... Range: bytes=100-199 -> 206, Content-Range: bytes 100-199/5000   (RFC 9110, section 14; one range only)
"""

import re

from aiohttp.web import Request, Response

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def answer(request: Request, content: bytes, content_type: str) -> Response:
    """The file, or the part of it that is asked for; all of it where the question makes no sense to us."""
    asked = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    headers = {"Accept-Ranges": "bytes"}
    if asked is None or not (asked[1] or asked[2]):
        return Response(body=content, content_type=content_type, headers=headers)
    size = len(content)
    start = int(asked[1]) if asked[1] else max(0, size - int(asked[2]))
    end = min(int(asked[2]) + 1, size) if asked[1] and asked[2] else size
    if start >= end:
        return Response(status=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return Response(status=206, body=content[start:end], content_type=content_type, headers=headers)
