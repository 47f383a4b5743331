"""Messages from us: queued with the decision that causes them, sent in order, followed by their receipts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, case, func, literal, select, update

from bot.ports import Departure, Queued, Sent
from channels.message import Delivery, Outbound, Receipt
from store import queue
from store.tables import citizens, outbox
from store.transaction import Transaction
from store.types import Time

STOP: Final = "stop:"  # keys of the answers to STOP itself, which are said although the citizen opted out


class Outbox:
    """Keeps `bot.ports.Outbox`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def enqueue(self, rows: Sequence[Queued], now: datetime) -> None:
        if not rows:
            return
        silent = await self._silent({row.citizen for row in rows})
        kept = [self._row(row, now) for row in rows if row.citizen not in silent or row.outbound.key.startswith(STOP)]
        if not kept:
            return
        await self._tx.execute(self._tx.insert(outbox).on_conflict_do_nothing(index_elements=[outbox.c.key]), kept)
        self._tx.filled.add(outbox.name)

    async def claim(self, owner: str, now: datetime, lease: float, limit: int) -> Sequence[Departure]:
        terms = queue.Lease(owner=owner, now=now, seconds=lease, limit=limit)
        claimed = await self._claimed(terms)
        rows = await self._unless_stopped(claimed, now)
        while claimed and not rows:  # all were dropped, and what stood behind them may be an answer to the STOP
            claimed = await self._claimed(terms)
            rows = await self._unless_stopped(claimed, now)
        return [self._departure(row) for row in sorted(rows, key=lambda row: row.bulk)]

    async def _claimed(self, terms: queue.Lease) -> Sequence[Row[Any]]:
        return await queue.claim(self._tx, outbox, terms, outbox.c.bulk, delivery=Delivery.SENDING)

    async def _unless_stopped(self, rows: Sequence[Row[Any]], now: datetime) -> Sequence[Row[Any]]:
        """What was in a sender's hands when its citizen said STOP came back to the queue: it is dropped here."""
        if not rows:
            return rows
        opted_out = select(citizens.c.id).where(citizens.c.id.in_({row.lane for row in rows}), citizens.c.opted_out)
        silent = set((await self._tx.execute(opted_out)).scalars())
        dropped = {row.id for row in rows if row.lane in silent and not row.key.startswith(STOP)}
        if dropped:
            values = {"delivery": Delivery.FAILED, "reason": "opted_out", "done_at": now, "owner": None, "token": None}
            await self._tx.execute(update(outbox).where(outbox.c.id.in_(dropped)).values(values))
        return [row for row in rows if row.id not in dropped]

    async def sent(self, departure: Departure, external_id: str, now: datetime) -> None:
        """Also when a receipt was here first: then only what it did not know is added."""
        ours = (outbox.c.id == departure.id) & (outbox.c.token == departure.token)
        values = self._moved(Delivery.SENT, "", departure.outbound.recipient.channel, external_id, now)
        await self._tx.execute(update(outbox).where(ours).values(values))

    async def retry(self, departure: Departure, due: datetime, reason: str, *, counted: bool = True) -> None:
        await queue.put_off(self._tx, outbox, departure.id, departure.token, due, counted=counted, reason=reason)

    async def failed(self, departure: Departure, reason: str, now: datetime) -> None:
        values = {"delivery": Delivery.FAILED, "reason": reason}
        await queue.complete(self._tx, outbox, departure.id, departure.token, now, **values)

    async def receipt(self, channel: str, receipt: Receipt, now: datetime) -> bool:
        """A receipt proves that the provider has the message, so it also ends a row that waits to be sent again."""
        values = self._moved(receipt.delivery, receipt.reason, channel, receipt.external_id, now)
        for meant in self._meant(channel, receipt):
            if await self._tx.changed(update(outbox).where(meant).values(values)):
                return True
        return False

    async def drop_queued(self, citizen: int, now: datetime) -> int:
        waiting = (outbox.c.lane == citizen) & outbox.c.done_at.is_(None)
        idle = outbox.c.owner.is_(None) | (outbox.c.due <= now)  # not in a sender's hands
        dropped = update(outbox).where(waiting, idle, ~outbox.c.key.startswith(STOP))
        values = {"delivery": Delivery.FAILED, "reason": "opted_out", "done_at": now, "owner": None, "token": None}
        return await self._tx.changed(dropped.values(values))

    async def release(self, owner: str, unsure: Mapping[str, datetime] | None = None) -> int:
        held = (outbox.c.owner == owner) & outbox.c.done_at.is_(None)
        waiting = 0
        for channel, due in (unsure or {}).items():
            wait = update(outbox).where(held, outbox.c.channel == channel)
            waiting += await self._tx.changed(wait.values(owner=None, token=None, due=due))
        return waiting + await queue.release(self._tx, outbox, owner)

    async def of_ticket(self, number: str) -> Sequence[Sent]:
        rows = await self._tx.execute(select(outbox).where(outbox.c.number == number).order_by(outbox.c.id))
        return [self._sent(row) for row in rows]

    async def _silent(self, lanes: Iterable[int]) -> set[int]:
        """Those of these citizens who opted out. All are locked until the commit: see `Citizens.lanes`."""
        query = select(citizens.c.id, citizens.c.opted_out).where(citizens.c.id.in_(sorted(lanes)))
        rows = await self._tx.execute(query.order_by(citizens.c.id).with_for_update(key_share=True))
        return {row.id for row in rows if row.opted_out}

    def _row(self, row: Queued, now: datetime) -> dict[str, Any]:
        return {
            "lane": row.citizen,
            "key": row.outbound.key,
            "queued_at": now,
            "due": now,
            "attempts": 0,
            "channel": row.outbound.recipient.channel,
            "bulk": row.bulk,
            "outbound": self._tx.codec.pack(outbox.c.outbound, row.outbound),
            "delivery": Delivery.QUEUED,
            "reason": "",
            "number": row.number,
            "version": row.version,
        }

    def _moved(self, to: Delivery, reason: str, channel: str, external_id: str, now: datetime) -> dict[str, Any]:
        """A delivery moves forward or not at all; the row is done and its provider's id known in either case."""
        lower = outbox.c.delivery.in_([delivery for delivery in Delivery if delivery.rank < to.rank])
        values: dict[str, Any] = {
            "delivery": case((lower, to), else_=outbox.c.delivery),
            "reason": case((lower, reason), else_=outbox.c.reason),
            "done_at": func.coalesce(outbox.c.done_at, literal(now, Time)),
            "owner": None,
        }
        if external_id:
            values["external_hash"] = func.coalesce(outbox.c.external_hash, self._hashes(channel, external_id)[0])
        return values

    def _meant(self, channel: str, receipt: Receipt) -> Iterable[ColumnElement[bool]]:
        if receipt.key:
            yield (outbox.c.key == receipt.key) & (outbox.c.channel == channel)
        if receipt.external_id:
            yield outbox.c.external_hash.in_(self._hashes(channel, receipt.external_id))

    def _hashes(self, channel: str, external_id: str) -> tuple[bytes, ...]:
        return self._tx.codec.seal.lookups("outbound", channel, external_id)

    def _departure(self, row: Row[Any]) -> Departure:
        return Departure(
            id=row.id, token=row.token, attempts=row.attempts, queued_at=row.queued_at, outbound=self._outbound(row)
        )

    def _sent(self, row: Row[Any]) -> Sent:
        return Sent(
            key=row.key,
            number=row.number,
            version=row.version,
            delivery=Delivery(row.delivery),
            reason=row.reason,
            queued_at=row.queued_at,
            text=self._outbound(row).text,
        )

    def _outbound(self, row: Row[Any]) -> Outbound:
        return self._tx.codec.unpack(outbox.c.outbound, row.outbound, Outbound)
