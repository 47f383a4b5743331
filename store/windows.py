"""When citizens last wrote where that counts, and what is parked until they do.

A parked message's outbox row is done, so that its lane goes on; what is released, refused or sent otherwise becomes a
new row, for a lane's order rests on rows being done once and for all. The old row is settled: no clerk need see it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, delete, exists, func, select, update

from bot.ports import Departure, Kind, Parked
from channels.message import Contact, Delivery, Inbound, Outbound, Receipt
from channels.reason import Reason
from store import overdue, queue
from store.again import queue_again
from store.citizens import Citizens
from store.places import PLACE
from store.statement import Statement, many
from store.tables import UNSETTLED, citizens, outbox, parked, windows
from store.transaction import Transaction
from store.undelivered import Undelivered

_TRIES = 2  # what was refused as often waits for a person's wish
_SETTLES = timedelta(seconds=3)  # refusals of several messages come one by one, in any order
_WAITING = Statement(lambda _insert: select(exists().where(parked.c.citizen == bindparam("citizen_")).label("waiting")))
_HEARD = many(
    ("citizen", "heard_at", "until"),
    lambda insert: insert.on_conflict_do_update(
        index_elements=[windows.c.citizen],
        set_={"heard_at": insert.excluded.heard_at, "until": insert.excluded.until},
        where=windows.c.heard_at < insert.excluded.heard_at,
    ),
    windows,
)
_OPEN_UNTIL = Statement(lambda _insert: select(windows.c.until).where(windows.c.citizen == bindparam("citizen_")))


class Windows:
    """Keeps `bot.ports.Windows`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def heard(self, arrivals: Sequence[Inbound], lanes: Mapping[Contact, int]) -> None:
        """These have written; no statement where no channel has a window. Messages may come late or twice."""
        newest: dict[int, dict[str, Any]] = {}
        for arrival in sorted(arrivals, key=lambda arrival: arrival.received_at):
            if arrival.free_until:
                lane = lanes[arrival.sender]
                newest[lane] = {"citizen": lane, "heard_at": arrival.received_at, "until": arrival.free_until}
        if not newest:
            return
        await self._tx.put(_HEARD, [newest[citizen] for citizen in sorted(newest)])

    async def open_until(self, citizen: int) -> datetime | None:
        rows = await self._tx.run(_OPEN_UNTIL, {"citizen_": citizen})
        return rows[0].until if rows else None

    async def park(self, departure: Departure, now: datetime, sms_at: datetime) -> int:
        if await self._written(departure, now):
            await queue.put_off(self._tx, outbox, departure.id, departure.token, now, counted=False)
            return 0
        done = {"delivery": Delivery.QUEUED, "reason": Reason.PARKED}
        if not await queue.complete(self._tx, outbox, departure.id, departure.token, now, **done):
            return 0
        row = {"id": departure.id, "citizen": departure.citizen, "since": now, "sms_at": sms_at}
        await self._tx.execute(self._tx.insert(parked).values(row))
        if sms_at <= now:
            self._tx.filled.add(parked.name)
        theirs = select(func.count()).select_from(parked).where(parked.c.citizen == departure.citizen)
        kept: int = (await self._tx.execute(theirs)).scalar_one()
        return kept

    async def skip(self, departure: Departure, now: datetime) -> None:
        done = {"delivery": Delivery.QUEUED, "reason": Reason.RELEASED}
        await queue.complete(self._tx, outbox, departure.id, departure.token, now, **done)

    async def waiting(self, citizen: int) -> bool:
        [found] = await self._tx.run(_WAITING, {"citizen_": citizen})
        return bool(found.waiting)

    async def release(self, citizen: int, now: datetime) -> int:
        rows = await self._taken(parked.c.citizen == citizen)
        for row in rows:
            await self._anew(row, now, place=row.place or row.id)
        return len(rows)

    async def drop(self, citizen: int) -> int:
        rows = await self._taken(parked.c.citizen == citizen)
        await self._fail([row.id for row in rows], Reason.OPTED_OUT)
        return len(rows)

    async def refused(self, departure: Departure, now: datetime) -> bool:
        done = {"delivery": Delivery.FAILED, "reason": Reason.OUTSIDE_WINDOW}
        if not await queue.complete(self._tx, outbox, departure.id, departure.token, now, **done):
            return False
        return bool(await self._refused(outbox.c.id == departure.id, now))

    async def refused_late(self, channel: str, receipt: Receipt, now: datetime) -> None:
        hashes = self._tx.codec.seal.lookups("outbound", channel, receipt.external_id)
        by_key = outbox.c.key == receipt.key
        meant = by_key if receipt.key else outbox.c.external_hash.in_(hashes)
        for lane in await self._refused(meant & (outbox.c.channel == channel), now):
            idle = outbox.c.done_at.is_(None) & outbox.c.owner.is_(None) & (outbox.c.due < now + _SETTLES)
            await self._tx.execute(update(outbox).where(outbox.c.lane == lane, idle).values(due=now + _SETTLES))

    async def claim(self, now: datetime, lease: float, limit: int) -> Sequence[Parked]:
        return await overdue.claim(self._tx, now, lease, limit)

    async def by_sms(self, waiting: Parked, contact: Contact, now: datetime) -> bool:
        citizen = await self._willing(contact, waiting.language)
        if citizen is None:
            return False
        rows = await self._taken(overdue.held(waiting))
        by_sms = {"recipient": contact, "template": None}
        for row in rows:  # nobody asked for it again: it is as old as it is
            await self._anew(row, now, by_sms, citizen=citizen, queued_at=row.queued_at)
        return bool(rows)

    async def put_back(self, waiting: Parked) -> None:
        await self._tx.execute(update(parked).where(overdue.held(waiting)).values(attempts=waiting.attempts - 1))

    async def give_up(self, waiting: Parked, reason: str) -> bool:
        rows = await self._taken(overdue.held(waiting))
        await self._fail([row.id for row in rows], reason)
        return bool(rows)

    async def _written(self, departure: Departure, now: datetime) -> bool:
        """Whether they wrote while it was looked at. Who writes from now on finds it parked."""
        await self._lock(departure.citizen)
        until = await self.open_until(departure.citizen)
        return until is not None and now < until

    async def _lock(self, citizen: int) -> None:
        """As `Citizens.lanes` does, until the commit; before their window is touched, against deadlocks."""
        await self._tx.execute(select(citizens.c.id).where(citizens.c.id == citizen).with_for_update(key_share=True))

    async def _refused(self, meant: ColumnElement[bool], now: datetime) -> Sequence[int]:
        """The lane into which it was queued anew, if it was."""
        outside = (outbox.c.delivery == Delivery.FAILED) & (outbox.c.reason == Reason.OUTSIDE_WINDOW)
        row = (await self._tx.execute(select(outbox).where(meant, outside, UNSETTLED))).first()
        if row is None:
            return ()
        await self._lock(row.lane)
        silent = windows.c.heard_at <= row.done_at  # they have not written since it was sent
        theirs = update(windows).where(windows.c.citizen == row.lane, silent, windows.c.until > now)
        await self._tx.execute(theirs.values(until=now))
        anew = row.tries < _TRIES and await Undelivered(self._tx).again(row.id, now, unasked=True)
        return (row.lane,) if anew else ()

    async def _willing(self, contact: Contact, language: str | None) -> int | None:
        """The citizen of this contact, unless they want or can have no messages there. Nothing sealed is opened: the
        contact is known, and the key of an old row may be lost."""
        lane = (await Citizens(self._tx).lanes([contact]))[contact]
        wanted = select(citizens.c.opted_out, citizens.c.refused, citizens.c.language).where(citizens.c.id == lane)
        known = (await self._tx.execute(wanted)).one()
        if known.opted_out or known.refused:
            return None
        if language and not known.language:
            await self._tx.execute(update(citizens).where(citizens.c.id == lane).values(language=language))
        return lane

    async def _taken(self, which: ColumnElement[bool]) -> Sequence[Row[Any]]:
        """The outbox rows of what was parked, which no longer is: whoever deletes them goes on with them."""
        gone = await self._tx.execute(delete(parked).where(which).returning(parked.c.id))
        ids = list(gone.scalars())
        return (await self._tx.execute(select(outbox).where(outbox.c.id.in_(ids)).order_by(PLACE))).all()

    async def _anew(self, row: Row[Any], now: datetime, form: Mapping[str, Any] | None = None, **changes: Any) -> None:
        """The same message in another form, queued with changes of `Queued`; one that cannot be opened stops no
        other."""
        outbound = self._tx.codec.readable(outbox.c.outbound, row.outbound, Outbound)
        if outbound is None:
            await self._fail([row.id], Reason.UNREADABLE)
            return
        old = update(outbox).where(outbox.c.id == row.id)
        number = row.number if row.kind == Kind.ALERT else None  # an erasure finds all that was said to the staff
        await self._tx.execute(old.values(reason=Reason.RELEASED, settled_at=now, number=number, version=None))
        await queue_again(self._tx, row, replace(outbound, **(form or {})), now, **changes)

    async def _fail(self, ids: Sequence[int], reason: str) -> None:
        values = {"delivery": Delivery.FAILED, "reason": reason}
        await self._tx.execute(update(outbox).where(outbox.c.id.in_(ids)).values(values))
