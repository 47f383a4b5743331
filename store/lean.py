"""What is counted of tickets, without a word of them: one pass over those that matter to some periods, few clear
columns of each, and nothing is unsealed but the dates of those that were opened again.

A ticket matters where it was open some time since the first period began: filed since, closed since, or open still. One
that was closed before counts only where its date lies in these periods; it may have been promised for long.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import TIMESTAMP, ColumnElement, Result, TextClause, case, func, select, type_coerce

from store.codec import Codec
from store.tables import IS_OPEN, IS_TURN, tickets, updates
from store.transaction import Transaction
from store.types import Time
from tickets.asof import Case, Step, Turn
from tickets.figures import UNSURE, WHOLE, Kind, Scope, Slice
from tickets.model import Change, Event, Field, Status
from tickets.workflow import CLOSED

AT_ONCE: Final = 1_000  # tickets that are named in one question
_BREATH: Final = 500  # that are counted before others get their turn: some milliseconds
AREA = func.coalesce(tickets.c.area, "")
_NOBODY_KNOWS_WHERE = tickets.c.latitude.is_(None) & (func.coalesce(tickets.c.street, "") == "")
# PostgreSQL's driver gives aware times in UTC by itself, and to look at each of them once more takes its time.
_TIME: Final = TIMESTAMP(timezone=True).with_variant(Time(), "sqlite")
_DUE = func.coalesce(tickets.c.first_due_at, tickets.c.due_at)
_WAITS = case((tickets.c.first_due_at.is_(None), tickets.c.waiting_since))
_COLUMNS = (
    tickets.c.number,
    tickets.c.department,
    AREA.label("area"),
    type_coerce(tickets.c.filed_at, _TIME).label("filed"),
    type_coerce(_DUE, _TIME).label("due"),
    type_coerce(tickets.c.closed_at, _TIME).label("closed"),
    (tickets.c.status == Status.RESOLVED).label("resolved"),
    type_coerce(tickets.c.answered_at, _TIME).label("answered"),
    type_coerce(_WAITS, _TIME).label("waits"),
    tickets.c.followers,
    _NOBODY_KNOWS_WHERE.label("unlocated"),
    func.coalesce(tickets.c.confidence < UNSURE, False).label("unsure"),
)
_ENDS = tuple(sorted(CLOSED))
_EVENTS = {event.value: event for event in Event}  # quicker than the enumeration's own way
_RANKS = (0, 1)  # all there are: with them the desk's index is one by date as well
_Changes = tuple[Change, ...]


def within(scope: Scope, only: Slice = WHOLE) -> list[ColumnElement[bool]]:
    """What a ticket's row must be to belong there; an age is no matter of its row."""
    columns = {"service": only.service, "channel": only.channel, "language": only.language, "street": only.street}
    named = [tickets.c[name] == code for name, code in columns.items() if code is not None]
    return [*_of(scope), *(_of(only.part) if only.part else ()), *named]


def _of(scope: Scope) -> list[ColumnElement[bool]]:
    match scope.kind:
        case Kind.CITY:
            return []
        case Kind.DEPARTMENT:
            return [tickets.c.department == scope.code]
        case Kind.AREA:
            return [func.coalesce(tickets.c.area, "") == scope.code]


