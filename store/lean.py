"""What is counted of tickets, without a word of them: one pass over those that matter to some periods, few clear
columns of each, and nothing is unsealed but the dates of those that were opened again.

A ticket matters where it was open some time since the first period began: filed since, closed since, or open still. One
that was closed before counts only where its date lies in these periods; it may have been promised for long.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, TextClause, func, select, text, type_coerce

from store.codec import Codec
from store.tables import IS_OPEN, IS_TURN, tickets, updates
from store.transaction import Transaction
from store.types import Micros
from tickets.asof import Case, Step, Turn
from tickets.figures import UNSURE, WHOLE, Kind, Scope, Slice
from tickets.instant import instant
from tickets.model import Change, Event, Field, Status
from tickets.workflow import CLOSED

AT_ONCE: Final = 1_000  # tickets that are named in one question
_BREATH: Final = 500  # that are counted before others get their turn: some milliseconds
AREA = func.coalesce(tickets.c.area, "")
_NOBODY_KNOWS_WHERE = tickets.c.latitude.is_(None) & (func.coalesce(tickets.c.street, "") == "")
_DUE = func.coalesce(tickets.c.first_due_at, tickets.c.due_at)
_COLUMNS = (
    tickets.c.number,
    tickets.c.department,
    AREA.label("area"),
    Micros(tickets.c.filed_at).label("filed"),
    Micros(_DUE).label("due"),
    Micros(tickets.c.closed_at).label("closed"),
    type_coerce(tickets.c.status == Status.RESOLVED, Integer).label("resolved"),
    Micros(tickets.c.answered_at).label("answered"),
    Micros(tickets.c.waiting_since).label("waits"),
    tickets.c.followers,
    type_coerce(_NOBODY_KNOWS_WHERE, Integer).label("unlocated"),
    type_coerce(func.coalesce(tickets.c.confidence < UNSURE, False), Integer).label("unsure"),
)
_ENDS = tuple(sorted(CLOSED))
_TURN = (updates.c.number, Micros(updates.c.at).label("at"), updates.c.event, updates.c.old, updates.c.new)
_OF_ANY_RANK = text("rank IN (0, 1)")  # all there are: with them the desk's index is one by date as well
_EVENTS = {event.value: event for event in Event}  # quicker than the enumeration's own way
_STATUSES = {status.value: status for status in Status}
Rows = Sequence[Sequence[Any]]
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

    async def found(self) -> "Found":
        turns = await self._turns()
        opened = [number for number, some in turns.items() if any(turn.opened for turn in some)]
        rows = await self._rows()
        return Found([*rows, *await self._joined_late(turns, rows)], turns, await histories(self._tx, opened))

    async def _rows(self) -> Sequence[Rows]:
        """Lists without a ticket in common, each by an index of its own. What is asked of `_old` no index can answer:
        the one by filing would go through all the years."""
        filed, closed = tickets.c.filed_at, tickets.c.closed_at
        dated = (tickets.c.due_at >= self._begin) & (tickets.c.due_at < self._end)
        listed = (tickets.c.is_open == False) & _OF_ANY_RANK  # noqa: E712 - SQL
        return [
            await self._some((filed >= self._begin) & (filed < self._end)),
            await self._some(IS_OPEN, self._old()),
            await self._some(listed, dated, self._old(), func.coalesce(closed, filed) < self._begin),
            *await self._closed_later(),
        ]

    def _old(self) -> ColumnElement[bool]:
        return func.coalesce(tickets.c.filed_at, tickets.c.due_at) < self._begin

    async def _some(self, *conditions: ColumnElement[bool] | TextClause) -> Rows:
        return await self._tx.read(select(*_COLUMNS).where(*conditions, *self._among))

    async def _closed_later(self) -> Sequence[Rows]:
        """Those that were filed before, and closed since. For their numbers the index holds all that is asked."""
        filed, closed = tickets.c.filed_at, tickets.c.closed_at
        which = select(tickets.c.number).where(closed.is_not(None), closed >= self._begin, filed < self._begin)
        return await self._named([number for [number] in await self._tx.read(which)])

    async def _joined_late(self, turns: Mapping[str, Sequence[Turn]], rows: Sequence[Rows]) -> Sequence[Rows]:
        """Those that were closed before and stayed so, and that somebody joined all the same."""
        begin, end = instant(self._begin), instant(self._end)
        lacking = {number for number, some in turns.items() if any(begin <= turn.at < end for turn in some)}
        for some in rows:
            lacking.difference_update(row[0] for row in some)
        return await self._named(sorted(lacking))

    async def _named(self, numbers: Sequence[str]) -> Sequence[Rows]:
        found = []
        for first in range(0, len(numbers), AT_ONCE):
            some = tickets.c.number.in_(numbers[first : first + AT_ONCE])
            found.append((await self._tx.execute(select(*_COLUMNS).where(some, *self._among))).all())
        return found

    async def _turns(self) -> Mapping[str, Sequence[Turn]]:
        """By ticket."""
        turns: dict[str, list[Turn]] = defaultdict(list)
        for rows in (await self._inside(), await self._later()):
            for number, at, *what in rows:
                turns[number].append(Turn(at, *_TURNS[*what]))
        for some in turns.values():
            some.sort()
        return turns

    async def _inside(self) -> Rows:
        """Nothing happens to a ticket before it is filed, so of a whole city the turns alone are read."""
        found = select(*_TURN).where(IS_TURN, updates.c.at >= self._begin, updates.c.at < self._end)
        if self._among:
            found = found.join(tickets, tickets.c.number == updates.c.number).where(*self._among)
        return await self._tx.read(found)

    async def _later(self) -> Rows:
        """What happened after the end tells how it stood before; a new date given then does not."""
        found = select(*_TURN).join(tickets, tickets.c.number == updates.c.number)
        of_then = (updates.c.at >= self._end, updates.c.event != Event.POSTPONED, tickets.c.filed_at < self._end)
        return await self._tx.read(found.where(IS_TURN, *of_then, *self._among))


class Found:
    """All that was asked for: each ticket once, in no order, some at a time, so that others get their turn between."""

    def __init__(
        self, rows: Sequence[Rows], turns: Mapping[str, Sequence[Turn]], steps: Mapping[str, Sequence[Step]]
    ) -> None:
        self._rows, self._turns, self._steps = rows, turns, steps

    def __iter__(self) -> Iterator[Sequence[Case]]:
        turns, steps = self._turns, self._steps
        for rows in self._rows:
            for first in range(0, len(rows), _BREATH):
                some = rows[first : first + _BREATH]
                yield [Case._make((*row, turns.get(row[0], ()), steps.get(row[0], ()))) for row in some]


class _Turns(dict[tuple[str, str | None, str | None], tuple[Event, bool, int]]):
    """What an update of some event, with its `old` and `new`, is as a turn: there are few, each worked out once."""

    def __missing__(self, what: tuple[str, str | None, str | None]) -> tuple[Event, bool, int]:
        self[what] = found = Event(what[0]), _opened(*what), _waits(*what)
        return found


_TURNS: Final = _Turns()


def _opened(event: str, old: str | None, new: str | None) -> bool:
    return event != Event.CORRECTED and old in _ENDS and new is not None and new not in _ENDS


def _waits(event: str, old: str | None, new: str | None) -> int:
    if event == Event.CORRECTED or old == new or new is None:
        return 0
    return (new == Status.WAITING) - (old == Status.WAITING)


async def histories(tx: Transaction, numbers: Sequence[str]) -> Mapping[str, Sequence[Step]]:
    """Of these tickets, in order."""
    steps: dict[str, list[Step]] = defaultdict(list)
    columns = (updates.c.number, Micros(updates.c.at).label("at"), updates.c.event, updates.c.new, updates.c.changes)
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
        row.at, _EVENTS[row.event], _STATUSES[row.new] if row.new and not corrected else None,
        instant(datetime.fromisoformat(due)) if due else None,
    )  # fmt: skip
