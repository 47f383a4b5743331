"""Photos of tickets: first a reference at the provider, then, once a worker has fetched it, a name in Files.

Claimed as the rows of `store/queue.py` are (a claim moves `due` to the end of the lease), but without lanes: photos
have no order.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, delete, func, or_, select, update

from bot.ports import Photo
from channels.message import Media
from channels.reason import Reason
from store import tokens
from store.statement import Statement
from store.tables import doomed, photos
from store.transaction import Transaction

_LINK = "photos.link"
_OF_TICKET = Statement(
    lambda _insert: select(photos).where(photos.c.number == bindparam("number_")).order_by(photos.c.id)
)


class Photos:
    """Keeps `bot.ports.Photos`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(
        self, number: str, channel: str, media: Sequence[Media], now: datetime, citizen: int | None = None
    ) -> None:
        if media:
            rows = [self._row(number, channel, item, now) | {"citizen": citizen} for item in media]
            await self._tx.execute(photos.insert(), rows)
            self._tx.filled.add(photos.name)

    async def sent(self, citizen: int, since: datetime) -> int:
        sound = or_(photos.c.content_type.startswith("audio/"), photos.c.content_type.startswith("application/ogg"))
        theirs = select(func.count()).where(photos.c.citizen == citizen, photos.c.added_at >= since, ~sound)
        return int((await self._tx.execute(theirs)).scalar_one())

    async def attach(self, number: str, channel: str, name: str, content_type: str, now: datetime) -> None:
        media = Media(reference=name, content_type=content_type)
        await self._tx.execute(photos.insert(), [self._row(number, channel, media, now) | {"name": name, "due": None}])

    def token(self, name: str, until: datetime) -> str:
        return tokens.sealed(self._tx.codec.seal, _LINK, name, until)

    def shown(self, token: str, now: datetime) -> str | None:
        return tokens.opened(self._tx.codec.seal, _LINK, token, now)

    async def claim(self, owner: str, now: datetime, lease: float, limit: int) -> Sequence[Photo]:
        due = select(photos.c.id).where(photos.c.due <= now).order_by(photos.c.due, photos.c.id).limit(limit)
        free = due.with_for_update(skip_locked=True).cte("free")
        until = {"owner": owner, "token": token_hex(8), "due": now + timedelta(seconds=lease)}
        claimed = update(photos).where(photos.c.id.in_(select(free.c.id))).returning(photos)
        claimed = claimed.values(**until, attempts=photos.c.attempts + 1)
        rows = sorted(await self._tx.execute(claimed), key=lambda row: row.id)
        found = [self._photo(row) for row in rows]
        for photo in found:
            if not photo.media.reference:  # sealed with a key that is lost
                await self.failed(photo, Reason.UNREADABLE, None)
        return [photo for photo in found if photo.media.reference]

    async def fetched(self, photo: Photo, name: str, now: datetime) -> bool:
        """The lease must last: then nobody names a file that has been loose for long, so sweeping is safe."""
        return await self._end(_held(photo) & (photos.c.due > now), name=name, reason="", due=None)

    async def failed(self, photo: Photo, reason: str, retry_at: datetime | None) -> bool:
        return await self._end(_held(photo), reason=reason, due=retry_at)

    async def release(self, owner: str) -> int:
        """The attempt stays counted: a photo that kills its process must come to an end."""
        theirs = update(photos).where(photos.c.owner == owner, photos.c.due.is_not(None))
        return await self._tx.changed(theirs.values(owner=None, token=None, due=photos.c.added_at))

    async def named(self, names: Collection[str]) -> set[str]:
        """Walks the table: it is seldom asked, and an index would cost every photo."""
        if not names:
            return set()
        return set((await self._tx.execute(select(photos.c.name).where(photos.c.name.in_(names)))).scalars())

    async def of_ticket(self, number: str) -> Sequence[Photo]:
        return [self._photo(row) for row in await self._tx.run(_OF_TICKET, {"number_": number})]

    async def doomed(self, limit: int) -> Sequence[str]:
        return list((await self._tx.execute(select(doomed.c.name).limit(limit))).scalars())

    async def gone(self, names: Sequence[str]) -> None:
        await self._tx.execute(delete(doomed).where(doomed.c.name.in_(names)))

    async def _end(self, held: ColumnElement[bool], **values: object) -> bool:
        """Give the claim back with these values; False when it was not ours any more."""
        ended = update(photos).where(held).values(owner=None, token=None, attempts=0, **values)
        return await self._tx.changed(ended) == 1

    def _row(self, number: str, channel: str, media: Media, now: datetime) -> dict[str, Any]:
        return {
            "number": number,
            "channel": channel,
            "reference": self._tx.codec.pack(photos.c.reference, media.reference),
            "content_type": media.content_type,
            "added_at": now,
            "due": now,
            "reason": "",
            "attempts": 0,
        }

    def _photo(self, row: Row[Any]) -> Photo:
        """A reference that cannot be opened is empty: a photo that was fetched needs none."""
        reference = self._tx.codec.readable(photos.c.reference, row.reference, str) or ""
        return Photo(
            id=row.id,
            number=row.number,
            channel=row.channel,
            media=Media(reference=reference, content_type=row.content_type),
            name=row.name,
            reason=row.reason,
            added_at=row.added_at,
            token=row.token,
            attempts=row.attempts,
        )


def _held(photo: Photo) -> ColumnElement[bool]:
    """This photo, still under this claim, and without a file."""
    return and_(photos.c.id == photo.id, photos.c.token == photo.token, photos.c.name.is_(None))
