"""Messages from us: queued with the decision that causes them, sent in order, followed by their receipts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Row,
    bindparam,
    case,
    false,
    select,
    true,
    update,
)

from bot.ports import Departure, Kind, Noted, Queued, Sent
from channels.message import Delivery, Outbound, Receipt
from channels.reason import Reason
from store import queue
from store.citizens import Citizens
from store.deliveries import MOVE, NO_NEWS
from store.places import QUEUED, taken_out
from store.statement import Statement, listed, many
from store.tables import citizens, outbox, windows
from store.transaction import Transaction
from store.types import Time

_OF_TICKET = Statement(
    lambda _insert: select(outbox).where(outbox.c.number == bindparam("number_")).order_by(outbox.c.id)
)
_UNWANTED = (
    select(case((citizens.c.refused.is_not(None), citizens.c.refused), (citizens.c.opted_out, Reason.OPTED_OUT)))
    .where(citizens.c.id == outbox.c.lane)
    .scalar_subquery()
    .label("unwanted")
)
_FREE_UNTIL = select(windows.c.until).where(windows.c.citizen == outbox.c.lane).scalar_subquery().label("free_until")
_CLAIM = Statement(
    lambda _insert, *closed: queue.claiming(
        outbox,
        outbox.c.bulk,
        among=[outbox.c.channel != channel for channel in closed],
        also=[_UNWANTED, _FREE_UNTIL],
        delivery=Delivery.SENDING,
        earliest=None,
    )
)
_NEWS, _REPLY = outbox.alias("news"), outbox.alias("reply")
_HURRY = Statement(
    lambda _insert: (
        update(outbox)
        .where(
            outbox.c.id.in_(
                select(_NEWS.c.id)
                .join(_REPLY, (_REPLY.c.lane == _NEWS.c.lane) & (_REPLY.c.id > _NEWS.c.id))
                .where(
                    _REPLY.c.done_at.is_(None),
                    _REPLY.c.bulk == false(),
                    _REPLY.c.due <= bindparam("now_", type_=Time()),
                )
                .where(_NEWS.c.done_at.is_(None), _NEWS.c.bulk == true(), _NEWS.c.owner.is_(None))
                .with_for_update(skip_locked=True, of=_NEWS)
            )
        )
        .values(bulk=False)
    )
)
_ENQUEUE = many(
    QUEUED,
    lambda insert: insert.on_conflict_do_nothing(index_elements=[outbox.c.key]),
    outbox,
)


class Outbox:
    """Keeps `bot.ports.Outbox`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def enqueue(self, rows: Sequence[Queued], now: datetime) -> None:
        if not rows:
            return
        await Citizens(self._tx).lock({row.citizen for row in rows} - self._tx.silent.keys())
        silent = self._tx.silent
        kept = [self._row(row, now) for row in rows if not silent.get(row.citizen) or row.kind is Kind.STOP]
        if not kept:
            return
        for row in rows:
            if row.place:
                kept += await taken_out(self._tx, row.citizen, row.place)
        await self._tx.put(_ENQUEUE, kept)
        self._tx.filled.add(outbox.name)

    async def claim(
        self, owner: str, now: datetime, lease: float, limit: int, closed: Iterable[str] = ()
    ) -> Sequence[Departure]:
        terms = queue.Lease(owner=owner, now=now, seconds=lease, limit=limit)
        claimed = await self._claimed(terms, sorted(closed))
        rows = await self._unless_stopped(claimed, now)
        while claimed and not rows:  # all were dropped, and what stood behind them may be an answer to the STOP
            claimed = await self._claimed(terms, sorted(closed))
            rows = await self._unless_stopped(claimed, now)
        if any(row.bulk for row, _ in rows):
            # the next claim: an answer behind its citizen's own news need not wait for the news of all others
            await self._tx.run(_HURRY, {"now_": now})
        return [self._departure(row, outbound) for row, outbound in sorted(rows, key=lambda one: one[0].bulk)]

    async def _claimed(self, terms: queue.Lease, closed: Sequence[str]) -> Sequence[Any]:
        return await queue.claim(self._tx, _CLAIM, terms, *closed)

    async def _unless_stopped(self, rows: Sequence[Any], now: datetime) -> Sequence[tuple[Any, Outbound]]:
        """The rows with what they hold. What was in a sender's hands when its citizen said STOP came back to the queue:
        it is dropped here, and so is what their provider would refuse, and what no key of ours opens."""
        kept = []
        for row in rows:
            reason = row.unwanted if row.unwanted and row.kind != Kind.STOP else None
            held = self._readable(row)
            if reason or held is None:
                values = {"delivery": Delivery.FAILED, "reason": reason or Reason.UNREADABLE}
                await queue.complete(self._tx, outbox, row.id, row.token, now, **values)
            else:
                kept.append((row, held))
        return kept

    async def sent(self, departure: Departure, external_id: str, now: datetime) -> None:
        """Also when a receipt was here first: then only what it did not know is added. Files are kept no longer than
        they are needed: a digest with its pictures has a megabyte."""
        if departure.outbound.attachments:
            await self._drop_files(departure)
        values = self._moved("", departure.outbound.recipient.channel, external_id, now)
        values |= {"id_": departure.id, "token_": departure.token}
        await self._tx.run(MOVE, values, "ours", Delivery.SENT, bool(external_id), 1)

    async def _drop_files(self, departure: Departure) -> None:
        bare = self._tx.codec.pack(outbox.c.outbound, replace(departure.outbound, attachments=()))
        own = (outbox.c.id == departure.id) & (outbox.c.token == departure.token)
        await self._tx.execute(update(outbox).where(own).values(outbound=bare))

    async def retry(
        self,
        departure: Departure,
        due: datetime,
        reason: str,
        *,
        counted: bool = True,
        earliest: datetime | None = None,
    ) -> None:
        values = {"reason": reason, "earliest": earliest}
        await queue.put_off(self._tx, outbox, departure.id, departure.token, due, counted=counted, **values)

    async def hasten(self, channel: str) -> int:
        """A claim forgets `earliest`, so whoever asks again while these are on their way moves nothing. Who holds
        one under a former version, which forgets nothing, is left alone."""
        idle = outbox.c.done_at.is_(None) & outbox.c.owner.is_(None)
        waiting = select(outbox.c.id).where(idle, outbox.c.earliest.is_not(None), outbox.c.channel == channel)
        free = waiting.with_for_update(skip_locked=True)
        sooner = update(outbox).where(outbox.c.id.in_(free)).values(due=outbox.c.earliest, earliest=None)
        self._tx.filled.add(outbox.name)
        return await self._tx.changed(sooner)

    async def failed(self, departure: Departure, reason: str, now: datetime) -> None:
        values = {"delivery": Delivery.FAILED, "reason": reason}
        await queue.complete(self._tx, outbox, departure.id, departure.token, now, **values)

    async def receipt(self, channel: str, receipt: Receipt, now: datetime) -> Noted | None:
        """A receipt proves that the provider has the message, so it also ends a row that waits to be sent again."""
        values = self._moved(receipt.reason, channel, receipt.external_id, now)
        fails = receipt.delivery is Delivery.FAILED
        for meant, place, size in self._meant(channel, receipt):
            no_news = await self._tx.run(NO_NEWS, place, meant, size) if fails else []
            moved = await self._tx.run(MOVE, values | place, meant, receipt.delivery, bool(receipt.external_id), size)
            if moved:  # told again, or late: what they wrote since is newer
                failed = fails and not no_news and moved[0].delivery == Delivery.FAILED
                return Noted(citizen=moved[0].lane, refused=failed)
        return None

    async def drop_queued(self, citizen: int, now: datetime) -> int:
        waiting = (outbox.c.lane == citizen) & outbox.c.done_at.is_(None)
        idle = outbox.c.owner.is_(None) | (outbox.c.due <= now)  # not in a sender's hands
        dropped = update(outbox).where(waiting, idle, outbox.c.kind != Kind.STOP)
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
        return [self._sent(row) for row in await self._tx.run(_OF_TICKET, {"number_": number})]

    def _row(self, row: Queued, now: datetime) -> dict[str, Any]:
        return {
            "lane": row.citizen,
            "key": row.outbound.key,
            "queued_at": row.queued_at or now,
            "due": now,
            "attempts": 0,
            "channel": row.outbound.recipient.channel,
            "kind": row.kind,
            "bulk": row.bulk,
            "outbound": self._tx.codec.pack(outbox.c.outbound, row.outbound),
            "delivery": Delivery.QUEUED,
            "reason": "",
            "number": row.number,
            "version": row.version,
            "place": row.place,
            "tries": row.tries,
        }

    def _moved(self, reason: str, channel: str, external_id: str, now: datetime) -> dict[str, Any]:
        """The values of `_move`."""
        hashes = self._hashes(channel, external_id) if external_id else (None,)
        return {"reason_": reason, "now_": now, "external_": hashes[0]}

    def _meant(self, channel: str, receipt: Receipt) -> Iterator[tuple[str, dict[str, Any], int]]:
        """The ways to find the row, each with its values and how many places they fill."""
        if receipt.key:
            yield "key", {"key_": receipt.key, "channel_": channel}, 1
        if receipt.external_id:
            yield "external", *listed("hash", self._hashes(channel, receipt.external_id))

    def _hashes(self, channel: str, external_id: str) -> tuple[bytes, ...]:
        return self._tx.codec.seal.lookups("outbound", channel, external_id)

    def _departure(self, row: Any, held: Outbound) -> Departure:
        return Departure(
            id=row.id,
            token=row.token,
            citizen=row.lane,
            attempts=row.attempts,
            queued_at=row.queued_at,
            outbound=held,
            kind=Kind(row.kind),
            bulk=row.bulk,
            free_until=row.free_until,
        )

    def _sent(self, row: Row[Any]) -> Sent:
        return Sent(
            key=row.key,
            number=row.number,
            version=row.version,
            delivery=Delivery(row.delivery),
            reason=row.reason,
            queued_at=row.queued_at,
            text=outbound.text if (outbound := self._readable(row)) else "",
            kind=Kind(row.kind),
            id=row.id,
            channel=row.channel,
            citizen=row.lane,
            photo=bool(outbound and outbound.picture),
        )

    def _readable(self, row: Any) -> Outbound | None:
        return self._tx.codec.readable(outbox.c.outbound, row.outbound, Outbound)
