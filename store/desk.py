"""The pages of the desk's list: emergencies first, then by due date, each read in the order of an index.

No index holds all tickets of one service in that order, be they open or not; but those of a service and a status stand
so, and a few ordered lists are merged as they are read. Only numbers are read on the way to a far page.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, func, select, true, union_all

from bot.ports import Query
from store.tables import tickets
from tickets.model import Status
from tickets.workflow import CLOSED, OPEN

_GROUPS = {True: OPEN, False: CLOSED, None: frozenset(Status)}
_ORDER = (tickets.c.rank, tickets.c.due_at, tickets.c.number)


def _on_sqlite(lists: Sequence[Select[Any]]) -> CompoundSelect[Any]:
    """It merges the parts of a UNION ALL that is itself ordered; ordered by a query around it they would be sorted."""
    return union_all(*lists).order_by("rank", "due_at", "number")


def _on_postgresql(lists: Sequence[Select[Any]]) -> Select[Any]:
    """It merges those of a UNION ALL with a query around it, as long as each part is in order by itself."""
    parts = [select(one.order_by(*_ORDER).subquery()) for one in lists]
    whole = union_all(*parts).subquery()
    return select(whole).order_by(whole.c.rank, whole.c.due_at, whole.c.number)


_MERGED: Mapping[str, Callable[[Sequence[Select[Any]]], Any]] = {
    "sqlite": _on_sqlite,
    "postgresql": _on_postgresql,
}


def statuses(query: Query) -> list[Status]:
    """Those that are listed."""
    among = _GROUPS[query.open]
    return [status for status in Status if status in among and query.status in {None, status}]


def page(query: Query, dialect: str) -> Select[Any]:
    """The tickets of this page, in order."""
    lists = [select(*_ORDER).where(part, _text(query)) for part in _parts(query)]
    merged = lists[0].order_by(*_ORDER) if len(lists) == 1 else _MERGED[dialect](lists)
    numbers = select(merged.offset(query.offset).limit(query.limit).subquery().c.number)
    return select(tickets).where(tickets.c.number.in_(numbers)).order_by(*_ORDER)


def matching(query: Query) -> Select[Any]:
    """How many tickets a query with a text lists: for that they have to be counted."""
    found = select(func.count()).select_from(tickets).where(_text(query), tickets.c.status.in_(statuses(query)))
    return found if query.service is None else found.where(tickets.c.service == query.service)


def _parts(query: Query) -> Sequence[ColumnElement[bool]]:
    """What the list is merged from."""
    if query.service is not None:
        service = tickets.c.service == query.service
        return [service & (tickets.c.status == status) for status in statuses(query)]
    if query.status is not None:
        return [tickets.c.status == status for status in statuses(query)]
    return [tickets.c.is_open == is_open for is_open in ([True, False] if query.open is None else [query.open])]


def _text(query: Query) -> ColumnElement[bool]:
    return tickets.c.number.contains(query.text.upper(), autoescape=True) if query.text else true()