class Lean:
    """The tickets that matter to periods from `begin` on, as they stood before `end`."""

    def __init__(self, tx: Transaction, begin: datetime, end: datetime, among: Sequence[ColumnElement[bool]]) -> None:
        self._tx, self._begin, self._end, self._among = tx, min(begin, end), end, among

    async def cases(self) -> AsyncIterator[Sequence[Case]]:
        """Each once, in no order; some at a time, and before each time others get their turn."""
        turns = await self._turns()
        opened = [number for number, some in turns.items() if any(turn.opened for turn in some)]
        steps = await histories(self._tx, opened)
        async for found in self._rows():
            for rows in found.partitions(_BREATH):
                await asyncio.sleep(0)
                yield [Case._make((*row, turns.get(row[0], ()), steps.get(row[0], ()))) for row in rows]

    async def _rows(self) -> AsyncIterator[Result[Any]]:
        """Lists without a ticket in common, each by an index of its own. What is asked of `_old` no index can answer:
        the one by filing would go through all the years."""
        filed, closed = tickets.c.filed_at, tickets.c.closed_at
        dated = (tickets.c.due_at >= self._begin) & (tickets.c.due_at < self._end)
        listed = (tickets.c.is_open == False) & tickets.c.rank.in_(_RANKS)  # noqa: E712 - SQL
        yield await self._some((filed >= self._begin) & (filed < self._end))
        yield await self._some(IS_OPEN, self._old())
        yield await self._some(listed, dated, self._old(), func.coalesce(closed, filed) < self._begin)
        later = await self._closed_later()
        for first in range(0, len(later), AT_ONCE):
            yield await self._some(tickets.c.number.in_(later[first : first + AT_ONCE]))

    def _old(self) -> ColumnElement[bool]:
        return func.coalesce(tickets.c.filed_at, tickets.c.due_at) < self._begin

    async def _some(self, *conditions: ColumnElement[bool] | TextClause) -> Result[Any]:
        return await self._tx.execute(select(*_COLUMNS).where(*conditions, *self._among))

    async def _closed_later(self) -> Sequence[str]:
        """The numbers of those that were filed before, and closed since; the index holds all that is asked."""
        filed, closed = tickets.c.filed_at, tickets.c.closed_at
        found = select(tickets.c.number).where(closed.is_not(None), closed >= self._begin, filed < self._begin)
        return (await self._tx.execute(found)).scalars().all()

    async def _turns(self) -> Mapping[str, Sequence[Turn]]:
        """By ticket. What happened after the end tells how it stood before; a new date given then does not."""
        at = type_coerce(updates.c.at, _TIME).label("at")
        columns = (updates.c.number, at, updates.c.event, updates.c.old, updates.c.new)
        counts = (updates.c.at < self._end) | (updates.c.event != Event.POSTPONED)
        found = select(*columns).join(tickets, tickets.c.number == updates.c.number)
        found = found.where(IS_TURN, updates.c.at >= self._begin, counts, tickets.c.filed_at < self._end, *self._among)
        turns: dict[str, list[Turn]] = defaultdict(list)
        rows: Iterable[Any] = await self._tx.execute(found)
        for number, at, event, old, new in rows:
            turns[number].append(Turn(at, _EVENTS[event], _opened(event, old, new)))
        for some in turns.values():
            some.sort()
        return turns


def _opened(event: str, old: str | None, new: str | None) -> bool:
    return event != Event.CORRECTED and old in _ENDS and new is not None and new not in _ENDS


async def histories(tx: Transaction, numbers: Sequence[str]) -> Mapping[str, Sequence[Step]]:
    """Of these tickets, in order."""
    steps: dict[str, list[Step]] = defaultdict(list)
    columns = (updates.c.number, updates.c.at, updates.c.event, updates.c.new, updates.c.changes)
    matters = updates.c.new.is_not(None) | updates.c.changes.is_not(None)
    for first in range(0, len(numbers), AT_ONCE):
        some = updates.c.number.in_(numbers[first : first + AT_ONCE])
        rows = await tx.execute(select(*columns).where(some, matters).order_by(updates.c.number, updates.c.version))
        for row in rows:
            steps[row.number].append(_step(row, tx.codec))
    return steps


def _step(row: Any, codec: Codec) -> Step:
    """Where its changes cannot be opened, the date is as the ticket has it now."""
    corrected = row.event == Event.CORRECTED  # where `new` is a service, if it is old
    changes = codec.readable(updates.c.changes, row.changes, _Changes) if row.changes else None
    due = next((change.old for change in changes or () if change.field is Field.DUE), "")
    return Step(
        row.at, Event(row.event), Status(row.new) if row.new and not corrected else None,
        datetime.fromisoformat(due) if due else None,
    )  # fmt: skip
