"""Counts tickets as they are handed in, one after the other, and keeps none of them: by department, area and period."""

from bisect import bisect_right, insort
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tickets.alike import Alike, Likeness
from tickets.asof import Case
from tickets.city import Area, City, Department
from tickets.counting import Counted, Tally, add, counted, hours, together
from tickets.figures import AGES, BEFORE, OLDEST, Figure, Kind, Scope, Series
from tickets.instant import HOUR, Instant, instant
from tickets.period import Period

_DAY = 24 * HOUR
_TICK = timedelta(microseconds=1)  # what happens now has happened
_INSIDE: Mapping[Kind, tuple[Kind, ...]] = {
    Kind.CITY: (Kind.DEPARTMENT, Kind.AREA),
    Kind.DEPARTMENT: (Kind.AREA,),
    Kind.AREA: (Kind.DEPARTMENT,),
}
Cell = tuple[str, str]  # department and area


class Span(NamedTuple):
    """When a period begins and ends, the last instant excluded: where it is not over, all until now."""

    period: Period
    begin: datetime
    end: datetime

    @property
    def instants(self) -> tuple[Instant, Instant]:
        return instant(self.begin), instant(self.end)


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


def age(filed: Instant, end: Instant) -> int:
    """Which of `Digest.ages`."""
    return bisect_right(AGES, (end - filed) / _DAY)


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """What tickets that are alike count to, by the places of spans: `counts` in one, `lasting` in it and all after it;
    in which one they are `answered`, and in which `resolved`, at the instant that is there or, where none is, at their
    own. `is_open`: at the end of the last one."""

    counts: Sequence[tuple[int, tuple[Figure, ...]]] = ()
    lasting: tuple[int, tuple[Figure, ...]] | None = None
    answered: int | None = None
    resolved: Sequence[tuple[int, Instant | None]] = ()
    is_open: bool = False


_NOTHING = Course()


class _Counted:
    """Of a department and area: `alike` are tickets that no tally has yet, by their course."""

    def __init__(self, spans: int) -> None:
        self.tallies = [Tally() for _ in range(spans)]
        self.alike: dict[Course, int] = {}

    def add(self, case: Case, course: Course) -> None:
        self.alike[course] = self.alike.get(course, 0) + 1
        if course.answered is not None and case.answered:
            self.tallies[course.answered].answers.append(hours(case.filed, case.answered))
        for n, at in course.resolved:
            closed = at or case.closed
            if closed:
                self.tallies[n].resolutions.append(hours(case.filed, closed))

    def tally(self, n: int) -> Tally:
        """All that was added up to now, in this span."""
        for course, tickets in self.alike.items():
            for place, figures in course.counts:
                self.tallies[place].alike(figures, tickets)
            if course.lasting:
                self.tallies[course.lasting[0]].lasts(course.lasting[1], tickets)
        self.alike.clear()
        return self.tallies[n]


class Census:
    """`ages` and `oldest`: of those that are open at the end of the last span; `fresh`: the numbers of those among them
    that were filed in it."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans
        self._edges = [span.instants for span in spans]
        self._ends = [end for _, end in self._edges]
        self._cells: dict[Cell, _Counted] = {}
        self._likeness, self._courses = Likeness(self._edges), dict[Alike, Course]()
        self._oldest: list[tuple[Instant, str, Case]] = []
        self.ages = [0] * (len(AGES) + 1)
        self.fresh: set[str] = set()

    def add(self, case: Case) -> None:
        course = self._course(case) if case.steps else self._known(case)
        if course is _NOTHING:
            return
        self._cell(case.department, case.area).add(case, course)
        if course.is_open:
            self._stays_open(case)

    def more(self, beside: Beside) -> None:
        for n, (_, begin, end) in enumerate(self._spans):
            if begin <= beside.at < end:
                tally = self._cell(beside.department, beside.area).tallies[n]
                add(tally.counts, dict.fromkeys(beside.figures, beside.alike))
                if beside.score is not None:
                    tally.scores += [beside.score] * beside.alike

    @property
    def oldest(self) -> Sequence[Case]:
        return [case for _, _, case in self._oldest]

    def series(self, scope: Scope, whole: Scope, unknown: Sequence[Collection[Figure] | None]) -> Series:
        """Of a scope within the whole; `unknown` by span, None where the city did not use Vecino yet."""
        cells = [inside for cell, inside in self._cells.items() if scope == whole or _key(cell, scope.kind) == scope]
        found, lasting = [], dict[Figure, int]()
        for n, (period, _, _) in enumerate(self._spans):
            tally = together(one.tally(n) for one in cells)
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

    def _known(self, case: Case) -> Course:
        alike = self._likeness.of(case)
        found = self._courses.get(alike)
        if found is None:
            found = self._courses[alike] = self._course(case)
        return found

    def _course(self, case: Case) -> Course:
        """Only the spans are looked at in which something of it happens, and the first one after them: where it stays
        open, it counts to all the others as it does to that one."""
        first, last, latest = bisect_right(self._ends, case.filed), self._last(case), len(self._ends) - 1
        if first > latest:
            return _NOTHING
        each = [(n, found) for n in range(first, last + 1) if (found := counted(case, *self._edges[n]))]
        stays = last < latest and case.closed is None
        after = counted(case, *self._edges[last + 1]) if stays else None
        end = after or (each[-1][1] if each and last == latest else None)
        return Course(
            counts=[(n, found.figures) for n, found in each],
            lasting=(last + 1, after.figures) if after else None,
            answered=next((n for n, found in each if Figure.ANSWERED in found.figures), None),
            resolved=[(n, found.stood.closed if case.steps else None) for n, found in each if _resolves(found)],
            is_open=end is not None and end.stood.closed is None,
        )

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

    def _cell(self, department: str, area: str) -> _Counted:
        found = self._cells.get((department, area))
        if found is None:
            found = self._cells[department, area] = _Counted(len(self._spans))
        return found

    def _stays_open(self, case: Case) -> None:
        begin, end = self._edges[-1]
        self.ages[age(case.filed, end)] += 1
        if len(self._oldest) < OLDEST or case.filed <= self._oldest[-1][0]:
            insort(self._oldest, (case.filed, case.number, case), key=itemgetter(0, 1))
            del self._oldest[OLDEST:]
        if case.filed >= begin:
            self.fresh.add(case.number)


def _resolves(found: Counted) -> bool:
    return Figure.RESOLVED in found.figures


def _key(cell: Cell, kind: Kind) -> Scope:
    return Scope(kind=kind, code=cell[0] if kind is Kind.DEPARTMENT else cell[1])


def tells(series: Series) -> bool:
    """Whether there is anything to show of it."""
    return any(any(one.counts.values()) for one in (*series.before, series.now) if one)
