"""Reading what a request carries, never more than its limit, and refusing what is broken with a plain 400 or 413."""

from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import parse_qsl

import msgspec
from aiohttp.web import (
    HTTPBadRequest,
    HTTPRequestEntityTooLarge,
    HTTPUnsupportedMediaType,
    Request,
    RequestPayloadError,
)

LIMIT = 256 * 1024  # bytes; webhooks and forms are far below it
_FIELDS = 50
T = TypeVar("T")


async def read(request: Request, limit: int = LIMIT) -> bytes:
    """The raw body (unpacked, if it came packed: the limit holds for what it unpacks to). Raises 400 or 413."""
    if (request.content_length or 0) > limit:
        raise HTTPRequestEntityTooLarge(max_size=limit, actual_size=request.content_length or 0)
    body = bytearray()
    try:
        async for chunk in request.content.iter_chunked(16 * 1024):
            body += chunk
            if len(body) > limit:
                raise HTTPRequestEntityTooLarge(max_size=limit, actual_size=len(body))
    except (RequestPayloadError, ConnectionError) as broken:  # packed wrongly, or the sender hung up in the middle
        raise HTTPBadRequest from broken
    return bytes(body)


async def form(request: Request) -> Mapping[str, str]:
    """The fields of a posted form; of a field given twice the last. Raises 400, 413 or 415."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise HTTPUnsupportedMediaType
    try:
        text = (await read(request)).decode("ascii")  # everything else is percent-encoded in this content type
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_FIELDS, errors="strict"))
    except ValueError as broken:  # UnicodeDecodeError is one
        raise HTTPBadRequest from broken


async def decoded(request: Request, kind: type[T], limit: int) -> T:
    """A JSON body as the value it should be. Raises 400, 413 or 415 (no foreign page can post JSON without asking)."""
    if request.content_type != "application/json":
        raise HTTPUnsupportedMediaType
    try:
        return msgspec.json.decode(await read(request, limit), type=kind)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as broken:
        raise HTTPBadRequest from broken
