"""Reading what is posted: a form, url-encoded or in parts, the files in it by name `media`. What is broken is a 400,
what is too large a 413, anything but a form a 415; XML is never read, so no bomb or entity of it is either."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web import HTTPRequestEntityTooLarge, HTTPRequestTimeout, Request, RequestPayloadError
from multidict import MultiDict

from web import body
from web.caller import caller, network
from web.measured import parts
from web.open311.problems import Refused
from web.open311.standard import DOOR

MEDIA: Final = "media"
FILES: Final = 5  # pictures of one report
WHOLE: Final = body.WHOLE  # bytes of a form with its files
PATIENCE: Final = 180.0  # seconds until all of them have come: a phone's poor line sends 200 KB/s
_FIELDS: Final = 200
_NAME: Final = 200  # characters of a field's name
_CHUNK: Final = 64 * 1024
_PLAIN: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
_NOT_IN_DIGEST: Final = frozenset({"api_key", "jurisdiction_id"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What came. Of a field given twice all values are kept."""

    fields: MultiDict[str] = field(repr=False)
    files: tuple[bytes, ...] = field(default=(), repr=False)

    def one(self, name: str) -> str:
        """The last value of this name, without blanks around it; empty where there is none."""
        return self.fields.getall(name, [""])[-1].strip()

    def digest(self) -> str:
        """Of all that makes it the same as another: fields in whatever order, files in theirs."""
        said = sorted((name, value) for name, value in self.fields.items() if name not in _NOT_IN_DIGEST)
        whole = hashlib.sha256(repr(said).encode("utf-8", "replace"))
        for content in self.files:
            whole.update(hashlib.sha256(content).digest())
        return whole.hexdigest()


async def posted(request: Request) -> Posted:
    """The form. Raises Refused, or HTTPException for its size."""
    kind = body.kind(request)
    _check_charset(request)
    if kind == "multipart/form-data":
        with request.app[DOOR].hands.held(network(caller(request))):
            return await _whole(request)
    if kind != "application/x-www-form-urlencoded":
        raise Refused(415)
    try:
        text = (await body.read(request)).decode()
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_FIELDS, errors="strict")
    except ValueError as broken:  # UnicodeDecodeError is one
        raise Refused(400, "The form is not UTF-8, or it is broken.") from broken
    return Posted(fields=MultiDict(pairs))


def _check_charset(request: Request) -> None:
    try:
        charset = request.charset
    except (ValueError, LookupError):
        charset = "?"
    if charset and charset.lower() not in _PLAIN:
        raise Refused(400, "Only UTF-8 is read here.")


async def _whole(request: Request) -> Posted:
    """Raises 408 where it does not come to its end: whoever sends it has shown no key yet."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await _parts(request)
    except TimeoutError as slow:
        raise HTTPRequestTimeout from slow


async def _parts(request: Request) -> Posted:
    if (request.content_length or 0) > WHOLE:
        raise HTTPRequestEntityTooLarge(max_size=WHOLE, actual_size=request.content_length or 0)
    fields: MultiDict[str] = MultiDict()
    files: list[bytes] = []
    room, count = WHOLE, 0
    try:
        async for part in parts(request, WHOLE):
            count += 1
            if not isinstance(part, BodyPartReader) or not part.name or len(part.name) > _NAME or count > _FIELDS:
                raise Refused(400, "The form in parts is broken.")
            content = await _content(part, room)
            room -= len(content)
            if not _is_file(part):
                fields.add(part.name, content.decode())
            elif content:
                files.append(content)
    except (ValueError, RequestPayloadError, HttpProcessingError, ConnectionError, AssertionError) as broken:
        raise Refused(400, "The form in parts is broken, or not UTF-8.") from broken
    return Posted(fields=fields, files=_few(files))


def _is_file(part: BodyPartReader) -> bool:
    return part.filename is not None or part.name == MEDIA


def _few(files: Sequence[bytes]) -> tuple[bytes, ...]:
    if len(files) > FILES:
        raise Refused(400, f"media: at most {FILES} files.")
    return tuple(files)


async def _content(part: BodyPartReader, room: int) -> bytes:
    """No longer than a file may be where it is one, else than a form may be."""
    limit = min(room, body.FILE if _is_file(part) else body.LIMIT)
    content = bytearray()
    while chunk := await part.read_chunk(_CHUNK):
        content += chunk
        if len(content) > limit:
            raise HTTPRequestEntityTooLarge(max_size=limit, actual_size=len(content))
    return bytes(content)
