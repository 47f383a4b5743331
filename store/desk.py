"""The desk's list: pages in order, and how many tickets there are.

The order of open tickets changes as time goes by, so no index has it: those that fit are sorted for each page. They are
what a city has not done yet, which does not grow with the years. Closed tickets do; of them only the latest are read,
in the order of an index.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, TextClause, bindparam, case, func, select

from bot.ports import MOST_CLOSED, Counts, Flag, Page, Query
from store.finding import tickets_with
from store.fitting import fits, has, overdue
from store.tables import IS_OPEN, ticket_words, tickets
from store.tallies import Tallies
from store.transaction import Transaction
from store.types import Time
from tickets.model import Status, Ticket
from tickets.workflow import CLOSED, OPEN

_SOON = timedelta(days=1)
_LATEST = (tickets.c.closed_at.desc(), tickets.c.filed_at.desc(), tickets.c.number.desc())
_NEVER_CLOSED = frozenset({Flag.LATE, Flag.DISPUTED, Flag.ESCALATED})
Opened = Callable[[Iterable[Any]], list[Ticket]]


class Desk:
    """What of `bot.ports.Cases` lists tickets. `opened` makes values of rows."""

    def __init__(self, tx: Transaction, opened: Opened) -> None:
        self._tx, self._opened = tx, opened
        self._common = False  # whether so many tickets have the words that all of them are better not looked up

    async def page(self, query: Query) -> Page[Ticket]:
        query = await self._ready(query)
        are_open, closed = await self._open(query), await self._closed(query)
        counted = await self._known(query) if closed is None else closed
        reach = are_open + (MOST_CLOSED if closed is None else closed)
        total = are_open + (MOST_CLOSED if counted is None else counted)
        rows = await self._rows(query, are_open, reach)
        return Page(rows=tuple(self._opened(rows)), total=total, reach=reach, capped=counted is None)

    async def count(self, query: Query) -> int | None:
        query = await self._ready(query)
        closed = await self._closed(query)
        closed = await self._known(query) if closed is None else closed
        return None if closed is None else closed + await self._open(query)

    async def counts(self, query: Query) -> Counts:
        query = await self._ready(query)
        anew = replace(query, open=True, status=None, services=())
        flags = {flag.value: func.sum(case((has(flag, query), 1), else_=0)) for flag in Flag}
        # as expressions: else SQLite reads all tickets in the order of an index rather than sort the open ones
        kind = tuple(func.coalesce(column, "").label(column.name) for column in (tickets.c.status, tickets.c.service))
        told = (func.count().label("number"), *(counted.label(name) for name, counted in flags.items()))
        asked = self._among(select(*kind, *told), anew, OPEN)
        rows = (await self._tx.execute(asked.group_by(*kind))).all()
        closed = await self._closed(replace(query, open=False, status=None))
        if closed is None:
            closed = await self._known(replace(query, open=False, status=None))
        return _counted(rows, query, closed)

    async def _ready(self, query: Query) -> Query:
        now = query.now or self._tx.clock.now()
        if query.words:
            found = tickets_with(query.words, self._tx.codec.seal, self._tx.dialect.name)
            some = select(ticket_words.c.number).where(found).limit(MOST_CLOSED + 1).subquery()
            many = (await self._tx.execute(select(func.count()).select_from(some))).scalar_one()
            self._common = many > MOST_CLOSED
        return replace(query, now=now, soon=query.soon or now + _SOON)

    async def _rows(self, query: Query, are_open: int, reach: int) -> Sequence[Any]:
        """The open ones of the page, and behind them the closed ones."""
        found: list[Any] = []
        if query.offset < are_open:
            found += await self._read(self._among(_numbers(), query, OPEN).order_by(*_order(query)), query)
        begin = max(0, query.offset - are_open)
        left = min(query.limit - len(found), reach - are_open - begin)
        if left > 0:
            part = replace(query, offset=begin, limit=left)
            listed = self._among(_numbers(), query, CLOSED)
            found += await self._read(listed.order_by(*_LATEST), part)
        return found

    async def _read(self, numbers: Select[Any], query: Query) -> Sequence[Any]:
        """Only numbers on the way to a page, and then its tickets."""
        wanted = (await self._tx.execute(numbers.offset(query.offset).limit(query.limit))).scalars().all()
        if not wanted:
            return []
        place = {number: n for n, number in enumerate(wanted)}
        rows = await self._tx.execute(select(tickets).where(tickets.c.number.in_(wanted)))
        return sorted(rows, key=lambda row: place[row.number])

    async def _open(self, query: Query) -> int:
        if not _lists(query, OPEN):
            return 0
        if by_status := _plain(query):
            return await Tallies(self._tx).total([*by_status & OPEN], query.services)
        counted = self._among(select(func.count()), query, OPEN)
        return int((await self._tx.execute(counted)).scalar_one())

    async def _closed(self, query: Query) -> int | None:
        """None: more than can be paged through."""
        if not _lists(query, CLOSED) or query.flags & _NEVER_CLOSED:
            return 0
        some = self._among(_numbers(), query, CLOSED)
        if not query.words:  # those are found in another order, and need not be sorted to be counted
            some = some.order_by(*_LATEST[:1])
        one_more = some.limit(MOST_CLOSED + 1).subquery()
        found = int((await self._tx.execute(select(func.count()).select_from(one_more))).scalar_one())
        return found if found <= MOST_CLOSED else None

    async def _known(self, query: Query) -> int | None:
        """How many closed ones there are, where triggers have counted them."""
        by_status = _plain(query)
        return await Tallies(self._tx).total([*by_status & CLOSED], query.services) if by_status else None

    def _among(self, chosen: Select[Any], query: Query, group: frozenset[Status]) -> Select[Any]:
        """Of those in this group that fit."""
        asked = chosen.select_from(tickets).where(_in(tickets, group))
        asked = asked.where(*fits(query, self._tx.codec.seal, self._tx.dialect.name, common=self._common))
        if not query.words:
            return asked
        return asked.where(ticket_words.c.number == tickets.c.number, _in(ticket_words, group))


def _in(table: Table, group: frozenset[Status]) -> ColumnElement[bool] | TextClause:
    """In the words of an index over these."""
    if group is CLOSED:
        return table.c.closed_at.is_not(None)
    return IS_OPEN if table is tickets else table.c.closed_at.is_(None)


def _numbers() -> Select[Any]:
    return select(tickets.c.number)


def _order(query: Query) -> Sequence[ColumnElement[Any]]:
    """Of open tickets, as Query says."""
    near = (tickets.c.status != Status.WAITING) & (tickets.c.due_at < _at(query.soon))
    press = case((overdue(_at(query.now)), 0), (near, 1), else_=2)
    return (tickets.c.rank, press, tickets.c.followers.desc(), tickets.c.filed_at, tickets.c.number)


def _at(when: datetime | None) -> ColumnElement[Any]:
    return bindparam(None, when, type_=Time())


def _lists(query: Query, group: frozenset[Status]) -> bool:
    return query.open in {None, group is OPEN} and (query.status is None or query.status in group)


def _plain(query: Query) -> frozenset[Status]:
    """The statuses of a query that asks for nothing but status and services; empty for any other."""
    asked = replace(Query(), open=query.open, status=query.status, services=query.services)
    same = replace(asked, now=query.now, soon=query.soon, levels=query.levels, offset=query.offset, limit=query.limit)
    if query != same:
        return frozenset()
    return frozenset({query.status}) if query.status else frozenset(Status)


def _counted(rows: Sequence[Any], query: Query, closed: int | None) -> Counts:
    """The rows tell of each status and service; a facet counts what the others leave."""
    statuses: dict[Status, int] = {}
    services: dict[str, int] = {}
    flags: dict[Flag, int] = {}
    for row in rows:
        status, asked = Status(row.status), query.status is None or query.status == row.status
        if not query.services or row.service in query.services:
            statuses[status] = statuses.get(status, 0) + row.number
            for flag in Flag if asked else ():
                flags[flag] = flags.get(flag, 0) + int(getattr(row, flag.value))
        if asked:
            services[row.service] = services.get(row.service, 0) + row.number
    return Counts(statuses=statuses, services=services, flags=flags, closed=closed)
