"""Which tickets press, and which level was told of which promised date: a primary key decides who tells it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select

from bot.ports import Pressing, Reached, Rung
from store.codec import UNOPENED
from store.statement import Statement, listed, many, places
from store.tables import IS_RUNNING, escalations, tickets, updates
from store.tickets import update_of
from store.transaction import Transaction
from store.types import Time
from tickets.model import Event, Status, Update
from tickets.staff import Side
from tickets.workflow import CLOSED

_AT_ONCE = 1000  # tickets of one question
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_COLUMNS = tuple(escalations.c.keys())
_TELL = many(
    _COLUMNS,
    lambda insert: insert.on_conflict_do_nothing().returning(*(escalations.c[name] for name in _COLUMNS)),
    escalations,
)
_OF = Statement(
    lambda _insert, size: (
        select(escalations)
        .where(escalations.c.number.in_(places("number", size)))
        .order_by(escalations.c.number, escalations.c.at, escalations.c.due_at, escalations.c.level)
    )
)
_SHOWN = ("number", "service", "department", "street", "area", "filed_at", "due_at", "first_due_at")
# When a ticket was last set open again: what was told before that was of another promise.
_TURN = (
    select(func.max(updates.c.at))
    .where(updates.c.number == tickets.c.number, updates.c.old.in_(sorted(CLOSED)))
    .correlate(tickets)
    .scalar_subquery()
)


class Escalations:
    """Keeps `bot.ports.Escalations`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def tell(self, levels: Sequence[Reached]) -> Sequence[Reached]:
        """On PostgreSQL the second teller waits for the first one's transaction: if that fails, it is theirs."""
        rows = [{name: getattr(one, name) for name in _COLUMNS} for one in levels]
        rows.sort(key=lambda row: (row["number"], row["due_at"], row["level"]))
        return [_reached(row) for row in await self._tx.put(_TELL, rows)]

    async def near(self, rungs: Sequence[Rung], now: datetime, begin: int, limit: int) -> Sequence[str]:
        date = func.coalesce(tickets.c.first_due_at, tickets.c.due_at)
        concerned = select(tickets.c.number).where(IS_RUNNING, or_(*(_may_be_at(rung, now) for rung in rungs)))
        some = concerned.order_by(date, tickets.c.number).offset(begin).limit(limit)
        return list((await self._tx.execute(some)).scalars())

    async def pressing(self, numbers: Sequence[str]) -> Sequence[Pressing]:
        found: list[Pressing] = []
        for first in range(0, len(numbers), _AT_ONCE):
            found += await self._pressing(numbers[first : first + _AT_ONCE])
        return found

    async def of(self, numbers: Sequence[str]) -> Sequence[Reached]:
        if not numbers:
            return []
        values, size = listed("number", numbers)
        return [_reached(row) for row in await self._tx.run(_OF, values, size)]

    async def _pressing(self, numbers: Sequence[str]) -> Sequence[Pressing]:
        columns = [tickets.c[name] for name in _SHOWN]
        rows = (await self._tx.execute(select(*columns).where(IS_RUNNING, tickets.c.number.in_(numbers)))).all()
        told = _by_number(await self.of([row.number for row in rows]))
        course = _by_number(await self._course([row.number for row in rows]))  # also of those that opened again
        place = {number: n for n, number in enumerate(numbers)}
        return [
            Pressing(
                **{name: getattr(row, name) for name in _SHOWN},
                course=tuple(course.get(row.number, ())), told=tuple(told.get(row.number, ())),
            )
            for row in sorted(rows, key=lambda row: place[row.number])
        ]  # fmt: skip

    async def _course(self, numbers: Sequence[str]) -> Sequence[Update]:
        """What moved their dates; without what no key of ours opens."""
        found = []
        for row in await self._tx.execute(_turns(numbers)) if numbers else ():
            with suppress(*UNOPENED):
                found.append(update_of(row, self._tx.codec))
        return found


def _may_be_at(rung: Rung, now: datetime) -> ColumnElement[bool]:
    level, told = rung.level, escalations.c
    same = and_(told.number == tickets.c.number, told.level.in_(rung.codes))
    until = bindparam(None, rung.until, type_=Time())
    conditions: list[ColumnElement[bool]] = []
    if level.departments:
        conditions.append(tickets.c.department.in_(level.departments))
    if level.services:
        conditions.append(tickets.c.service.in_(level.services))
    if level.side is Side.BEFORE:
        conditions += [tickets.c.due_at.between(now, until), ~exists().where(same, told.due_at == tickets.c.due_at)]
    else:
        since = func.coalesce(_TURN, bindparam(None, _EVER, type_=Time()))
        conditions += [tickets.c.first_due_at <= until, ~exists().where(same, told.due_at >= since)]
    return and_(*conditions)


def _turns(numbers: Sequence[str]) -> Select[Any]:
    waited = updates.c.new.in_([Status.WAITING]) | updates.c.old.in_([Status.WAITING, *sorted(CLOSED)])
    moved = or_(waited, updates.c.event == Event.POSTPONED)
    return select(updates).where(updates.c.number.in_(numbers), moved).order_by(updates.c.number, updates.c.version)


def _by_number(values: Sequence[Any]) -> Mapping[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for one in values:
        found[one.number].append(one)
    return found


def _reached(row: Any) -> Reached:
    return Reached(number=row.number, due_at=row.due_at, level=row.level, at=row.at)
