"""Where tickets lie: counted by the database, so that a map of a million costs no more than one of a thousand.

Open tickets are what a city has not done yet, and are all read. Closed ones grow with the years: those filed last in
the time asked for are looked at, LOOKED at most, in an index that holds all that a map mostly asks of them.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, case, cast, func, literal, select

from bot.ports import Flag, Query
from bot.ports.points import LOOKED, LOOKED_FOR_WORDS, Box, Cell, Grid, Pin, Share, Spread
from store.finding import tickets_with
from store.fitting import fits, overdue
from store.tables import IS_OPEN, ticket_words, tickets
from store.transaction import Transaction
from store.types import Time
from tickets.model import Point, Priority, Status
from tickets.workflow import CLOSED, OPEN

_NEVER_CLOSED = frozenset({Flag.LATE, Flag.DISPUTED, Flag.ESCALATED})
_T = tickets.c
_PIN = (_T.number, _T.service, _T.street, _T.status, _T.priority, _T.filed_at, _T.latitude, _T.longitude)
_MOST_ROWS = 4_096  # more squares than any screen has room for
_COMMON = 1_000  # tickets that have the words
_INSTANT = timedelta(microseconds=1)  # the least that times are apart in the database
_Halves = dict[frozenset[Status], Query]


class Points:
    """Keeps `bot.ports.Points`."""

    def __init__(self, tx: Transaction, looked: int = LOOKED) -> None:
        self._tx, self._looked = tx, looked
        self._common = False

    async def areas(self, query: Query) -> Spread:
        halves = await self._ready(query)
        # as an expression: else SQLite reads all tickets in the order of an index
        area = func.coalesce(_T.area, "").label("area")
        counted: dict[str, list[int]] = {}
        for row in await self._each(halves, [area], [func.count(_T.latitude).label("placed")]):
            told = counted.setdefault(row.area, [0, 0, 0, 0])
            for n, value in enumerate((row.tickets, row.placed, row.late, row.emergencies)):
                told[n] += int(value or 0)
        shares = [
            Share(area=area or None, tickets=told[0], placed=told[1], late=told[2], emergencies=told[3])
            for area, told in counted.items()
        ]
        capped = self._looked if halves.get(CLOSED, query).since != query.since else None
        return Spread(shares=sorted(shares, key=lambda one: (-one.tickets, one.area or "~")), capped=capped)

    async def cells(self, query: Query, grid: Grid, *, without: str = "") -> Sequence[Cell]:
        halves = await self._ready(query)
        row = self._floor((_T.latitude + 90.0) / grid.high).label("row")
        column = self._floor((_T.longitude + 180.0) / grid.wide).label("column")
        found: dict[tuple[int, int], list[Any]] = {}
        for one in await self._each(halves, [row, column], _EXTENT, *_within(grid.box, without)):
            found.setdefault((int(one.row), int(one.column)), []).append(one)
        alone = [some[0].number for some in found.values() if sum(part.tickets for part in some) == 1]
        pins = {pin.number: pin for pin in await self._named(query, alone)}
        return [_cell(key, found[key], pins) for key in sorted(found, key=lambda key: (-key[0], key[1]))]

    async def pins(self, query: Query, box: Box, limit: int, *, without: str = "") -> Sequence[Pin]:
        found: list[Any] = []
        for group, half in (await self._ready(query)).items():
            order = (_T.rank, _T.filed_at) if group is OPEN else (_T.filed_at.desc(),)
            asked = self._among(select(*_PIN, _late(half, group)), half, group).where(*_within(box, without))
            found += (await self._tx.execute(asked.order_by(*order, _T.number).limit(limit - len(found)))).all()
        return [_pin(row) for row in found]

    async def _ready(self, query: Query) -> "_Halves":
        """What is asked of open tickets, and of closed ones from the time on from which they are looked at."""
        query = replace(query, now=query.now or self._tx.clock.now(), soon=query.soon or self._tx.clock.now())
        halves = {group: query for group in (OPEN, CLOSED) if _lists(query, group)}
        if CLOSED in halves and query.words and await self._many(query):
            self._common, self._looked = True, min(self._looked, LOOKED_FOR_WORDS)
        if CLOSED in halves and (edge := await self._edge(query)):
            halves[CLOSED] = replace(query, since=edge + _INSTANT)
        return halves

    async def _many(self, query: Query) -> bool:
        """Whether very many have these words, so that those filed last are looked through rather than found by them."""
        found = tickets_with(query.words, self._tx.codec.seal, self._tx.dialect.name)
        some = select(ticket_words.c.number).where(found).limit(_COMMON + 1).subquery()
        return int((await self._tx.execute(select(func.count()).select_from(some))).scalar_one()) > _COMMON

    async def _edge(self, query: Query) -> datetime | None:
        """When the first of those was filed that are too many."""
        bounds = fits(Query(since=query.since, until=query.until), self._tx.codec.seal, self._tx.dialect.name)
        filed = select(_T.filed_at).where(_T.closed_at.is_not(None), *bounds).order_by(_T.filed_at.desc())
        edge = (await self._tx.execute(filed.offset(self._looked).limit(1))).scalar_one_or_none()
        return edge if isinstance(edge, datetime) else None

    async def _each(
        self, halves: "_Halves", by: Sequence[Any], more: Sequence[Any], *where: ColumnElement[bool]
    ) -> list[Any]:
        """The rows of open tickets and those of closed ones."""
        rows: list[Any] = []
        for group, query in halves.items():
            counted = self._among(select(*by, *_counts(query, group), *more), query, group).where(*where).group_by(*by)
            rows += (await self._tx.execute(counted.limit(_MOST_ROWS))).all()
        return rows

    async def _named(self, query: Query, numbers: Sequence[str]) -> Sequence[Pin]:
        if not numbers:
            return ()
        late = case((_T.closed_at.is_(None) & _overdue(query), 1), else_=0).label("late")
        return [_pin(row) for row in await self._tx.execute(select(*_PIN, late).where(_T.number.in_(numbers)))]

    def _among(self, chosen: Select[Any], query: Query, group: frozenset[Status]) -> Select[Any]:
        """Of those in this group that fit."""
        asked = chosen.select_from(tickets).where(
            *fits(query, self._tx.codec.seal, self._tx.dialect.name, common=self._common)
        )
        asked = asked.where(IS_OPEN if group is OPEN else _T.closed_at.is_not(None))
        if not query.words:
            return asked
        gone = ticket_words.c.closed_at
        return asked.where(ticket_words.c.number == _T.number, gone.is_(None) if group is OPEN else gone.is_not(None))

    def _floor(self, value: ColumnElement[Any]) -> ColumnElement[Any]:
        """Of what is not negative; not every SQLite has floor(), and PostgreSQL's cast rounds."""
        return cast(value, Integer()) if self._tx.dialect.name == "sqlite" else cast(func.floor(value), Integer())


