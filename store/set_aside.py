"""Messages that were set aside, as clerks see them: listed, tried again, put away."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update

from bot.ports import Aside, Page
from channels.message import Inbound
from store.tables import citizens, inbox
from store.transaction import Transaction


class SetAside:
    """Keeps `bot.ports.SetAside`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def page(self, offset: int, limit: int) -> Page[Aside]:
        waiting = inbox.c.aside_at.is_not(None)
        newest = select(inbox).where(waiting).order_by(inbox.c.aside_at.desc(), inbox.c.id.desc())
        rows = await self._tx.execute(newest.offset(offset).limit(limit))
        total = await self._tx.execute(select(func.count()).select_from(inbox).where(waiting))
        return Page(rows=tuple(self._aside(row) for row in rows), total=total.scalar_one())

    async def again(self, row: int, now: datetime) -> bool:
        """A row that is done stays done, and a copy goes to the end of the lane: reopened, it would stand before rows
        of its lane that somebody may hold just now."""
        found = (await self._tx.execute(select(inbox).where(inbox.c.id == row))).first()
        if found is None or not await self.seen(row):
            return False
        lane = select(citizens.c.id).where(citizens.c.id == found.lane).with_for_update(key_share=True)
        await self._tx.execute(lane)
        await self._tx.execute(self._tx.insert(inbox).values(self._copy(found, now)))
        self._tx.filled.add(inbox.name)
        return True

    async def seen(self, row: int) -> bool:
        kept = update(inbox).where(inbox.c.id == row, inbox.c.aside_at.is_not(None))
        return await self._tx.changed(kept.values(aside_at=None)) == 1

    async def seen_all(self, row: int) -> int:
        whose = select(inbox.c.lane).where(inbox.c.id == row).scalar_subquery()
        kept = update(inbox).where(inbox.c.lane == whose, inbox.c.aside_at.is_not(None))
        return await self._tx.changed(kept.values(aside_at=None))

    def _copy(self, row: Row[Any], now: datetime) -> dict[str, Any]:
        key, *_ = self._tx.codec.seal.lookups("inbound again", row.channel, str(row.id))
        same = {"lane": row.lane, "channel": row.channel, "inbound": row.inbound}
        return {**same, "key": key, "queued_at": now, "due": now, "attempts": 0, "reason": ""}

    def _aside(self, row: Row[Any]) -> Aside:
        inbound = self._tx.codec.readable(inbox.c.inbound, row.inbound, Inbound)
        text, photos = (inbound.text, len(inbound.media)) if inbound else ("", 0)
        return Aside(
            id=row.id, channel=row.channel, accepted_at=row.queued_at, reason=row.reason, text=text, photos=photos
        )
