"""What everybody may know of the city's work: few clear columns of the tickets that matter to the last weeks, each read
by an index of its own, and nothing is unsealed."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Integer, TextClause, func, select, text, type_coerce

from store.tables import IS_OPEN, closures, tickets
from store.transaction import Transaction
from store.types import Micros
from tickets.city import City
from tickets.model import Status
from tickets.town import Counting, Life, Town, Verdict, bounds, weeks

_BREATH = 1_000  # tickets that are counted before others get their turn: some milliseconds
_AREA = func.coalesce(tickets.c.area, "").label("area")
_DUE = func.coalesce(tickets.c.first_due_at, tickets.c.due_at)
_LIFE = (
    tickets.c.service,
    _AREA,
    Micros(tickets.c.filed_at).label("filed"),
    Micros(_DUE).label("due"),
    Micros(tickets.c.closed_at).label("closed"),
    type_coerce(tickets.c.status == Status.RESOLVED, Integer).label("resolved"),
    type_coerce(tickets.c.status == Status.WAITING, Integer).label("waits"),
)
_OF_ANY_RANK = text("rank IN (0, 1)")  # all there are: with them the desk's index is one by date as well
Rows = Sequence[Sequence[Any]]
Conditions = tuple[ColumnElement[bool] | TextClause, ...]


class Towns:
    """Keeps `bot.ports.Towns`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def count(self, city: City, now: datetime) -> Town:
        await self._tx.still()
        zone = city.calendar.zone
        begin, end = bounds(now, zone)
        counting = Counting(city, now)
        for conditions in _parted([week.instants(zone)[0] for week in weeks(now, zone)], end):
            await self._add(counting, conditions)
        counting.say(Verdict(*row) for row in await self._verdicts(begin, end))
        return counting.town()

    async def open(self) -> Mapping[tuple[str, str], int]:
        counted = select(tickets.c.service, _AREA, func.count()).where(IS_OPEN).group_by(tickets.c.service, _AREA)
        rows: Sequence[Any] = (await self._tx.execute(counted)).all()
        return {(service, area): count for service, area, count in rows}

    async def _add(self, counting: Counting, conditions: Conditions) -> None:
        """Nothing of what was read stays when it has been counted."""
        rows = await self._tx.read(select(*_LIFE).where(*conditions))
        for first in range(0, len(rows), _BREATH):
            counting.add(Life(*row) for row in rows[first : first + _BREATH])
            await asyncio.sleep(0)

    async def _verdicts(self, begin: datetime, end: datetime) -> Rows:
        fixed = type_coerce(closures.c.answer == "yes", Integer).label("fixed")
        asked = (closures.c.asked_at.is_not(None)) & (closures.c.asked_at >= begin) & (closures.c.asked_at < end)
        said = select(tickets.c.service, _AREA, fixed).select_from(closures)
        said = said.join(tickets, tickets.c.number == closures.c.number)
        return await self._tx.read(said.where(asked, closures.c.answer.is_not(None)))


def _parted(weeks_begin: Sequence[datetime], end: datetime) -> Iterator[Conditions]:
    """Sets without a ticket in common, none of which is large: week by week what was filed, then what is older.
    No index answers what is asked of `old`: the one by filing would go through all the years."""
    filed, closed = tickets.c.filed_at, tickets.c.closed_at
    begin = weeks_begin[0]
    for week, following in pairwise(weeks_begin):
        yield filed >= week, filed < following
    yield (filed >= weeks_begin[-1],)
    old = func.coalesce(filed, tickets.c.due_at) < begin
    dated = (tickets.c.due_at >= begin) & (tickets.c.due_at < end)
    shut = (tickets.c.is_open == False) & _OF_ANY_RANK  # noqa: E712 - SQL
    yield IS_OPEN, old
    yield closed.is_not(None), closed >= begin, old
    yield shut, dated, old, func.coalesce(closed, filed) < begin
