"""Telling a subscriber again what happened since some time: read out of `updates`, part by part, so that a replay of
years neither fills the queue nor holds anybody up."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, or_, select, update

from store.codec import UNOPENED
from store.hooked import GONE
from store.tables import hook_events, hooks, tickets, updates
from store.tickets import update_of
from store.transaction import Transaction
from tickets.happening import happening

_TICKETS = 100  # of one part
_ENOUGH = 200  # events that wait: the next part can


class Replays:
    """Walks tickets by when they changed last. One that is changed meanwhile moves to the end and is read there."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def refill(self, now: datetime) -> int:
        """The next part of each that has little left to tell; how many events."""
        under_way = select(hooks).where(hooks.c.replay_at.is_not(None), hooks.c.state != GONE).order_by(hooks.c.id)
        rows = (await self._tx.execute(under_way.with_for_update(skip_locked=True))).all()
        return sum([await self._part(row, now) for row in rows if await self._waiting(row.id) < _ENOUGH])

    async def _waiting(self, hook: int) -> int:
        waiting = select(hook_events.c.id).where(hook_events.c.hook == hook, hook_events.c.aside_at.is_(None))
        few = waiting.limit(_ENOUGH).subquery()
        return int((await self._tx.execute(select(func.count()).select_from(few))).scalar_one())

    async def _part(self, hook: Row[Any], now: datetime) -> int:
        found = await self._changed(hook)
        again = await self._queue(hook, [row.number for row in found], now)
        ended = len(found) < _TICKETS
        to = {"replay_at": None, "replay_number": ""} if ended else _behind(found[-1])
        await self._tx.execute(update(hooks).where(hooks.c.id == hook.id).values(to))
        return again

    async def _changed(self, hook: Row[Any]) -> Sequence[Row[Any]]:
        when, number = tickets.c.changed_at, tickets.c.number
        behind = or_(when > hook.replay_at, and_(when == hook.replay_at, number > hook.replay_number))
        wanted = select(number, when).where(when >= hook.replay_at, behind)
        if services := hook.services.strip(","):
            wanted = wanted.where(tickets.c.service.in_(services.split(",")))
        return (await self._tx.execute(wanted.order_by(when, number).limit(_TICKETS))).all()

    async def _queue(self, hook: Row[Any], numbers: Sequence[str], now: datetime) -> int:
        if not numbers:
            return 0
        meant = updates.c.number.in_(numbers) & updates.c.at.between(hook.replay_since, hook.replay_until)
        told = (
            await self._tx.execute(select(updates).where(meant).order_by(updates.c.number, updates.c.version))
        ).all()
        rows = list(self._rows(hook, told, now))
        if not rows:
            return 0
        self._tx.filled.add(hook_events.name)
        insert = self._tx.insert(hook_events)
        revived = {"aside_at": None, "due": now, "queued_at": now, "since": None, "token": None, "attempts": 0}
        where = hook_events.c.aside_at.is_not(None)  # what still waits does so anyway
        unique = [hook_events.c.hook, hook_events.c.number, hook_events.c.version]
        await self._tx.execute(insert.on_conflict_do_update(index_elements=unique, set_=revived, where=where), rows)
        return len(rows)

    def _rows(self, hook: Row[Any], told: Sequence[Row[Any]], now: datetime) -> Iterator[dict[str, Any]]:
        wanted = set(hook.happenings.strip(",").split(",")) - {""}
        for row in told:
            with suppress(*UNOPENED):
                what = happening(update_of(row, self._tx.codec))
                if what is not None and (not wanted or what in wanted):
                    yield {
                        "hook": hook.id, "number": row.number, "version": row.version, "happening": what,
                        "at": row.at, "queued_at": now, "due": now,
                    }  # fmt: skip


def _behind(row: Row[Any]) -> dict[str, Any]:
    return {"replay_at": row.changed_at, "replay_number": row.number}
