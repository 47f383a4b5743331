"""Tickets as anybody may see them. What is told of a row: `store/showing.py`; where it is told to be:
`store/whereabouts.py`; what clerks cleared: `store/clearing.py`."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, literal_column, or_, select

from bot.ports.public import Clearing, Cursor, Order, PublicQuery
from store.clearing import Cleared
from store.crowd import Pair, Sight, pairs
from store.showing import Row, Showing, chosen
from store.tables import IS_OPEN, IS_PUBLIC, cleared, tickets, updates
from store.transaction import Transaction
from store.types import Time
from store.whereabouts import Part, guarded, part_of
from tickets.city import City
from tickets.model import Event, Status
from tickets.public import PublicTicket, PublicUpdate

_T, _U = tickets.c, updates.c
_NUMBER, _FILED_AT, _CHANGED_AT = 0, 4, 5  # where they stand in a row of `chosen`
# SQLite takes any index of a service for better than that of a span of time, and would sort all that it ever had.
_UNSEARCHED: ColumnElement[str] = literal_column("+tickets.service", type_=_T.service.type)


class Public:
    """Keeps `bot.ports.public.Public`."""

    def __init__(self, tx: Transaction, sight: Sight) -> None:
        self._tx, self._sight, self._cleared = tx, sight, Cleared(tx)

    async def get(self, number: str, city: City) -> PublicTicket | None:
        rows = (await self._tx.execute(chosen().where(_T.number == number))).all()
        return next(iter(await self._told(rows, city)), None)

    async def some(self, query: PublicQuery, city: City) -> Sequence[PublicTicket]:
        asked = [*_fits(query, self._tx.dialect.name), *await self._area(query, city)]
        found: list[Row] = []
        for where in await self._places(query, city):
            some = _ordered(chosen().where(*asked, *where), query.order, query.after)
            found += (await self._tx.execute(some.limit(query.offset + query.limit))).all()
        found.sort(key=_key(query.order), reverse=query.order is not Order.CHANGES)
        return await self._told(found[query.offset : query.offset + query.limit], city)

    async def every(
        self, city: City, *, since: datetime | None = None, until: datetime | None = None,
        after: Cursor | None = None, limit: int = 5000,
    ) -> Sequence[PublicTicket]:  # fmt: skip
        when = [*_between(_T.filed_at, since, until), *_behind(_T.filed_at, after)]
        asked = chosen().where(*when).order_by(_T.filed_at, _T.number).limit(limit)
        return await self._told(await self._tx.read(asked), city)

    async def updates(
        self, city: City, *, numbers: Collection[str] = (), since: datetime | None = None,  # noqa: ARG002 - alike in all
        until: datetime | None = None, after: tuple[datetime, str, int] | None = None, limit: int = 100,
    ) -> Sequence[PublicUpdate]:  # fmt: skip
        asked: list[ColumnElement[bool]] = [and_(IS_PUBLIC), *_between(_U.at, since, until), *_later(after)]
        if numbers:
            asked.append(_U.number.in_(sorted(numbers)))
        theirs = (cleared.c.number == _U.number) & (cleared.c.news_version == _U.version)
        some = select(_U.number, _U.version, _U.at, _U.event, _U.old, _U.new, cleared.c.news)
        some = some.select_from(updates.outerjoin(cleared, theirs)).where(*asked)
        rows = await self._tx.execute(some.order_by(_U.at, _U.number, _U.version).limit(limit))
        return [self._update(row) for row in rows]

    async def crowded(self, city: City) -> frozenset[Pair]:
        return await self._sight.crowded(self._tx, set(pairs(city)), city.openness.few)

    async def shown(self, name: str) -> bool:
        return await self._cleared.shown(name)

    async def clearing(self, number: str) -> Clearing | None:
        return await self._cleared.get(number)

    async def clear(self, number: str, clearing: Clearing) -> None:
        await self._cleared.set(number, clearing)

    async def unclear(self, number: str) -> None:
        await self._cleared.remove(number)

    async def _told(self, rows: Sequence[Row], city: City) -> list[PublicTicket]:
        return await Showing(self._tx, self._sight, city).told(rows)

    async def _area(self, query: PublicQuery, city: City) -> Sequence[ColumnElement[bool]]:
        """Of sensitive services only those whose tickets are told to be there."""
        if query.area is None:
            return ()
        wanted = set(pairs(city, {query.area}))
        crowded = await self._sight.crowded(self._tx, wanted, city.openness.few) if wanted else ()
        hidden = sorted(set(city.openness.guarded) - {service for service, _ in crowded})
        there = _T.area == query.area
        return (there, _T.service.not_in(hidden)) if hidden else (there,)

    async def _places(self, query: PublicQuery, city: City) -> Sequence[Sequence[ColumnElement[bool]]]:
        """In the part of the map that is asked for: tickets at their own points, and those of sensitive services,
        apart, so that each may go by an index of its own."""
        part = part_of(query)
        if part is None:
            return [()]
        sensitive = city.openness.guarded
        own = [*part.columns(), _T.service.not_in(sensitive)] if sensitive else list(part.columns())
        moved = await self._moved(query, part, city)
        return [own, (or_(*moved),)] if moved else [own]

    async def _moved(self, query: PublicQuery, part: Part, city: City) -> list[ColumnElement[bool]]:
        areas = None if query.area is None else {query.area}
        wanted = {pair for pair in pairs(city, areas) if not query.services or pair[0] in query.services}
        if not wanted:
            return []
        crowded = await self._sight.crowded(self._tx, wanted, city.openness.few)
        return guarded(part, self._sight.blurring(city), crowded, self._tx.dialect.name)

    def _update(self, row: Any) -> PublicUpdate:
        """Where an old correction holds services in `old` and `new`, it is none that is public."""
        moved = row.event != Event.CORRECTED
        news = self._tx.codec.readable(cleared.c.news, row.news, str) if row.news else None
        return PublicUpdate(
            number=row.number, version=row.version, at=row.at, event=Event(row.event), note=news or None,
            old=Status(row.old) if row.old and moved else None, new=Status(row.new) if row.new and moved else None,
        )  # fmt: skip


def _fits(query: PublicQuery, dialect: str) -> Iterator[ColumnElement[bool]]:
    """But for places. What is open is asked for in the words of the indexes."""
    if query.numbers:
        yield _T.number.in_(sorted(query.numbers))
    if query.services:
        yield (_UNSEARCHED if dialect == "sqlite" else _T.service).in_(sorted(query.services))
    if query.open is not None:
        yield and_(IS_OPEN) if query.open else _T.closed_at.is_not(None)
    yield from _between(_T.filed_at, query.filed_since, query.filed_until)
    yield from _between(_T.changed_at, query.changed_since, query.changed_until)
    yield from _between(_T.closed_at, query.closed_since, query.closed_until)


def _between(
    when: ColumnElement[Any], since: datetime | None, until: datetime | None
) -> Iterator[ColumnElement[bool]]:  # fmt: skip
    if since:
        yield when >= bindparam(None, since, type_=Time())
    if until:
        yield when < bindparam(None, until, type_=Time())


def _ordered(some: Select[Any], order: Order, after: Cursor | None) -> Select[Any]:
    match order:
        case Order.FILED:
            return some.where(*_before(_T.filed_at, after)).order_by(_T.filed_at.desc(), _T.number.desc())
        case Order.CHANGED:
            return some.where(*_before(_T.changed_at, after)).order_by(_T.changed_at.desc(), _T.number.desc())
        case Order.CHANGES:
            return some.where(*_behind(_T.changed_at, after)).order_by(_T.changed_at, _T.number)


def _key(order: Order) -> Any:
    at = _FILED_AT if order is Order.FILED else _CHANGED_AT
    return lambda row: (row[at], row[_NUMBER])


def _before(when: ColumnElement[Any], after: Cursor | None) -> Sequence[ColumnElement[bool]]:
    """The first condition leads through an index, the second stops exactly."""
    if after is None:
        return ()
    at = bindparam(None, after.at, type_=Time())
    return when <= at, (when < at) | (_T.number < after.number)


def _behind(when: ColumnElement[Any], after: Cursor | None) -> Sequence[ColumnElement[bool]]:
    if after is None:
        return ()
    at = bindparam(None, after.at, type_=Time())
    return when >= at, (when > at) | (_T.number > after.number)


def _later(after: tuple[datetime, str, int] | None) -> Sequence[ColumnElement[bool]]:
    if after is None:
        return ()
    at, number, version = bindparam(None, after[0], type_=Time()), after[1], after[2]
    rest = (_U.number > number) | ((_U.number == number) & (_U.version > version))
    return _U.at >= at, (_U.at > at) | rest
