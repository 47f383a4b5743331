"""Messages towards us: kept before the provider is told so, handed out one per citizen at a time."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.ports import Arrival, AsideReason
from channels.message import Inbound
from handlers.turn import Citizen, Dialogue
from store import queue
from store.citizens import SILENT, Citizens, Dialogues
from store.refusals import Refusals
from store.statement import Statement, listed, many, places
from store.tables import citizens, inbox
from store.transaction import Transaction
from store.windows import Windows

_CLAIM = Statement(lambda _insert: queue.claiming(inbox))
_SILENT = select(SILENT).where(citizens.c.id == inbox.c.lane).with_for_update(key_share=True).scalar_subquery()
_ANSWERED = Statement(lambda _insert: queue.finishing(inbox, inbox.c.lane, _SILENT.label("silent")))
_ACCEPT = many(
    ("lane", "key", "queued_at", "due", "attempts", "channel", "inbound", "reason"),
    lambda insert: insert.on_conflict_do_nothing(index_elements=[inbox.c.key]).returning(inbox.c.id),
    inbox,
)

_KNOWN = Statement(lambda _insert, size: select(inbox.c.key).where(inbox.c.key.in_(places("key", size))))


class Inbox:
    """Keeps `bot.ports.Inbox`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def accept(self, arrivals: Sequence[Inbound]) -> int:
        if not arrivals:
            return 0
        lanes = await Citizens(self._tx).lanes(arrival.sender for arrival in arrivals)
        known = await self._known(arrivals)
        fresh = [arrival for arrival in arrivals if known.isdisjoint(self._hashes(arrival))]
        rows = [self._row(arrival, lanes[arrival.sender]) for arrival in fresh]
        new = len(await self._tx.put(_ACCEPT, rows))
        await Windows(self._tx).heard(arrivals, lanes)
        if new:
            self._tx.filled.add(inbox.name)
        return new

    async def claim(self, owner: str, now: datetime, lease: float, limit: int) -> Sequence[Arrival]:
        terms = queue.Lease(owner=owner, now=now, seconds=lease, limit=limit)
        rows = await queue.claim(self._tx, _CLAIM, terms)
        if not rows:
            return []
        who = await Refusals(self._tx).heard(await Dialogues(self._tx).of({row.lane for row in rows}))
        found = [(row, self._readable(row) if row.lane in who else None) for row in rows]
        for row, inbound in found:
            if inbound is None:  # sealed with a key that is lost: what stands behind it must not wait for ever
                values = {"aside_at": now, "reason": AsideReason.UNREADABLE}
                await queue.complete(self._tx, inbox, row.id, row.token, now, **values)
        return [self._arrival(row, inbound, *who[row.lane]) for row, inbound in found if inbound]

    async def answered(self, arrival: Arrival, now: datetime) -> bool:
        """Also locks the citizen, to whom an answer is queued next: one round trip less."""
        done = await self._tx.run(_ANSWERED, {"id_": arrival.id, "token_": arrival.token, "now_": now})
        self._tx.silent |= {row.lane: row.silent for row in done}
        return bool(done)

    async def lock(self, citizens: Collection[int]) -> None:
        waiting = select(inbox.c.id).where(inbox.c.lane.in_(sorted(citizens)), inbox.c.done_at.is_(None))
        await self._tx.execute(waiting.order_by(inbox.c.id).with_for_update())

    async def retry(self, arrival: Arrival, due: datetime, *, counted: bool = True) -> None:
        await queue.put_off(self._tx, inbox, arrival.id, arrival.token, due, counted=counted)

    async def set_aside(self, arrival: Arrival, now: datetime, reason: str) -> bool:
        return await queue.complete(self._tx, inbox, arrival.id, arrival.token, now, aside_at=now, reason=reason)

    async def release(self, owner: str) -> int:
        return await queue.release(self._tx, inbox, owner)

    async def _known(self, arrivals: Sequence[Inbound]) -> set[bytes]:
        """The keys of those that were accepted before, under whichever secret. This is not left to the unique index: an
        INSERT that meets a row waits for whoever is just answering it, and they for the citizen who is locked here."""
        values, size = listed("key", [key for arrival in arrivals for key in self._hashes(arrival)])
        return {row.key for row in await self._tx.run(_KNOWN, values, size)}

    def _row(self, arrival: Inbound, lane: int) -> dict[str, Any]:
        now = self._tx.clock.now()
        return {
            "lane": lane,
            "key": self._hashes(arrival)[0],
            "queued_at": now,
            "due": now,
            "attempts": 0,
            "channel": arrival.sender.channel,
            "inbound": self._tx.codec.pack(inbox.c.inbound, arrival),
            "reason": "",
        }

    def _hashes(self, arrival: Inbound) -> tuple[bytes, ...]:
        return self._tx.codec.seal.lookups("inbound", arrival.sender.channel, arrival.external_id)

    def _arrival(self, row: Any, inbound: Inbound, citizen: Citizen, dialogue: Dialogue | None) -> Arrival:
        return Arrival(
            id=row.id,
            token=row.token,
            attempts=row.attempts,
            accepted_at=row.queued_at,
            inbound=inbound,
            citizen=citizen,
            dialogue=dialogue,
        )

    def _readable(self, row: Any) -> Inbound | None:
        return self._tx.codec.readable(inbox.c.inbound, row.inbound, Inbound)