_EXTENT = (
    func.avg(_T.latitude).label("latitude"), func.avg(_T.longitude).label("longitude"),
    func.min(_T.latitude).label("south"), func.max(_T.latitude).label("north"),
    func.min(_T.longitude).label("west"), func.max(_T.longitude).label("east"), func.min(_T.number).label("number"),
)  # fmt: skip


def _overdue(query: Query) -> ColumnElement[bool]:
    return overdue(bindparam(None, query.now, type_=Time()))


def _late(query: Query, group: frozenset[Status]) -> ColumnElement[Any]:
    """Of closed ones none is. That a ticket is open is said once in a statement: twice, and PostgreSQL does not see
    that an index holds all of it."""
    return case((_overdue(query), 1), else_=0).label("late") if group is OPEN else literal(0).label("late")


def _counts(query: Query, group: frozenset[Status]) -> tuple[ColumnElement[Any], ...]:
    return (
        func.count().label("tickets"),
        func.sum(_late(query, group)).label("late"),
        func.sum(case((_T.rank == 0, 1), else_=0)).label("emergencies"),
    )


def _lists(query: Query, group: frozenset[Status]) -> bool:
    if query.status is not None and query.status not in group:
        return False
    if group is CLOSED and query.flags & _NEVER_CLOSED:
        return False
    return query.open in {None, group is OPEN}


def _within(box: Box, without: str) -> Sequence[ColumnElement[bool]]:
    there = [_T.latitude.between(box.south, box.north), _T.longitude.between(box.west, box.east)]
    return [*there, _T.number != without] if without else there


def _cell(key: tuple[int, int], parts: Sequence[Any], pins: dict[str, Pin]) -> Cell:
    """Of a square's open tickets and its closed ones."""
    count = sum(part.tickets for part in parts)
    return Cell(
        row=key[0],
        column=key[1],
        tickets=count,
        late=sum(int(part.late or 0) for part in parts),
        emergencies=sum(int(part.emergencies or 0) for part in parts),
        middle=Point(
            latitude=sum(part.latitude * part.tickets for part in parts) / count,
            longitude=sum(part.longitude * part.tickets for part in parts) / count,
        ),
        box=Box(
            south=min(part.south for part in parts),
            west=min(part.west for part in parts),
            north=max(part.north for part in parts),
            east=max(part.east for part in parts),
        ),
        pin=pins.get(parts[0].number) if count == 1 else None,
    )


def _pin(row: Any) -> Pin:
    return Pin(
        number=row.number,
        service=row.service,
        street=row.street or "",
        status=Status(row.status),
        priority=Priority(row.priority),
        filed_at=row.filed_at,
        late=bool(row.late),
        point=Point(latitude=row.latitude, longitude=row.longitude),
    )
