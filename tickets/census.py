"""Counts tickets as they are handed in, one after the other, and keeps none of them: by department, area and period."""

from bisect import bisect_right, insort
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tickets.asof import Case
from tickets.city import Area, City, Department
from tickets.counting import Tally, add, counted, together
from tickets.figures import AGES, BEFORE, OLDEST, Figure, Kind, Scope, Series
from tickets.period import Period

_TICK = timedelta(microseconds=1)  # what happens now has happened
_INSIDE: Mapping[Kind, tuple[Kind, ...]] = {
    Kind.CITY: (Kind.DEPARTMENT, Kind.AREA),
    Kind.DEPARTMENT: (Kind.AREA,),
    Kind.AREA: (Kind.DEPARTMENT,),
}
Cell = tuple[str, str]  # department and area


class Span(NamedTuple):
    """A period's instants, the last one excluded: where it is not over, all until now."""

    period: Period
    begin: datetime
    end: datetime


class Beside(NamedTuple):
    """What is counted of a ticket and stands in no row of it: a question, a rating, a message; or so many `alike`, of a
    department and area."""

    figures: tuple[Figure, ...]
    at: datetime
    number: str
    department: str
    area: str
    filed: datetime
    score: int | None = None
    alike: int = 1


def span(period: Period, zone: ZoneInfo, now: datetime) -> Span:
    begin, end = period.instants(zone)
    return Span(period, begin, min(end, now + _TICK))


def spans(period: Period, zone: ZoneInfo, now: datetime) -> list[Span]:
    """Those before, oldest first, and this one."""
    return [span(period.before(n), zone, now) for n in range(BEFORE, -1, -1)]


def age(filed: datetime, end: datetime) -> int:
    """Which of `Digest.ages`."""
    return bisect_right(AGES, (end - filed) / timedelta(days=1))


class Census:
    """`ages` and `oldest`: of those that are open at the end of the last span; `fresh`: the numbers of those among them
    that were filed in it."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans, self._ends = spans, [span.end for span in spans]
        self._edges = [(span.begin, span.end) for span in spans]
        self._cells: dict[Cell, list[Tally]] = {}
        self._oldest: list[tuple[datetime, str, Case]] = []
        self.ages = [0] * (len(AGES) + 1)
        self.fresh: set[str] = set()

    def add(self, case: Case) -> None:
        """Only the spans are looked at in which something of it happens, and the first one after them: where it stays
        open, it counts to all the others as it does to that one."""
        first, last, latest = bisect_right(self._ends, case.filed), self._last(case), len(self._ends) - 1
        if first > latest:
            return
        cell = self._cell(case.department, case.area)
        for n in range(first, last + 1):
            found = counted(case, *self._edges[n])
            if found:
                cell[n].case(case, found)
        if last < latest and case.closed is None:
            found = counted(case, *self._edges[last + 1])
            if found:
                cell[last + 1].lasts(found)
        if found and found.stood.closed is None and (last == latest or case.closed is None):
            self._stays_open(case)

    def more(self, beside: Beside) -> None:
        for n, (_, begin, end) in enumerate(self._spans):
            if begin <= beside.at < end:
                tally = self._cell(beside.department, beside.area)[n]
                add(tally.counts, dict.fromkeys(beside.figures, beside.alike))
                if beside.score is not None:
                    tally.scores += [beside.score] * beside.alike

    @property
    def oldest(self) -> Sequence[Case]:
        return [case for _, _, case in self._oldest]

    def series(self, scope: Scope, whole: Scope, unknown: Sequence[Collection[Figure] | None]) -> Series:
        """Of a scope within the whole; `unknown` by span, None where the city did not use Vecino yet."""
        cells = [tallies for cell, tallies in self._cells.items() if scope == whole or _key(cell, scope.kind) == scope]
        found, lasting = [], dict[Figure, int]()
        for n, (period, _, _) in enumerate(self._spans):
            tally = together(tallies[n] for tallies in cells)
            add(lasting, tally.lasting)
            found.append(tally.figures(period, unknown[n] or (), lasting))
        *before, now = found
        used = (missing is not None for missing in unknown)
        known = tuple(one if use else None for one, use in zip(before, used, strict=False))
        return Series(scope=scope, before=known, now=now)

    def parts(self, whole: Scope, city: City) -> Iterator[Scope]:
        """In the city's order; what it has no more stands behind, and what lies in no area at the end."""
        order: Mapping[Kind, Sequence[Department | Area]] = {Kind.DEPARTMENT: city.departments, Kind.AREA: city.areas}
        for kind in _INSIDE[whole.kind]:
            places = {one.code: n for n, one in enumerate(order[kind])}
            found = {_key(cell, kind) for cell in self._cells}
            yield from sorted(found, key=lambda one: (not one.code, places.get(one.code, len(places)), one.code))

    def _last(self, case: Case) -> int:
        """The span in which the last thing happens; a history that has to be gone through may tell of any."""
        latest = len(self._ends) - 1
        if case.steps:
            return latest
        filed, last = case.filed, case.due
        turned = case.turns[-1].at if case.turns else filed
        for at in (filed, case.closed or filed, case.answered or filed, case.waits or filed, turned):
            if at > last:  # quicker than max()
                last = at
        return min(latest, bisect_right(self._ends, last))

    def _cell(self, department: str, area: str) -> list[Tally]:
        found = self._cells.get((department, area))
        if found is None:
            found = self._cells[department, area] = [Tally() for _ in self._spans]
        return found

    def _stays_open(self, case: Case) -> None:
        begin, end = self._edges[-1]
        self.ages[age(case.filed, end)] += 1
        if len(self._oldest) < OLDEST or case.filed <= self._oldest[-1][0]:
            insort(self._oldest, (case.filed, case.number, case), key=itemgetter(0, 1))
            del self._oldest[OLDEST:]
        if case.filed >= begin:
            self.fresh.add(case.number)


def _key(cell: Cell, kind: Kind) -> Scope:
    return Scope(kind=kind, code=cell[0] if kind is Kind.DEPARTMENT else cell[1])


def tells(series: Series) -> bool:
    """Whether there is anything to show of it."""
    return any(any(one.counts.values()) for one in (*series.before, series.now) if one)
