"""Messages that reached nobody: the clerks' list of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, or_, select, update

from bot.ports import Failure, Kind, Missed, Only, Page, Tally
from channels.mailbox import CHANNEL as MAIL
from channels.message import Contact, Outbound
from channels.reason import Reason
from store.again import queue_again
from store.citizens import Citizens
from store.refusals import Refusals
from store.tables import UNSETTLED, citizens, outbox, tickets
from store.transaction import Transaction

# Who said STOP did not want the answers that were under way; news of their reports a clerk may tell them otherwise.
_LISTED = UNSETTLED & or_(outbox.c.reason != Reason.OPTED_OUT, outbox.c.number.is_not(None))
_CITIZENS = (Kind.REPLY, Kind.NOTICE)  # whose address is not for lists
_ITS = tickets.c.number == outbox.c.number
_MISSED = select(
    outbox,
    citizens.c.language.label("spoken"),
    citizens.c.opted_out,
    tickets.c.language.label("filed_in"),
    tickets.c.service,
    tickets.c.department,
    tickets.c.priority,
    tickets.c.due_at,
    tickets.c.is_open,
).select_from(outbox.join(citizens, citizens.c.id == outbox.c.lane).outerjoin(tickets, _ITS))


def _wanted(only: Only) -> list[ColumnElement[bool]]:
    asked = {
        outbox.c.reason: only.reason,
        outbox.c.channel: only.channel,
        tickets.c.department: only.department,
        outbox.c.number: only.number,
    }
    return [_LISTED, *(column == value for column, value in asked.items() if value)]


def _pressing(now: datetime) -> list[ColumnElement[Any]]:
    """What a clerk deals with first."""
    alert = case((outbox.c.kind == Kind.ALERT, 0), else_=1)
    is_open = case((tickets.c.is_open.is_(True), 0), else_=1)
    late = case((tickets.c.due_at < now, 0), else_=1)
    followers = func.coalesce(tickets.c.followers, 0)
    return [alert, is_open, func.coalesce(tickets.c.rank, 9), late, followers.desc(), outbox.c.id.desc()]


class Undelivered:
    """Keeps `bot.ports.Undelivered`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def page(self, offset: int, limit: int) -> Page[Failure]:
        newest = select(outbox).where(_LISTED).order_by(outbox.c.id.desc()).offset(offset).limit(limit)
        rows = await self._tx.execute(newest)
        total = await self._tx.execute(select(func.count()).select_from(outbox).where(_LISTED))
        return Page(rows=tuple(self._failure(row) for row in rows), total=total.scalar_one())

    async def missed(self, offset: int, limit: int, only: Only, now: datetime) -> Page[Missed]:
        wanted = _wanted(only)
        rows = await self._tx.execute(_MISSED.where(*wanted).order_by(*_pressing(now)).offset(offset).limit(limit))
        total = select(func.count()).select_from(outbox.outerjoin(tickets, _ITS)).where(*wanted)
        return Page(rows=tuple(map(self._missed, rows)), total=(await self._tx.execute(total)).scalar_one())

    async def one(self, id: int) -> Missed | None:  # noqa: A002
        row = (await self._tx.execute(_MISSED.where(UNSETTLED, outbox.c.id == id))).first()
        return self._missed(row) if row else None

    async def tallies(self) -> Sequence[Tally]:
        kinds = (outbox.c.reason, outbox.c.channel, func.coalesce(tickets.c.department, "").label("department"))
        counted = select(*kinds, func.count().label("count")).select_from(outbox.outerjoin(tickets, _ITS))
        rows = await self._tx.execute(counted.where(_LISTED).group_by(*kinds))
        return [Tally(reason=row.reason, channel=row.channel, department=row.department, count=row[-1]) for row in rows]

    async def by_sms(self, id: int, contact: Contact, now: datetime) -> bool:  # noqa: A002
        wanted = select(outbox, citizens.c.language).join(citizens).where(outbox.c.id == id, UNSETTLED)
        row = (await self._tx.execute(wanted.with_for_update(of=outbox))).first()
        outbound = self._outbound(row) if row else None
        lane = await self._willing(contact, row.language) if row and outbound else None
        if row is None or outbound is None or lane is None or not await self.settle(id, now):
            return False
        await queue_again(self._tx, row, replace(outbound, recipient=contact, template=None), now, citizen=lane)
        return True

    async def _willing(self, contact: Contact, language: str | None) -> int | None:
        """The citizen of this contact, unless they want or can have no messages there."""
        lane = (await Citizens(self._tx).lanes([contact]))[contact]
        known = (await self._tx.execute(select(citizens).where(citizens.c.id == lane))).one()
        if known.opted_out or known.refused:
            return None
        if language and not known.language:
            await self._tx.execute(update(citizens).where(citizens.c.id == lane).values(language=language))
        return lane

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

    def _missed(self, row: Row[Any]) -> Missed:
        return Missed(
            failure=self._failure(row),
            outbound=self._outbound(row),
            citizen=row.lane,
            language=row.spoken or row.filed_in,
            opted_out=row.opted_out,
            service=row.service,
            department=row.department,
            priority=row.priority,
            due_at=row.due_at,
            is_open=bool(row.is_open),
        )

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
            to=outbound.recipient.address if outbound and row.channel == MAIL and row.kind not in _CITIZENS else "",
        )

    def _outbound(self, row: Row[Any]) -> Outbound | None:
        """None where no key of ours opens it."""
        return self._tx.codec.readable(outbox.c.outbound, row.outbound, Outbound)
