"""Reading what a request carries, never more than its limit, and refusing what is broken with a plain 400 or 413."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import parse_qsl

import msgspec
from aiohttp import BodyPartReader, MultipartReader
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web import (
    HTTPBadRequest,
    HTTPRequestEntityTooLarge,
    HTTPRequestTimeout,
    HTTPUnsupportedMediaType,
    Request,
    RequestKey,
    RequestPayloadError,
)

from web.measured import parts

LIMIT = 256 * 1024  # bytes; webhooks and forms are far below it
FILE = 10 * 1024 * 1024  # bytes of a file; a larger one is told apart, as long as its form has no more than this:
WHOLE = 32 * 1024 * 1024  # bytes of a form with a file, unpacked, a little less than our proxies let through
PATIENCE = 30.0  # seconds until a whole body has come; of a form with a file until its next bytes have
# Seconds until all of a form with a file has come. A clerk on a phone's line may send 32 MB at 40 KB/s: whoever we know
# by their session may take that long while bytes keep coming, and holds one of few hands meanwhile (web/hands.py).
LONGEST = 900.0
_CHUNK, _NAME = 64 * 1024, 200
_KIND = 200  # characters; a boundary has 70 at most (RFC 2046, 5.1.1)
_FIELDS = 500  # a service has two for each area of the city
_FILES = 1  # no form of ours has more than one
T = TypeVar("T")


async def read(request: Request, limit: int = LIMIT) -> bytes:
    """The raw body (unpacked, if it came packed: the limit holds for what it unpacks to). Raises 400, 408 or 413."""
    if (request.content_length or 0) > limit:
        raise HTTPRequestEntityTooLarge(max_size=limit, actual_size=request.content_length or 0)
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for chunk in request.content.iter_chunked(16 * 1024):
                body += chunk
                if len(body) > limit:
                    raise HTTPRequestEntityTooLarge(max_size=limit, actual_size=len(body))
    except TimeoutError as slow:
        raise HTTPRequestTimeout from slow
    except (RequestPayloadError, ConnectionError) as broken:  # packed wrongly, or the sender hung up in the middle
        raise HTTPBadRequest from broken
    return bytes(body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file of a form. `content` is None where it has more than FILE bytes: the form is read all the same, so that
    nothing that was typed is lost."""

    name: str = field(repr=False)
    content: bytes | None = field(repr=False)


_UPLOAD: RequestKey[Upload] = RequestKey("upload", Upload)


def upload(request: Request) -> Upload | None:
    """The file that came with the form, once it was read."""
    return request.get(_UPLOAD)


def kind(request: Request) -> str:
    """Of what kind the body is said to be. Raises 415 for what no program writes: of a kind of thousands of letters, or
    with comments in comments, the library makes a tenth of a second's work or an error of ours."""
    if len(said := request.headers.get("Content-Type", "")) > _KIND or "(" in said:
        raise HTTPUnsupportedMediaType
    return request.content_type


async def form(request: Request, *, files: bool = False) -> Mapping[str, str]:
    """The fields of a posted form; of a field given twice the last. With `files` it may bring one (`upload`), which is
    for those we know: it may be long and take long. Raises 400, 408, 413 or 415."""
    sent = kind(request)
    if files and sent == "multipart/form-data":
        return await _whole(request)
    if sent != "application/x-www-form-urlencoded":
        raise HTTPUnsupportedMediaType
    try:
        text = (await read(request)).decode("ascii")  # everything else is percent-encoded in this content type
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_FIELDS, errors="strict"))
    except ValueError as broken:  # UnicodeDecodeError is one
        raise HTTPBadRequest from broken


async def words(request: Request) -> Mapping[str, str]:
    """The fields of a form that may bring a file, from whoever sends it: up to its first file, of which nothing is
    read, and no more nor longer than of a form without. Raises 400, 408, 413 or 415."""
    if kind(request) != "multipart/form-data":
        return await form(request)
    fields: dict[str, str] = {}
    async with _bounds(PATIENCE):
        async for part in _numbered(parts(request, LIMIT)):
            if part.filename:
                break
            fields[part.name or ""] = (await _limited(part, LIMIT)).decode()
    return fields


def is_large(request: Request) -> bool:
    """Whether it may be more than a form without a file, unpacked, as far as its head tells."""
    packed = request.headers.get("Content-Encoding", "identity") != "identity"
    return packed or request.content_length is None or request.content_length > LIMIT


async def _whole(request: Request) -> Mapping[str, str]:
    """A form in parts. All that is typed in it is no longer than a form without files may be."""
    if (request.content_length or 0) > WHOLE:
        raise HTTPRequestEntityTooLarge(max_size=WHOLE, actual_size=request.content_length or 0)
    fields: dict[str, str] = {}
    count, room = 0, LIMIT
    async with _bounds(LONGEST):
        async for part in _numbered(parts(request, WHOLE, PATIENCE)):
            if part.filename is None:
                typed = await _limited(part, room)
                fields[part.name or ""], room = typed.decode(), room - len(typed)
            elif part.filename:
                count += 1
                if count > _FILES:
                    raise HTTPBadRequest
                request[_UPLOAD] = await _file(part)
    return fields


@asynccontextmanager
async def _bounds(patience: float) -> AsyncIterator[None]:
    """Raises 408 where it takes longer, 400 for what is broken."""
    try:
        async with asyncio.timeout(patience):
            yield
    except TimeoutError as slow:
        raise HTTPRequestTimeout from slow
    except (ValueError, RequestPayloadError, HttpProcessingError, ConnectionError, AssertionError) as broken:
        raise HTTPBadRequest from broken


async def _numbered(found: MultipartReader) -> AsyncIterator[BodyPartReader]:
    """Its parts, each with a name. Raises 400 for another thing, or too many."""
    count = 0
    async for part in found:
        count += 1
        if not isinstance(part, BodyPartReader) or not part.name or count > _FIELDS:
            raise HTTPBadRequest
        yield part


async def _file(part: BodyPartReader) -> Upload:
    content, size = bytearray(), 0
    while chunk := await part.read_chunk(_CHUNK):
        size += len(chunk)
        if size <= FILE:
            content += chunk
        else:
            content.clear()
    return Upload(name=(part.filename or "")[:_NAME], content=bytes(content) if size <= FILE else None)


async def _limited(part: BodyPartReader, limit: int) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk(_CHUNK):
        content += chunk
        if len(content) > limit:
            raise HTTPRequestEntityTooLarge(max_size=limit, actual_size=len(content))
    return bytes(content)


async def decoded(request: Request, as_what: type[T], limit: int) -> T:
    """A JSON body as the value it should be. Raises 400, 413 or 415 (no foreign page can post JSON without asking)."""
    if kind(request) != "application/json":
        raise HTTPUnsupportedMediaType
    try:
        return msgspec.json.decode(await read(request, limit), type=as_what)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as broken:
        raise HTTPBadRequest from broken
