"""Photos of tickets, and where files are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from channels.message import Media


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A file of a ticket. `name` is the Files name once fetched, None before; `reason` why it could not be."""

    id: int
    number: str
    channel: str
    media: Media
    name: str | None
    reason: str
    added_at: datetime


class Photos(Protocol):
    async def add(self, number: str, channel: str, media: Sequence[Media], now: datetime) -> None: ...

    async def due(self, now: datetime, limit: int) -> Sequence[Photo]:
        """Those not fetched yet and due."""
        ...

    async def fetched(self, photo: Photo, name: str, content_type: str) -> None: ...

    async def failed(self, photo: Photo, reason: str, retry_at: datetime | None) -> None: ...

    async def of_ticket(self, number: str) -> Sequence[Photo]: ...


class Files(Protocol):
    """Photos and other files, by name."""

    async def put(self, content: bytes, content_type: str) -> str: ...

    async def get(self, name: str) -> tuple[bytes, str]:
        """Content and content type; raises KeyError."""
        ...
