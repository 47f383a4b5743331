"""What is counted beside the tickets: ratings, questions "is it fixed?" and messages that reached nobody; and how far
each of them reaches back."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Text, cast, exists, func, literal, select

from bot.ports import Kind
from store.lean import AREA
from store.tables import IS_LOST, IS_TURN, closures, outbox, ratings, tickets, updates
from store.transaction import Transaction
from tickets.census import Beside, Span
from tickets.figures import Figure
from tickets.model import Event, Status

QUESTIONS: Final = frozenset({Figure.ASKED, Figure.CONFIRMED, Figure.DISPUTED, Figure.UNANSWERED})
NOTICES: Final = frozenset({Figure.UNDELIVERED})
BESIDE: Final = QUESTIONS | NOTICES | {Figure.RATED}
_ANSWERS = {"yes": Figure.CONFIRMED, "no": Figure.DISPUTED, None: Figure.UNANSWERED}
_FIRST_DAY = timedelta(days=1)  # in which a city that begins with Vecino gets its first answer from us
_CELL = (tickets.c.department, AREA.label("area"))
_OF = (tickets.c.number, tickets.c.department, AREA.label("area"), tickets.c.filed_at)


class Besides:
    """Of tickets `among` which these conditions hold, from `begin` on and before `end`; a closure's question is asked
    within `patience` of the resolution, and answered within it."""

    def __init__(
        self, tx: Transaction, begin: datetime, end: datetime, among: Sequence[ColumnElement[bool]],
        patience: timedelta,
    ) -> None:  # fmt: skip
        self._tx, self._begin, self._end, self._among, self._patience = tx, begin, end, among, patience

    async def all(self) -> list[Beside]:
        """Each by itself."""
        begin, end = self._begin, self._end
        rated = await self._tx.execute(self._ratings(begin, end, *_OF, ratings.c.at))
        asked = await self._tx.execute(self._questions(begin, end, *_OF, closures.c.asked_at.label("at")))
        found = [_beside(row, (Figure.RATED,), row.at, row.score) for row in rated]
        found += [_beside(row, (Figure.ASKED, _ANSWERS[row.answer]), row.at) for row in asked]
        return [*found, *await self._replaced(), *await self._lost()]

    async def by_cell(self, spans: Sequence[Span]) -> list[Beside]:
        """The many that are alike together: the database counts them by department and area."""
        found = []
        for _, begin, end in spans:
            rated = await self._tx.execute(_alike(self._ratings(begin, end, *_CELL), ratings.c.score))
            asked = await self._tx.execute(_alike(self._questions(begin, end, *_CELL), closures.c.answer))
            found += [_beside_alike(row, (Figure.RATED,), begin, row.score) for row in rated]
            found += [_beside_alike(row, (Figure.ASKED, _ANSWERS[row.answer]), begin) for row in asked]
        return [*found, *await self._replaced(), *await self._lost()]

    async def unknown(self, spans: Sequence[Span]) -> list[frozenset[Figure]]:
        """By span, what nothing tells of."""
        notices = await self._oldest_notice()
        questions = await self._oldest_question()
        found = []
        for _, begin, end in spans:
            gone: frozenset[Figure] = frozenset()
            if notices > begin and await self._filed_before(min(end, notices - _FIRST_DAY)):
                gone |= NOTICES
            if questions > begin and await self._resolved_in(begin, min(end, questions - self._patience)):
                gone |= QUESTIONS
            found.append(gone)
        return found

    def _ratings(self, begin: datetime, end: datetime, *columns: ColumnElement[Any]) -> Select[Any]:
        rated = select(*columns, ratings.c.score).join_from(tickets, ratings, ratings.c.number == tickets.c.number)
        return rated.where(ratings.c.at >= begin, ratings.c.at < end, ratings.c.score.is_not(None), *self._among)

    def _questions(self, begin: datetime, end: datetime, *columns: ColumnElement[Any]) -> Select[Any]:
        at = closures.c.asked_at
        asked = select(*columns, closures.c.answer).join_from(tickets, closures, closures.c.number == tickets.c.number)
        return asked.where(at.is_not(None), at >= begin, at < end, *self._among)

    async def _replaced(self) -> Iterator[Beside]:
        """A no opens the ticket again, and the question after its next resolution takes the place of the one that was
        answered so. The history has the no; the question came with the resolution before it."""
        before = updates.alias("before")
        asked = (
            select(func.max(before.c.at))
            .where(before.c.number == updates.c.number, before.c.new == Status.RESOLVED)
            .where(before.c.version < updates.c.version)
            .scalar_subquery()
        )
        whose = func.coalesce(updates.c.citizen, tickets.c.reporter)
        found = (
            select(*_OF, asked.label("asked_at"))
            .join(updates, updates.c.number == tickets.c.number)
            .join(closures, (closures.c.number == updates.c.number) & (closures.c.citizen == whose))
            .where(IS_TURN, updates.c.event == Event.REOPENED, closures.c.resolved_at > updates.c.at)
            .where(updates.c.at >= self._begin, updates.c.at < self._end + self._patience + _FIRST_DAY, *self._among)
        )
        rows = [row for row in await self._tx.execute(found) if row.asked_at]
        return (_beside(row, (Figure.ASKED, Figure.DISPUTED), row.asked_at) for row in rows)

    async def _lost(self) -> Iterator[Beside]:
        """What was queued once more did not fail for good; if that one failed as well, it is counted itself."""
        heir = outbox.alias("heir")
        queued = exists().where(heir.c.key == literal("again/") + cast(outbox.c.id, Text))
        notice = (outbox.c.kind == Kind.NOTICE) & IS_LOST & ~queued
        found = select(*_OF, outbox.c.queued_at).join(outbox, outbox.c.number == tickets.c.number)
        rows = await self._tx.execute(found.where(notice, *self._in(outbox.c.queued_at)))
        return (_beside(row, (Figure.UNDELIVERED,), row.queued_at) for row in rows)

    def _in(self, at: ColumnElement[datetime]) -> Sequence[ColumnElement[bool]]:
        return (at >= self._begin, at < self._end, *self._among)

    async def _oldest_notice(self) -> datetime:
        """The oldest message of all; nothing but what a citizen had erased is missing behind it."""
        first = select(func.min(outbox.c.id)).scalar_subquery()
        oldest = select(outbox.c.queued_at).where(outbox.c.id == first)
        return (await self._tx.execute(oldest)).scalar() or self._end

    async def _oldest_question(self) -> datetime:
        oldest = select(func.min(closures.c.asked_at)).where(closures.c.asked_at.is_not(None))
        return (await self._tx.execute(oldest)).scalar() or self._end

    async def _filed_before(self, end: datetime) -> bool:
        return await self._any(tickets.c.filed_at < end)

    async def _resolved_in(self, begin: datetime, end: datetime) -> bool:
        closed = tickets.c.closed_at
        return await self._any((closed >= begin) & (closed < end), tickets.c.status == Status.RESOLVED)

    async def _any(self, *conditions: ColumnElement[bool]) -> bool:
        return (await self._tx.execute(select(tickets.c.number).where(*conditions).limit(1))).first() is not None


def _alike(rows: Select[Any], kind: ColumnElement[Any]) -> Select[Any]:
    return rows.add_columns(func.count().label("alike")).group_by(*_CELL, kind)


def _beside_alike(row: Any, figures: tuple[Figure, ...], at: datetime, score: int | None = None) -> Beside:
    return Beside(figures, at, "", row.department, row.area, at, score, row.alike)


def _beside(row: Any, figures: tuple[Figure, ...], at: datetime, score: int | None = None) -> Beside:
    return Beside(figures, at, row.number, row.department, row.area, row.filed_at, score)
