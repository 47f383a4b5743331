"""Messages that reached nobody: the clerks' list of them."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, or_, select, update

from bot.ports import Failure, Kind, Page
from channels.mailbox import CHANNEL as MAIL
from channels.message import Outbound
from channels.reason import Reason
from store.again import queue_again
from store.refusals import Refusals
from store.tables import UNSETTLED, citizens, outbox
from store.transaction import Transaction

# Who said STOP did not want the answers that were under way; news of their reports a clerk may tell them otherwise.
_LISTED = UNSETTLED & or_(outbox.c.reason != Reason.OPTED_OUT, outbox.c.number.is_not(None))


class Undelivered:
    """Keeps `bot.ports.Undelivered`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def page(self, offset: int, limit: int) -> Page[Failure]:
        newest = select(outbox).where(_LISTED).order_by(outbox.c.id.desc()).offset(offset).limit(limit)
        rows = await self._tx.execute(newest)
        total = await self._tx.execute(select(func.count()).select_from(outbox).where(_LISTED))
        return Page(rows=tuple(self._failure(row) for row in rows), total=total.scalar_one())

    async def again(self, id: int, now: datetime, *, unasked: bool = False) -> bool:  # noqa: A002 - the port's word
        """`unasked`: no person wishes it. Then it goes before what came after the old one, is as old as it, and one try
        more."""
        wanted = select(outbox).join(citizens).where(outbox.c.id == id, UNSETTLED, ~citizens.c.opted_out)
        row = (await self._tx.execute(wanted.with_for_update(of=outbox))).first()
        outbound = self._outbound(row) if row else None
        if row is None or outbound is None or not await self.settle(id, now):
            return False
        if row.channel == MAIL and not unasked:
            await Refusals(self._tx).forget(row.lane)  # a clerk knows better; staff do not write to us
        same = {"place": row.place or row.id, "tries": row.tries + 1, "queued_at": row.queued_at} if unasked else {}
        await queue_again(self._tx, row, outbound, now, **same)
        return True

    async def settle(self, id: int, now: datetime) -> bool:  # noqa: A002
        """Its files are kept no longer: nobody sends them now."""
        settled = update(outbox).where(outbox.c.id == id, UNSETTLED).values(settled_at=now)
        row = (await self._tx.execute(settled.returning(outbox.c.outbound))).first()
        outbound = self._outbound(row) if row else None
        if outbound and outbound.attachments:
            bare = self._tx.codec.pack(outbox.c.outbound, replace(outbound, attachments=()))
            await self._tx.execute(update(outbox).where(outbox.c.id == id).values(outbound=bare))
        return row is not None

    def _failure(self, row: Row[Any]) -> Failure:
        outbound = self._outbound(row)
        return Failure(
            id=row.id,
            channel=row.channel,
            kind=Kind(row.kind),
            number=row.number,
            reason=row.reason,
            queued_at=row.queued_at,
            text=(outbound.subject or outbound.text) if outbound else "",
            to=outbound.recipient.address if outbound and row.channel == MAIL else "",
        )

    def _outbound(self, row: Row[Any]) -> Outbound | None:
        """None where no key of ours opens it."""
        return self._tx.codec.readable(outbox.c.outbound, row.outbound, Outbound)
