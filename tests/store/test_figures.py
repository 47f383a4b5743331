"""Every number of a digest is what comes out when all tickets and their whole histories are gone through instead, in
every scope; and the tickets behind it are as many."""

import statistics
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from store.beside import NOTICES, QUESTIONS
from store.database import Database
from tests.store.histories import START, WEEKS, towns, written
from tests.store.recount import Town, hours, recounted, replayed, scores
from tests.town import CITY
from tickets.figures import BEFORE, WHOLE, Digest, Figure, Figures, Kind, Scope, Series, Slice, Spread
from tickets.model import Ticket
from tickets.period import Period

ZONE = CITY.calendar.zone
PER_SLICE = {Figure.ASKED, Figure.CONFIRMED, Figure.DISPUTED, Figure.UNANSWERED, Figure.RATED, Figure.FOLLOWERS}
PER_SLICE |= {Figure.SPARED, Figure.BROKEN, Figure.UNDELIVERED}  # counts something else than tickets
CITY_WIDE = Scope()
LONG_AFTER = START + timedelta(weeks=60)
SCOPES = (
    Scope(), Scope(kind=Kind.DEPARTMENT, code="water"), Scope(kind=Kind.AREA, code="centro"),
    Scope(kind=Kind.AREA, code=""), Scope(kind=Kind.DEPARTMENT, code="never was"),
)  # fmt: skip
a_period = some.builds(
    Period, begin=some.integers(-7, (WEEKS + 1) * 7).map(lambda days: START.date() + timedelta(days=days)),
    days=some.sampled_from((1, 7, 7, 30)),
)  # fmt: skip
freely = settings(
    max_examples=15,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


async def digest(database: Database, period: Period, scope: Scope = CITY_WIDE, now: datetime = LONG_AFTER) -> Digest:
    async with database.view() as view:
        return await view.statistics.digest(CITY, period, scope, now)


async def behind(
    database: Database, figure: Figure, period: Period, scope: Scope = CITY_WIDE, now: datetime = LONG_AFTER,
    only: Slice = WHOLE, begin: int = 0, size: int = 100,
) -> tuple[list[Ticket], int]:  # fmt: skip
    async with database.view() as view:
        page = await view.statistics.behind(CITY, figure, period, scope, now, begin, size, only)
    return list(page.rows), page.total


def cut(period: Period, now: datetime = LONG_AFTER) -> tuple[datetime, datetime]:
    begin, end = period.instants(ZONE)
    return begin, min(end, now + timedelta(microseconds=1))


def spread(found: Sequence[float]) -> Spread | None:
    """By the standard library, save where it wants two."""
    if not found:
        return None
    if len(found) == 1:
        return Spread(n=1, median=found[0], p90=found[0])
    tenths = statistics.quantiles(found, n=10, method="inclusive")
    return Spread(n=len(found), median=statistics.median(found), p90=tenths[8])


def same(one: Spread | None, other: Spread | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.n == other.n and (one.median, one.p90) == (pytest.approx(other.median), pytest.approx(other.p90))


def check(town: Town, figures: Figures, scope: Scope, now: datetime, *, missing: frozenset[Figure]) -> None:
    begin, end = cut(figures.period, now)
    found = recounted(town, scope, begin, end)
    expected = {figure: len(numbers) for figure, numbers in found.items() if figure not in missing}
    assert {figure: n for figure, n in figures.counts.items() if figure not in missing} == expected
    assert same(figures.answer, spread(hours(town, found[Figure.ANSWERED], end, closing=False)))
    assert same(figures.resolution, spread(hours(town, found[Figure.RESOLVED], end, closing=True)))
    given = scores(town, scope, begin, end)
    assert figures.satisfaction == (statistics.fmean(given) if given else None)


def check_series(town: Town, series: Series, now: datetime) -> None:
    first = min(ticket.filed_at for ticket, _ in town.cases)
    for figures in (*series.before, series.now):
        if figures:
            gone = (QUESTIONS | NOTICES) - frozenset(figures.counts)  # told apart in tests of their own
            check(town, figures, series.scope, now, missing=gone)
    ends = [cut(series.now.period.before(n), now)[1] for n in range(BEFORE, 0, -1)]
    assert [figures is None for figures in series.before] == [end <= first for end in ends]


@freely
@given(town=towns(), period=a_period, scope=some.sampled_from(SCOPES), later=some.booleans())
async def test_every_number_is_what_the_histories_come_to(
    database: Database, town: Town, period: Period, scope: Scope, later: bool
) -> None:
    await written(database, town)
    now = LONG_AFTER if later else START + timedelta(weeks=WEEKS // 2)
    found = await digest(database, period, scope, now)
    check_series(town, found.whole, now)
    begin, end = cut(period, now)
    expected = recounted(town, scope, begin, end)
    for series in found.parts if scope == Scope() else ():
        check_series(town, series, now)
    filed = expected[Figure.FILED]
    for mapping, what in ((found.services, "service"), (found.channels, "channel"), (found.languages, "language")):
        codes = [getattr(town.of(number)[0], what) for number in filed]
        assert dict(mapping) == {code: codes.count(code) for code in codes}
    still = sorted((town.of(number)[0].filed_at, number) for number in expected[Figure.OPEN])
    assert [old.number for old in found.oldest] == [number for _, number in still][:10]
    for old in found.oldest:
        then = replayed(*town.of(old.number), end)
        assert old.status is then.status
        assert (old.due_at, old.followers) == (then.date or then.due, max(0, then.followers))
    bounds = [timedelta(), timedelta(days=7), timedelta(days=30), timedelta(days=90), timedelta(days=9999)]
    expected_ages = [sum(low <= end - at < high for at, _ in still) for low, high in pairwise(bounds)]
    assert list(found.ages) == expected_ages


@freely
@given(town=towns(), period=a_period, scope=some.sampled_from(SCOPES), figure=some.sampled_from(Figure))
async def test_the_tickets_behind_a_number_are_those_that_were_counted_the_oldest_first(
    database: Database, town: Town, period: Period, scope: Scope, figure: Figure
) -> None:
    await written(database, town)
    whole = (await digest(database, period, scope)).whole.now
    tickets, total = await behind(database, figure, period, scope)
    expected = recounted(town, scope, *cut(period))[figure]
    if figure not in whole.counts:
        assert (tickets, total) == ([], 0)
        return
    assert total == len(tickets) == len(set(expected))
    assert {ticket.number for ticket in tickets} == set(expected)
    assert [(t.filed_at, t.number) for t in tickets] == sorted((t.filed_at, t.number) for t in tickets)
    if figure not in PER_SLICE:
        assert total == whole.counts[figure]
    if total > 1:
        assert (await behind(database, figure, period, scope, begin=1, size=1))[0] == tickets[1:2]


@freely
@given(town=towns(), period=a_period)
async def test_the_parts_and_slices_of_a_number_add_up_to_it(database: Database, town: Town, period: Period) -> None:
    await written(database, town)
    found = await digest(database, period)
    for kind in (Kind.DEPARTMENT, Kind.AREA):
        parts = [part.now for part in found.parts if part.scope.kind is kind]
        for figure, count in found.whole.now.counts.items():
            assert sum(part.counts[figure] for part in parts) == count
    for service, count in found.services.items():
        assert (await behind(database, Figure.FILED, period, only=Slice(service=service)))[1] == count
    for age, count in enumerate(found.ages):
        assert (await behind(database, Figure.OPEN, period, only=Slice(age=age)))[1] == count
    for part in found.parts:
        only = Slice(part=part.scope)
        assert (await behind(database, Figure.OPEN, period, only=only))[1] == part.now.counts[Figure.OPEN]
    for cluster in found.clusters:
        if cluster.street:
            area = Scope(kind=Kind.AREA, code=cluster.area or "")
            only = Slice(part=area, service=cluster.service, street=cluster.street)
            assert (await behind(database, Figure.FILED, period, only=only))[1] == cluster.filed
