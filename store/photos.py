"""Photos of tickets: first a reference at the provider, then, once a worker has fetched it, a name in Files."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select, update

from bot.ports import Photo
from channels.message import Media
from store.tables import photos
from store.transaction import Transaction


class Photos:
    """Keeps `bot.ports.Photos`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, number: str, channel: str, media: Sequence[Media], now: datetime) -> None:
        if media:
            await self._tx.execute(photos.insert(), [self._row(number, channel, item, now) for item in media])

    async def due(self, now: datetime, limit: int) -> Sequence[Photo]:
        return await self._photos(select(photos).where(photos.c.due <= now).order_by(photos.c.due).limit(limit))

    async def fetched(self, photo: Photo, name: str, content_type: str) -> None:
        await self._set(photo, name=name, content_type=content_type, reason="", due=None)

    async def failed(self, photo: Photo, reason: str, retry_at: datetime | None) -> None:
        await self._set(photo, reason=reason, due=retry_at)

    async def of_ticket(self, number: str) -> Sequence[Photo]:
        return await self._photos(select(photos).where(photos.c.number == number).order_by(photos.c.id))

    async def _set(self, photo: Photo, **values: object) -> None:
        await self._tx.execute(update(photos).where(photos.c.id == photo.id).values(values))

    async def _photos(self, query: Select[Any]) -> list[Photo]:
        return [self._photo(row) for row in await self._tx.execute(query)]

    def _row(self, number: str, channel: str, media: Media, now: datetime) -> dict[str, Any]:
        return {
            "number": number,
            "channel": channel,
            "reference": self._tx.codec.pack(photos.c.reference, media.reference),
            "content_type": media.content_type,
            "added_at": now,
            "due": now,
            "reason": "",
        }

    def _photo(self, row: Row[Any]) -> Photo:
        reference = self._tx.codec.unpack(photos.c.reference, row.reference, str)
        return Photo(
            id=row.id,
            number=row.number,
            channel=row.channel,
            media=Media(reference=reference, content_type=row.content_type),
            name=row.name,
            reason=row.reason,
            added_at=row.added_at,
        )
