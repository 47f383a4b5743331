"""What a city tells everybody about its own work: twelve weeks in few numbers, by service and by area.

The definitions are those of `tickets/figures.py`, with what must not be told left out. Shares and medians of fewer than
SMALL cases are told by nobody. Sensitive services (`tickets/openness.py`) are no part of any area's numbers, for who
knows all other tickets could take them off and see the rest; and a count of theirs below `few` is not told.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tickets.city import City
from tickets.counting import hours, spread
from tickets.figures import SMALL, Spread
from tickets.instant import Instant, instant
from tickets.period import WEEK, Period, last_week

WEEKS = 12


class Life(NamedTuple):
    """A ticket, without a word of anybody. `due`: promised first; `waits`: for its citizen, its clock stands."""

    service: str
    area: str
    filed: Instant
    due: Instant
    closed: Instant | None
    resolved: bool
    waits: bool


class Verdict(NamedTuple):
    """What a citizen said when asked whether it is fixed."""

    service: str
    area: str
    fixed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The city (code ""), a service or an area. `filed`, `closed`, `due` (its date lay in these weeks), `on_time` (of
    those), `answers` (to "is it fixed?") and `disputed` (of those) count the weeks; `open` and `late` are of now. Of a
    part that is `hidden` no count is told that is below the city's `few`."""

    code: str = ""
    filed: int = 0
    closed: int = 0
    open: int = 0
    late: int = 0
    due: int = 0
    on_time: int = 0
    answers: int = 0
    disputed: int = 0
    resolution: Spread | None = None
    hidden: int = 0

    @property
    def on_time_share(self) -> float | None:
        """0-1; None: of too few to say."""
        return self.on_time / self.due if self.due >= SMALL else None

    @property
    def disputed_share(self) -> float | None:
        """0-1; None: of too few to say."""
        return self.disputed / self.answers if self.answers >= SMALL else None

    @property
    def median(self) -> float | None:
        """Hours from filing to what solved it; None: of too few to say."""
        return self.resolution.median if self.resolution and self.resolution.n >= SMALL else None

    def told(self, count: int) -> int | None:
        """A count of its own, or None where it must not be told: fewer than `hidden`."""
        return None if count < self.hidden else count


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What came and went in it, and what was open at its end."""

    period: Period
    filed: int
    closed: int
    open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """All of it, as things stood at `at`. `services` and `areas`: those with something to tell, as the city lists
    them."""

    at: datetime
    weeks: tuple[Week, ...]
    whole: Part
    services: tuple[Part, ...] = ()
    areas: tuple[Part, ...] = ()


def weeks(now: datetime, zone: ZoneInfo) -> Sequence[Period]:
    """The last ones that are over, oldest first."""
    last = last_week(now, zone)
    return [last.before(n) for n in range(WEEKS - 1, -1, -1)]


def bounds(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When those weeks begin and end."""
    return Period(begin=weeks(now, zone)[0].begin, days=WEEK * WEEKS).instants(zone)


def on_map(counts: Mapping[tuple[str, str], int], city: City) -> Mapping[str, int]:
    """Open tickets by area, of counts by service and area: of sensitive services only where that is not too few."""
    told: dict[str, int] = {}
    for (service, area), count in counts.items():
        if area and not (city.openness.sensitive(service) and count < city.openness.few):
            told[area] = told.get(area, 0) + count
    return told


@dataclass(slots=True)
class _Tally:
    filed: int = 0
    closed: int = 0
    open: int = 0
    late: int = 0
    due: int = 0
    on_time: int = 0
    answers: int = 0
    disputed: int = 0
    hours: list[float] = field(default_factory=list)

    def part(self, code: str, hidden: int = 0) -> Part:
        return Part(
            code=code, filed=self.filed, closed=self.closed, open=self.open, late=self.late, due=self.due,
            on_time=self.on_time, answers=self.answers, disputed=self.disputed, resolution=spread(self.hours),
            hidden=hidden,
        )  # fmt: skip


class Counting:
    """Takes tickets one after the other and keeps none."""

    def __init__(self, city: City, now: datetime) -> None:
        self._city, self._at, self._now = city, now, instant(now)
        self._weeks = weeks(now, city.calendar.zone)
        begin, end = bounds(now, city.calendar.zone)
        self._begin, self._end = instant(begin), instant(end)
        self._edges = [instant(week.instants(city.calendar.zone)[0]) for week in self._weeks]
        self._came, self._went = [0] * (WEEKS + 1), [0] * (WEEKS + 1)  # the last one: since those weeks ended
        self._whole, self._services, self._areas = _Tally(), dict[str, _Tally](), dict[str, _Tally]()
        self._sensitive = frozenset(one.code for one in city.services if city.openness.sensitive(one.code))

    def add(self, lives: Iterable[Life]) -> None:
        for life in lives:
            if life.filed <= self._now:
                self._week(life)
                for tally in self._tallies(life.service, life.area):
                    self._count(tally, life)

    def say(self, verdicts: Iterable[Verdict]) -> None:
        for one in verdicts:
            for tally in self._tallies(one.service, one.area):
                tally.answers += 1
                tally.disputed += not one.fixed

    def town(self) -> Town:
        openness = self._city.openness
        return Town(
            at=self._at,
            weeks=self._trend(),
            whole=self._whole.part(""),
            services=tuple(
                self._services[one.code].part(one.code, openness.few if one.code in self._sensitive else 0)
                for one in self._city.services
                if one.code in self._services
            ),
            areas=tuple(self._areas[one.code].part(one.code) for one in self._city.areas if one.code in self._areas),
        )

    def _tallies(self, service: str, area: str) -> Iterable[_Tally]:
        yield self._whole
        yield self._services.setdefault(service, _Tally())
        if area and service not in self._sensitive:
            yield self._areas.setdefault(area, _Tally())

    def _count(self, tally: _Tally, life: Life) -> None:
        begin, end, closed = self._begin, self._end, life.closed
        tally.filed += begin <= life.filed < end
        if closed is None:
            tally.open += 1
            tally.late += life.due < self._now and not life.waits
        elif begin <= closed < end:
            tally.closed += 1
            if life.resolved:
                tally.hours.append(hours(life.filed, closed))
        if begin <= life.due < end and not (closed is None and life.waits):
            tally.due += 1
            tally.on_time += closed is not None and closed <= life.due

    def _week(self, life: Life) -> None:
        if life.filed >= self._begin:
            self._came[self._which(life.filed)] += 1
        if life.closed is not None and life.closed >= self._begin:
            self._went[self._which(life.closed)] += 1

    def _which(self, at: Instant) -> int:
        return WEEKS if at >= self._end else bisect_right(self._edges, at) - 1

    def _trend(self) -> tuple[Week, ...]:
        """Backwards from what is open now; who was opened again counts as open all the time between."""
        standing, found = self._whole.open, list[Week]()
        for n in range(WEEKS, 0, -1):
            standing += self._went[n] - self._came[n]
            period, filed, closed = self._weeks[n - 1], self._came[n - 1], self._went[n - 1]
            found.append(Week(period=period, filed=filed, closed=closed, open=max(0, standing)))
        return tuple(reversed(found))
