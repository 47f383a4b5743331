"""What stands behind a claimed message in its lane: the rest of an album, or of a report typed in several messages."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from bot.ports import Arrival, Behind
from channels.message import Inbound
from store.tables import inbox
from store.transaction import Transaction


class Bursts:
    """Keeps `bot.ports.Bursts`. Nobody else touches what stands behind a claimed head, so nothing here is locked."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def behind(self, arrival: Arrival, limit: int) -> Sequence[Behind]:
        query = select(inbox.c.id, inbox.c.queued_at, inbox.c.inbound).where(
            inbox.c.lane == arrival.citizen.id, inbox.c.id > arrival.id, inbox.c.done_at.is_(None)
        )
        rows = await self._tx.execute(query.order_by(inbox.c.id).limit(limit))
        unpack = self._tx.codec.unpack
        return [
            Behind(id=row.id, accepted_at=row.queued_at, inbound=unpack(inbox.c.inbound, row.inbound, Inbound))
            for row in rows
        ]

    async def join(self, arrival: Arrival, rows: Sequence[int], now: datetime) -> bool:
        if not rows:
            return True
        theirs = (inbox.c.lane == arrival.citizen.id) & inbox.c.id.in_(rows) & inbox.c.done_at.is_(None)
        return await self._tx.changed(update(inbox).where(theirs).values(done_at=now)) == len(rows)
