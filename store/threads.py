"""Where a person and a citizen talk. The thread's row is locked before its citizen's, by everybody (`lock`)."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, case, func, insert, or_, select, update

from bot.ports import Entry, Letter, Page, Said, Thread
from bot.ports.live import TALK
from channels.message import Delivery
from handlers.effects import ThreadKind
from store.codec import Codec
from store.statement import Statement
from store.tables import citizens, outbox, thread_messages, threads
from store.transaction import Transaction
from store.wake import NEWS
from store.words import Words
from tickets.model import Actor, Author

_OPEN = threads.c.closed_at.is_(None)
_URGENT = (ThreadKind.EMERGENCY, ThreadKind.DANGER)  # and then all others, by who waits longest
_RANK = case({kind.value: rank for rank, kind in enumerate(_URGENT)}, value=threads.c.kind, else_=len(_URGENT))

_WAITING = Statement(
    lambda _insert: (
        select(
            func.count().filter(threads.c.kind == ThreadKind.EMERGENCY).label("emergencies"),
            func.count().filter(threads.c.waiting).label("unread"),
        )
        .select_from(threads)
        .where(_OPEN)
    )
)


class Threads:
    """Keeps `bot.ports.Threads`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def open(self, citizen: int, kind: ThreadKind, now: datetime, *, silent: bool) -> Thread:
        thread = await self._one(_open_of(citizen).with_for_update())
        if thread is None:
            return await self._new(citizen, kind, now, silent=silent)
        more = replace(thread, kind=_graver(thread.kind, kind), silent=thread.silent or silent)
        await self._set(thread.id, kind=more.kind)
        if more.silent and not thread.silent:
            await self.silence(thread.id, silent=True)
        return more

    async def get(self, thread: int) -> Thread | None:
        return await self._one(select(threads).where(threads.c.id == thread))

    async def of_citizen(self, citizen: int) -> Thread | None:
        return await self._one(_open_of(citizen))

    async def write(self, thread: int, actor: Actor, said: Said, now: datetime, key: str | None = None) -> bool:
        if not await self._locked(thread) or (key and await self._knows(thread, key)):
            return False
        sealed = self._tx.codec.pack(thread_messages.c.text, said)
        row = {"thread": thread, "at": now, "author": actor.author, "name": actor.name, "text": sealed, "key": key}
        await self._tx.execute(insert(thread_messages).values(row))
        await Words(self._tx).of_thread(thread, [said.text])
        await self._set(thread, last_at=now, waiting=actor.author is Author.CITIZEN)
        return True

    async def take(self, thread: int, clerk: str, instead_of: str | None = None) -> bool:
        free = or_(threads.c.clerk.is_(None), threads.c.clerk.in_([clerk, instead_of or clerk]))
        taken = update(threads).where(threads.c.id == thread, _OPEN, free)
        return await self._tx.changed(taken.values(clerk=clerk)) == 1

    async def silence(self, thread: int, *, silent: bool) -> bool:
        found = await self._locked(thread)
        if found is None or found.silent is silent:
            return False
        await self._set(thread, silent=silent)
        await self._tell_citizen(found.citizen, thread if silent else None)
        return True

    async def close(self, thread: int, now: datetime) -> bool:
        found = await self._locked(thread)
        if found is None:
            return False
        await self._set(thread, closed_at=now, silent=False, waiting=False)
        if found.silent:
            await self._tell_citizen(found.citizen, None)
        return True

    async def lock(self, citizens: Collection[int]) -> None:
        theirs = select(threads.c.id).where(threads.c.citizen.in_(sorted(citizens)), _OPEN)
        await self._tx.execute(theirs.order_by(threads.c.id).with_for_update())

    async def letters(self, thread: int) -> Sequence[Letter]:
        sent = thread_messages.outerjoin(outbox, outbox.c.key == thread_messages.c.key)
        wanted = select(thread_messages, outbox.c.delivery, outbox.c.reason).select_from(sent)
        rows = await self._tx.execute(wanted.where(thread_messages.c.thread == thread).order_by(thread_messages.c.id))
        return [self._letter(row) for row in rows]

    async def letter(self, letter: int) -> Letter | None:
        sent = thread_messages.outerjoin(outbox, outbox.c.key == thread_messages.c.key)
        wanted = select(thread_messages, outbox.c.delivery, outbox.c.reason).select_from(sent)
        row = (await self._tx.execute(wanted.where(thread_messages.c.id == letter))).first()
        return self._letter(row) if row else None

    async def page(self, offset: int, limit: int) -> Page[Entry]:
        newest = select(func.max(thread_messages.c.id)).where(thread_messages.c.thread == threads.c.id)
        last = thread_messages.c.id == newest.correlate(threads).scalar_subquery()
        wanted = select(threads, citizens.c.channel, citizens.c.language, thread_messages.c.text)
        rows = await self._tx.execute(
            wanted.select_from(threads.join(citizens).outerjoin(thread_messages, last))
            .where(_OPEN)
            .order_by(_RANK, threads.c.waiting.desc(), threads.c.last_at, threads.c.id)
            .offset(offset)
            .limit(limit)
        )
        total = await self._tx.execute(select(func.count()).select_from(threads).where(_OPEN))
        return Page(rows=tuple(self._entry(row) for row in rows), total=total.scalar_one())

    async def waiting(self) -> tuple[int, int]:
        (row,) = await self._tx.run(_WAITING, {})
        return row.emergencies, row.unread

    async def idle(self, before: datetime, after: int, limit: int) -> Sequence[Thread]:
        quiet = select(threads).where(_OPEN, threads.c.silent, threads.c.last_at < before, threads.c.id > after)
        rows = await self._tx.execute(quiet.order_by(threads.c.id).limit(limit).with_for_update())
        return [_thread(row) for row in rows]

    async def _new(self, citizen: int, kind: ThreadKind, now: datetime, *, silent: bool) -> Thread:
        row = {"citizen": citizen, "kind": kind, "silent": silent, "opened_at": now, "last_at": now, "waiting": True}
        made = await self._tx.execute(insert(threads).values(row).returning(threads.c.id))
        self._tx.filled.add(NEWS + TALK)
        thread: int = made.scalar_one()
        if silent:
            await self._tell_citizen(citizen, thread)
        return Thread(
            id=thread, citizen=citizen, kind=kind, silent=silent, opened_at=now, last_at=now, waiting=True
        )  # fmt: skip

    async def _locked(self, thread: int) -> Thread | None:
        """If it is open, until the commit."""
        return await self._one(select(threads).where(threads.c.id == thread, _OPEN).with_for_update())

    async def _knows(self, thread: int, key: str) -> bool:
        known = select(thread_messages.c.id).where(thread_messages.c.thread == thread, thread_messages.c.key == key)
        return (await self._tx.execute(known)).first() is not None

    async def _set(self, thread: int, **values: Any) -> None:
        self._tx.filled.add(NEWS + TALK)
        await self._tx.execute(update(threads).where(threads.c.id == thread).values(values))

    async def _tell_citizen(self, citizen: int, thread: int | None) -> None:
        await self._tx.execute(update(citizens).where(citizens.c.id == citizen).values(thread=thread))

    async def _one(self, wanted: Select[Any]) -> Thread | None:
        row = (await self._tx.execute(wanted)).first()
        return _thread(row) if row else None

    def _letter(self, row: Row[Any]) -> Letter:
        return Letter(
            id=row.id,
            thread=row.thread,
            at=row.at,
            actor=Actor(author=Author(row.author), name=row.name),
            said=self._said(row.text),
            key=row.key,
            delivery=Delivery(row.delivery) if row.delivery else None,
            reason=row.reason or "",
        )

    def _entry(self, row: Row[Any]) -> Entry:
        said = self._said(row.text) if row.text else Said()
        return Entry(thread=_thread(row), channel=row.channel, language=row.language, last=said)

    def _said(self, sealed: bytes) -> Said:
        return said_in(self._tx.codec, sealed)


def said_in(codec: Codec, sealed: bytes) -> Said:
    """Nothing where no key of ours opens it: the rest of the thread is still to be read."""
    return codec.readable(thread_messages.c.text, sealed, Said) or Said()


def _open_of(citizen: int) -> Select[Any]:
    return select(threads).where(threads.c.citizen == citizen, _OPEN)


def _graver(one: ThreadKind, other: ThreadKind) -> ThreadKind:
    """What a thread is that was opened for both."""
    grave = [kind for kind in _URGENT if kind in (one, other)]
    return grave[0] if grave else other


def _thread(row: Row[Any]) -> Thread:
    return Thread(
        id=row.id,
        citizen=row.citizen,
        kind=ThreadKind(row.kind),
        silent=row.silent,
        opened_at=row.opened_at,
        last_at=row.last_at,
        waiting=row.waiting,
        clerk=row.clerk,
        closed_at=row.closed_at,
    )
