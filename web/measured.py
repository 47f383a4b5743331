"""A body that is read piece by piece: all of it counts, unpacked, also what stands between and before its parts, and
each piece has its time. aiohttp itself skips what stands before the first part for as long as it comes."""

import asyncio
import warnings
from typing import cast

from aiohttp import MultipartReader, StreamReader
from aiohttp.web import HTTPRequestEntityTooLarge, Request


def parts(request: Request, room: int, patience: float | None = None) -> MultipartReader:
    """The parts of a form. Raises ValueError where it is none; reading them raises 413 beyond `room` bytes,
    TimeoutError where nothing comes for `patience` seconds, and whatever the library raises of what is broken."""
    return MultipartReader(
        request.headers,
        cast(StreamReader, _Measured(request.content, room, patience)),
        max_field_size=request.protocol.max_field_size,
        max_headers=request.protocol.max_headers,
    )


class _Measured:
    """As much of a StreamReader as a MultipartReader asks for."""

    def __init__(self, content: StreamReader, room: int, patience: float | None) -> None:
        self._content, self._room, self._patience, self._came = content, room, patience, 0

    async def read(self, size: int = -1) -> bytes:
        """What is there, at most `size` bytes."""
        async with asyncio.timeout(self._patience):
            return self._counted(await self._content.read(size))

    async def readline(self, *, max_line_length: int | None = None) -> bytes:
        """Up to the end of a line."""
        async with asyncio.timeout(self._patience):
            return self._counted(await self._content.readline(max_line_length=max_line_length))

    def unread_data(self, data: bytes) -> None:
        """It comes once more."""
        self._came -= len(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            self._content.unread_data(data)

    def at_eof(self) -> bool:
        """Whether all came."""
        return self._content.at_eof()

    def _counted(self, piece: bytes) -> bytes:
        self._came += len(piece)
        if self._came > self._room:
            raise HTTPRequestEntityTooLarge(max_size=self._room, actual_size=self._came)
        return piece
