"""Who is to be asked whether a resolved ticket is fixed, who was, and what they said: of each resolution. The rows of
the ticket's newest one are live; the others are what happened, and change no more."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, bindparam, func, select, update

from bot.ports import Closure
from store.statement import Statement, many
from store.tables import citizens, closures, dialogues, windows
from store.transaction import Transaction

_COLUMNS = tuple(closures.c.keys())
_FRESH = ("due", "asked_at", "answer")
_PLAN = many(
    _COLUMNS,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[closures.c.number, closures.c.citizen, closures.c.resolved_at],
        set_={name: insert.excluded[name] for name in _FRESH},
    ),
    closures,
)
_OF_TICKET = Statement(
    lambda _insert: (
        select(closures)
        .where(closures.c.number == bindparam("number_"), closures.c.resolved_at == _newest(bindparam("number_")))
        .order_by(closures.c.citizen)
    )
)
_TICK = timedelta(microseconds=1)
_YOUNG = timedelta(hours=1)  # a dialogue that nobody touched for as long may be over: only who opens it can tell


class Closures:
    """Keeps `bot.ports.Closures`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def plan(self, questions: Sequence[Closure]) -> None:
        planned = {(one.citizen, one.number): one for one in questions}
        newest = await self._newest({one.number for one in questions})
        rows = [_behind(planned[key], newest.get(key[1])) for key in sorted(planned)]
        await self._tx.put(_PLAN, [{name: getattr(one, name) for name in _COLUMNS} for one in rows])

    async def due(self, now: datetime, after: int, limit: int) -> Sequence[Closure]:
        wanted = (
            select(closures)
            .join(citizens, citizens.c.id == closures.c.citizen)
            .outerjoin(dialogues, dialogues.c.citizen == closures.c.citizen)
            .outerjoin(windows, windows.c.citizen == closures.c.citizen)
            .where(closures.c.due <= now, closures.c.citizen > after, *_reachable(now))
            .order_by(closures.c.citizen, closures.c.resolved_at, closures.c.number)
            .limit(limit)
        )
        return [_closure(row) for row in await self._tx.execute(wanted)]

    async def asked(self, number: str, citizen: int, now: datetime) -> None:
        await self._set(number, citizen, due=None, asked_at=now)

    async def answered(self, number: str, citizen: int, answer: str) -> None:
        await self._set(number, citizen, due=None, answer=answer)

    async def expire(self, before: datetime) -> int:
        late = update(closures).where(closures.c.due.is_not(None), closures.c.resolved_at < before)
        return await self._tx.changed(late.values(due=None))

    async def drop(self, number: str) -> None:
        waiting = update(closures).where(closures.c.number == number, closures.c.due.is_not(None))
        await self._tx.execute(waiting.values(due=None))

    async def of_ticket(self, number: str) -> Sequence[Closure]:
        return [_closure(row) for row in await self._tx.run(_OF_TICKET, {"number_": number})]

    async def _set(self, number: str, citizen: int, **values: Any) -> None:
        """Of the newest resolution, or of none: who joined since was not asked, whatever they said to an older one."""
        theirs = (closures.c.number == number) & (closures.c.citizen == citizen)
        one = update(closures).where(theirs, closures.c.resolved_at == _newest(number))
        await self._tx.execute(one.values(values))

    async def _newest(self, numbers: Collection[str]) -> Mapping[str, datetime]:
        latest = select(closures.c.number, func.max(closures.c.resolved_at)).where(closures.c.number.in_(numbers))
        rows: Iterable[Any] = await self._tx.execute(latest.group_by(closures.c.number))
        return dict(tuple(row) for row in rows)


def _newest(number: str | ColumnElement[Any]) -> ScalarSelect[Any]:
    other = closures.alias("other")
    return select(func.max(other.c.resolved_at)).where(other.c.number == number).scalar_subquery()


def _behind(one: Closure, newest: datetime | None) -> Closure:
    """What is resolved now comes behind what was, though the clock was set back meanwhile."""
    return replace(one, resolved_at=newest + _TICK) if newest and newest > one.resolved_at else one


def _reachable(now: datetime) -> Sequence[ColumnElement[bool]]:
    """Who may be asked something now, as far as the database can tell."""
    idle = dialogues.c.changed_at.is_(None) | (dialogues.c.changed_at <= now - _YOUNG)
    free_text = windows.c.until.is_(None) | (windows.c.until > now)
    return (~citizens.c.opted_out, citizens.c.refused.is_(None), citizens.c.thread.is_(None), idle, free_text)


def _closure(row: Any) -> Closure:
    return Closure(
        number=row.number,
        citizen=row.citizen,
        resolved_at=row.resolved_at,
        due=row.due,
        asked_at=row.asked_at,
        answer=row.answer,
    )
