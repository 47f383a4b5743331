"""What is counted beside the tickets: ratings, questions "is it fixed?" and messages that reached nobody; and how far
each of them reaches back."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Text, case, cast, exists, func, literal, literal_column, select, text

from bot.ports import Kind
from store.lean import AREA
from store.tables import IS_LOST, closures, outbox, ratings, tickets
from store.transaction import Transaction
from tickets.census import Beside, Span
from tickets.figures import Figure
from tickets.model import Status

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
        rating, question = (ratings.c.at, ratings.c.score), (closures.c.asked_at.label("at"), closures.c.answer)
        newest = self._newest_before(literal(end, ratings.c.at.type))
        rated = await self._tx.execute(self._ratings(begin, end, *_OF, *rating).where(newest))
        asked = await self._tx.execute(self._questions(begin, end, *_OF, *question))
        found = [_beside(row, (Figure.RATED,), row.at, row.score) for row in rated]
        found += [_beside(row, (Figure.ASKED, _ANSWERS[row.answer]), row.at) for row in asked]
        return [*found, *await self._lost()]

    async def by_cell(self, spans: Sequence[Span]) -> list[Beside]:
        """The many that are alike together: the database counts them by span, department and area, all spans in one
        pass."""
        ends = case(*((ratings.c.at < one.end, literal(one.end, ratings.c.at.type)) for one in spans))
        given = self._alike(self._ratings, spans, ratings.c.at, ratings.c.score)
        rated = await self._tx.execute(given.where(self._newest_before(ends)))
        asked = await self._tx.execute(self._alike(self._questions, spans, closures.c.asked_at, closures.c.answer))
        found = [_beside_alike(row, (Figure.RATED,), spans, row.score) for row in rated]
        found += [_beside_alike(row, (Figure.ASKED, _ANSWERS[row.answer]), spans) for row in asked]
        return [*found, *await self._lost()]

    def _alike(
        self, those: Callable[..., Select[Any]], spans: Sequence[Span], at: ColumnElement[datetime],
        kind: ColumnElement[Any],
    ) -> Select[Any]:  # fmt: skip
        """Spans follow each other, so the first that ends after it is its own."""
        span = case(*((at < one.end, literal_column(str(n))) for n, one in enumerate(spans))).label("span")
        columns = (*_CELL, span, kind)
        counted = those(self._begin, self._end, *columns).add_columns(func.count().label("alike"))
        return counted.group_by(*_CELL, text("span"), kind)

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
        rated = select(*columns).join_from(tickets, ratings, ratings.c.number == tickets.c.number)
        return rated.where(ratings.c.at >= begin, ratings.c.at < end, ratings.c.score.is_not(None), *self._among)

    def _newest_before(self, end: ColumnElement[datetime]) -> ColumnElement[bool]:
        """Whoever rated a ticket again before `end` is counted with the later one. Said with our own bounds as well, so
        that no years are looked through."""
        later = ratings.alias("later")
        same = (later.c.number == ratings.c.number) & (later.c.citizen == ratings.c.citizen)
        again = same & later.c.score.is_not(None) & (later.c.at > ratings.c.at) & (later.c.at < end)
        return ~exists().where(again, later.c.at > self._begin, later.c.at < self._end)

    def _questions(self, begin: datetime, end: datetime, *columns: ColumnElement[Any]) -> Select[Any]:
        at = closures.c.asked_at
        asked = select(*columns).join_from(tickets, closures, closures.c.number == tickets.c.number)
        return asked.where(at.is_not(None), at >= begin, at < end, *self._among)

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


def _beside_alike(row: Any, figures: tuple[Figure, ...], spans: Sequence[Span], score: int | None = None) -> Beside:
    at = spans[row.span].begin
    return Beside(figures, at, "", row.department, row.area, at, score, row.alike)


def _beside(row: Any, figures: tuple[Figure, ...], at: datetime, score: int | None = None) -> Beside:
    return Beside(figures, at, row.number, row.department, row.area, row.filed_at, score)
