"""How much waits in each queue, and since when: read through the partial indexes that claims use."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select

from bot.ports import Backlog
from store.tables import IS_RUNNING, hook_events, inbox, outbox, parked, photos, tickets
from store.transaction import Transaction

_WAITING: tuple[tuple[Table, ColumnElement[Any], ColumnElement[bool] | None], ...] = (
    (inbox, inbox.c.queued_at, inbox.c.done_at.is_(None)),
    (outbox, outbox.c.queued_at, outbox.c.done_at.is_(None)),
    (photos, photos.c.added_at, photos.c.due.is_not(None)),
    (parked, parked.c.since, None),
    (hook_events, hook_events.c.queued_at, hook_events.c.aside_at.is_(None)),
)


class Backlogs:
    """Keeps `bot.ports.Backlogs`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def all(self) -> Sequence[Backlog]:
        return [await self._of(*queue) for queue in _WAITING]

    async def late(self, now: datetime) -> int:
        missed = select(func.count()).select_from(tickets).where(IS_RUNNING, tickets.c.due_at < now)
        count: int = (await self._tx.execute(missed)).scalar_one()
        return count

    async def _of(self, table: Table, since: ColumnElement[Any], waits: ColumnElement[bool] | None) -> Backlog:
        wanted = select(func.count().label("waiting"), func.min(since).label("oldest")).select_from(table)
        rows = await self._tx.execute(wanted if waits is None else wanted.where(waits))
        row: Any = rows.one()
        return Backlog(queue=table.name, waiting=row.waiting, oldest=row.oldest)
