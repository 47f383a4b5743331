"""The desk's list: pages in order, and how many tickets there are.

The order of open tickets changes as time goes by, so no index has it: those that fit are sorted for each page. They are
what a city has not done yet, which does not grow with the years. Closed tickets do; of them only the latest are read,
in the order of an index.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, TextClause, bindparam, case, func, select

from bot.ports import MOST_CLOSED, Counts, Flag, Page, Query
from store.finding import tickets_with
from store.fitting import fits, has, overdue
from store.statement import Statement, listed, places
from store.tables import IS_OPEN, ticket_words, tickets
from store.tallies import Tallies
from store.transaction import Transaction
from store.types import Time
from tickets.model import Status, Ticket
from tickets.workflow import CLOSED, OPEN

_SOON = timedelta(days=1)
_LATEST = (tickets.c.closed_at.desc(), tickets.c.filed_at.desc(), tickets.c.number.desc())
_NEVER_CLOSED = frozenset({Flag.LATE, Flag.DISPUTED, Flag.ESCALATED})
_ROWS = Statement(lambda _insert, size: select(tickets).where(tickets.c.number.in_(places("number", size))))
Opened = Callable[[Iterable[Any]], list[Ticket]]


@dataclass(frozen=True, slots=True)
class _Closed:
    """How many closed ones can be paged through, and how many there are: None where nobody knows."""

    reach: int
    known: int | None


_NONE = _Closed(0, 0)


class Desk:
    """What of `bot.ports.Cases` lists tickets. `opened` makes values of rows."""

    def __init__(self, tx: Transaction, opened: Opened) -> None:
        self._tx, self._opened = tx, opened
        self._common = False  # whether so many tickets have the words that all of them are better not looked up

    async def page(self, query: Query) -> Page[Ticket]:
        query = await self._ready(query)
        return await self._paged(query, await self._open(query), await self._closed(query))

    async def count(self, query: Query) -> int | None:
        query = await self._ready(query)
        closed = await self._closed(query)
        return None if closed.known is None else closed.known + await self._open(query)

    async def counts(self, query: Query) -> Counts:
        counts, _ = await self._facets(await self._ready(query))
        return counts

    async def board(self, query: Query) -> tuple[Page[Ticket], Counts]:
        """What the facets count is not counted again for the page."""
        query = await self._ready(query)
        counts, closed = await self._facets(query)
        are_open = counts.statuses.get(query.status, 0) if query.status else counts.open
        if not _lists(query, CLOSED):
            closed = _NONE
        elif query.status:
            closed = await self._closed(query)
        return await self._paged(query, are_open if _lists(query, OPEN) else 0, closed), counts

    async def _facets(self, query: Query) -> tuple[Counts, "_Closed"]:
        """With how many closed ones there are under the same filters, of any status."""
        anew = replace(query, open=True, status=None, services=())
        flags = {flag.value: func.sum(case((has(flag, query), 1), else_=0)) for flag in Flag}
        # as expressions: else SQLite reads all tickets in the order of an index rather than sort the open ones
        kind = tuple(func.coalesce(column, "").label(column.name) for column in (tickets.c.status, tickets.c.service))
        told = (func.count().label("number"), *(counted.label(name) for name, counted in flags.items()))
        asked = self._among(select(*kind, *told), anew, OPEN)
        rows = (await self._tx.execute(asked.group_by(*kind))).all()
        closed = await self._closed(replace(query, open=False, status=None))
        return _counted(rows, query, closed.known), closed

    async def _paged(self, query: Query, are_open: int, closed: "_Closed") -> Page[Ticket]:
        reach = are_open + closed.reach
        rows = await self._rows(query, are_open, reach)
        total = are_open + (MOST_CLOSED if closed.known is None else closed.known)
        return Page(rows=tuple(self._opened(rows)), total=total, reach=reach, capped=closed.known is None)

    async def among(self, query: Query, numbers: Collection[str]) -> frozenset[str]:
        """Those of these that the query lists, looked up by their numbers."""
        query = await self._ready(query)
        found: set[str] = set()
        for group in (group for group in (OPEN, CLOSED) if _lists(query, group)):
            these = self._among(_numbers(), query, group).where(tickets.c.number.in_(sorted(numbers)))
            found.update((await self._tx.execute(these)).scalars())
        return frozenset(found)

    async def _ready(self, query: Query) -> Query:
        now = query.now or self._tx.clock.now()
        if query.words and self._tx.dialect.name == "sqlite":  # PostgreSQL knows how common a word is
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
        values, size = listed("number", wanted)
        return sorted(await self._tx.run(_ROWS, values, size), key=lambda row: place[row.number])

    async def _open(self, query: Query) -> int:
        if not _lists(query, OPEN):
            return 0
        if by_status := _plain(query):
            return await Tallies(self._tx).total([*by_status & OPEN], query.services)
        counted = self._among(select(func.count()), query, OPEN)
        return int((await self._tx.execute(counted)).scalar_one())

    async def _closed(self, query: Query) -> "_Closed":
        if not _lists(query, CLOSED):
            return _NONE
        if by_status := _plain(query):  # triggers have counted them
            known = await Tallies(self._tx).total([*by_status & CLOSED], query.services)
            return _Closed(min(known, MOST_CLOSED), known)
        some = self._among(_numbers(), query, CLOSED)
        if not query.words:  # those are found in another order, and need not be sorted to be counted
            some = some.order_by(*_LATEST[:1])
        one_more = some.limit(MOST_CLOSED + 1).subquery()
        found = int((await self._tx.execute(select(func.count()).select_from(one_more))).scalar_one())
        return _Closed(min(found, MOST_CLOSED), found if found <= MOST_CLOSED else None)

    def _among(self, chosen: Select[Any], query: Query, group: frozenset[Status]) -> Select[Any]:
        """Of those in this group that fit."""
        asked = chosen.select_from(tickets).where(_in(tickets, group))
        seal, dialect = self._tx.codec.seal, self._tx.dialect.name
        asked = asked.where(*fits(query, seal, dialect, common=self._common, listed=True))
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
    if group is CLOSED and query.flags & _NEVER_CLOSED:
        return False
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
