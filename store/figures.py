"""Figures of tickets: what a digest shows, and the tickets behind each number, by one and the same rules."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from bot.ports import Page
from store.beside import BESIDE, NOTICES, QUESTIONS, Besides
from store.codec import UNOPENED
from store.lean import Found, Lean, histories, within
from store.tables import tickets
from store.tickets import ticket_of
from store.transaction import Transaction
from tickets.asof import Case, date, followers, status
from tickets.census import Census, Span, age, span, spans, tells
from tickets.city import City
from tickets.clusters import Spot, clusters
from tickets.counting import counted
from tickets.figures import WHOLE, Digest, Figure, Old, Scope, Slice, Source
from tickets.instant import Instant, instant, moment
from tickets.model import Point, Status, Ticket
from tickets.period import Period

_NEW = (
    tickets.c.number, tickets.c.service, tickets.c.area, tickets.c.street, tickets.c.latitude, tickets.c.longitude,
    tickets.c.channel, tickets.c.language,
)  # fmt: skip
Filed = tuple[Instant, str]  # when, and which number


class Statistics:
    """Keeps `bot.ports.Statistics`. Asked in a view that was asked nothing before, all of it is of one instant."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def digest(self, city: City, period: Period, scope: Scope, now: datetime) -> Digest:
        await self._tx.still()
        around = spans(period, city.calendar.zone, now)
        last, census = around[-1], Census(around)
        lean = Lean(self._tx, around[0].begin, last.end, within(scope))
        besides = Besides(self._tx, around[0].begin, last.end, within(scope), city.talk.reopen)
        found = await lean.found()
        counting = asyncio.create_task(_count(found, census))
        try:  # while this process counts, the database goes on
            noted = await besides.by_cell(around)
            await counting
        finally:
            counting.cancel()
        for one in noted:
            census.more(one)
        unknown = await self._unknown(besides, around)
        new = await self._new(scope, last)
        parts = (census.series(part, scope, unknown) for part in census.parts(scope, city))
        return Digest(
            city=city.name,
            period=period,
            made_at=now,
            whole=census.series(scope, scope, unknown),
            parts=tuple(part for part in parts if tells(part)),
            clusters=clusters(_spots(new, census.fresh)),
            oldest=await self._oldest(census, last),
            ages=tuple(census.ages),
            services=_by(row.service for row in new),
            channels=_by(row.channel for row in new),
            languages=_by(row.language for row in new),
            missing=_missing(unknown[-1] or frozenset()),
        )

    async def behind(
        self, city: City, figure: Figure, period: Period, scope: Scope, now: datetime, begin: int, size: int,
        only: Slice = WHOLE,
    ) -> Page[Ticket]:  # fmt: skip
        await self._tx.still()
        asked, among = span(period, city.calendar.zone, now), within(scope, only)
        noted = figure in BESIDE
        found = await (self._noted(figure, asked, among, city) if noted else self._that(figure, asked, among))
        if only.age is not None:
            found = {one for one in found if age(one[0], asked.instants[1]) == only.age}
        numbers = [number for _, number in sorted(found)]
        return Page(rows=tuple(await self._tickets(numbers[begin : begin + size])), total=len(numbers))

    async def _that(self, figure: Figure, asked: Span, among: Sequence[ColumnElement[bool]]) -> set[Filed]:
        found, edges = set(), asked.instants
        for cases in await Lean(self._tx, asked.begin, asked.end, among).found():
            await asyncio.sleep(0)
            for case in cases:
                counts = counted(case, *edges)
                if counts and figure in counts.figures:
                    found.add((case.filed, case.number))
        return found

    async def _noted(self, figure: Figure, asked: Span, among: Sequence[ColumnElement[bool]], city: City) -> set[Filed]:
        """None where nothing tells of it."""
        besides = Besides(self._tx, asked.begin, asked.end, among, city.talk.reopen)
        [unknown] = await besides.unknown([asked])
        if figure in unknown:
            return set()
        noted = await besides.all()
        inside = (one for one in noted if figure in one.figures and asked.begin <= one.at < asked.end)
        return {(instant(one.filed), one.number) for one in inside}

    async def _unknown(self, besides: Besides, around: Sequence[Span]) -> Sequence[frozenset[Figure] | None]:
        """None for what ended before the first ticket of all was filed."""
        first = (await self._tx.execute(select(func.min(tickets.c.filed_at)))).scalar()
        unknown = await besides.unknown(around)
        used = (first is not None and first < one.end for one in around)
        return [missing if use else None for missing, use in zip(unknown, used, strict=True)]

    async def _new(self, scope: Scope, last: Span) -> Sequence[Any]:
        filed = (tickets.c.filed_at >= last.begin) & (tickets.c.filed_at < last.end)
        return (await self._tx.execute(select(*_NEW).where(filed, *within(scope)))).all()

    async def _oldest(self, census: Census, last: Span) -> tuple[Old, ...]:
        """As they stood at the end: those few have their history looked up."""
        numbers = [case.number for case in census.oldest]
        rows = {row.number: row for row in await self._tx.execute(select(tickets).where(tickets.c.number.in_(numbers)))}
        past = await histories(self._tx, numbers)
        found = (case._replace(steps=past.get(case.number, ())) for case in census.oldest)
        return tuple(_old(case, rows[case.number], instant(last.end)) for case in found)

    async def _tickets(self, numbers: Sequence[str]) -> Iterator[Ticket]:
        """In this order; without those that no key of ours opens."""
        rows = await self._tx.execute(select(tickets).where(tickets.c.number.in_(numbers)))
        opened = {}
        for row in rows:
            with suppress(*UNOPENED):
                opened[row.number] = ticket_of(row, self._tx.codec)
        return (opened[number] for number in numbers if number in opened)


async def _count(found: Found, census: Census) -> None:
    """Others get their turn now and then."""
    for cases in found:
        await asyncio.sleep(0)
        for case in cases:
            census.add(case)


def _old(case: Case, row: Any, end: Instant) -> Old:
    return Old(
        number=case.number,
        service=row.service,
        department=row.department,
        area=row.area or None,
        street=row.street or None,
        status=status(case.steps, end) or Status(row.status),
        filed_at=moment(case.filed),
        due_at=moment(date(case, end)),
        followers=followers(case, end),
    )


def _spots(rows: Iterable[Any], still_open: set[str]) -> Iterator[Spot]:
    for row in rows:
        point = None if row.latitude is None else Point(latitude=row.latitude, longitude=row.longitude)
        yield Spot(row.number, row.service, row.area or None, row.street or None, point, row.number in still_open)


def _by(codes: Iterable[str]) -> Mapping[str, int]:
    """The most first."""
    return dict(sorted(Counter(codes).items(), key=lambda one: (-one[1], one[0])))


def _missing(unknown: frozenset[Figure]) -> tuple[Source, ...]:
    sources = {Source.OUTBOX: NOTICES, Source.CLOSURES: QUESTIONS}
    return tuple(source for source in Source if sources[source] & unknown)
