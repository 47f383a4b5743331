"""Forgets what has had its time: messages that were answered, log-ins that ended, drafts that nobody finished."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, delete, exists, select

from bot.ports.tries import FORGET
from store.askings import Askings
from store.cursors import Cursors
from store.erasure import Erasure
from store.exports import Exports
from store.keys import Postings
from store.tables import (
    UNSETTLED,
    dialogues,
    inbox,
    leases,
    outbox,
    paces,
    schedule_runs,
    sessions,
    thread_messages,
    thread_words,
    threads,
    tries,
)
from store.tallies import Tallies
from store.transaction import Transaction

_BATCH = 1_000  # rows at a time: others wait meanwhile
_THREADS = timedelta(days=180)  # after they were closed; docs/privacy.md promises it
_REPLIES = "forget/replies"  # of the cursors: the id up to which they were forgotten
_UNTOLD = timedelta(days=30)  # who was asked and says nothing for so long does not want to be told


class Housekeeping:
    """Keeps `bot.ports.Housekeeping`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def messages(self, before: datetime, after: int) -> int | None:
        """Ids grow with time, so the oldest stand first: no index over finished rows is needed. The newest row of all
        stays: keys of answers are made of ids, and none may come again."""
        oldest = select(inbox.c.id, inbox.c.queued_at, inbox.c.done_at, inbox.c.aside_at).where(inbox.c.id > after)
        rows = (await self._tx.execute(oldest.order_by(inbox.c.id).limit(_BATCH))).all()
        ended = [row.id for row in rows[:-1] if row.done_at and row.done_at < before and row.aside_at is None]
        if ended:
            await self._tx.execute(delete(inbox).where(inbox.c.id.in_(ended)))
        full = len(rows) == _BATCH and rows[-1].queued_at < before
        return int(rows[-1].id) - 1 if full else None

    async def replies(self, before: datetime) -> bool:
        """Where the next batch begins is kept for good: what stands before it is never read again.
        What reached nobody stays until a clerk has seen to it, and so does what was ever tied to a ticket."""
        cursors = Cursors(self._tx)
        some = (
            select(outbox.c.id, outbox.c.number, outbox.c.done_at, UNSETTLED.label("unsettled"))
            .where(outbox.c.id > await cursors.get(_REPLIES), outbox.c.queued_at < before)
            .order_by(outbox.c.id)
            .limit(_BATCH)
        )
        rows = (await self._tx.execute(some)).all()
        ended = [row.id for row in rows if row.number is None and row.done_at and not row.unsettled]
        if ended:
            await self._tx.execute(delete(outbox).where(outbox.c.id.in_(ended)))
        if rows:
            await cursors.set(_REPLIES, int(rows[-1].id))
        return len(rows) == _BATCH

    async def rest(self, now: datetime, before: datetime) -> int:
        await Tallies(self._tx).fold()
        return (
            await self._older(sessions, sessions.c.expires_at, now)
            + await self._older(dialogues, dialogues.c.changed_at, before)
            + await self._older(paces, paces.c.since, before)
            + await self._older(leases, leases.c.until, before)
            + await self._older(tries, tries.c.last, now - FORGET)
            + await self._runs(before)
            + await self._threads(now - _THREADS)
            + await Exports(self._tx).forget(now)
            + await Erasure(self._tx).tidy(now)
            + await Postings(self._tx).forget(now)
            + await Askings(self._tx).forget(now - _UNTOLD)
        )

    async def _runs(self, before: datetime) -> int:
        """The newest of each schedule stays: a monthly job, forgotten after a week, would be done again."""
        runs, newer = schedule_runs.c, schedule_runs.alias("newer").c
        followed = exists().where(newer.schedule == runs.schedule, newer.at > runs.at)
        return await self._tx.changed(delete(schedule_runs).where(runs.at < before, followed))

    async def _threads(self, before: datetime) -> int:
        closed = select(threads.c.id).where(threads.c.closed_at < before).order_by(threads.c.id).limit(_BATCH)
        ended = list((await self._tx.execute(closed.with_for_update())).scalars())
        if not ended:
            return 0
        for words in (thread_messages, thread_words):
            await self._tx.execute(delete(words).where(words.c.thread.in_(ended)))
        return await self._tx.changed(delete(threads).where(threads.c.id.in_(ended)))

    async def _older(self, table: Table, column: Any, than: datetime) -> int:
        return await self._tx.changed(delete(table).where(column < than))
