"""The three sentences: what changed most, and nothing that did not."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.headlines import SENTENCES, Change, Fact, headlines
from digest.measures import MEASURES, Rate, usual, value
from tests.digest import sample
from tickets.figures import Cluster, Digest, Figure, Figures, Kind, Scope, Series, Spread

WEEK = sample.WEEK


def figures(back: int = 0, hours: float = 48.0, **counts: int) -> Figures:
    named = {Figure(name): n for name, n in ({"filed": 100, "closed": 95, "open": 200, "late": 20} | counts).items()}
    return Figures(
        period=WEEK.before(back) if back else WEEK, counts=named, resolution=Spread(n=90, median=hours, p90=99)
    )


def series(now: Figures, scope: Scope | None = None, **before: int) -> Series:
    return Series(scope=scope or Scope(), before=tuple(figures(back, **before) for back in range(8, 0, -1)), now=now)


def digest(whole: Series, *parts: Series, clusters: tuple[Cluster, ...] = ()) -> Digest:
    made = datetime(2026, 11, 23, 11, tzinfo=UTC)
    return Digest(city="X", period=WEEK, made_at=made, whole=whole, parts=parts, clusters=clusters)


def test_a_week_like_the_others_says_that_nothing_changed():
    assert headlines(digest(series(figures()))) == (Fact.STEADY, Fact.OPEN, Fact.ON_TIME)


def test_what_changed_most_stands_first():
    told = headlines(digest(series(figures(filed=160, late=90))))
    assert [each.measure for each in told[:2]] == [Figure.LATE, Figure.FILED]
    assert told[2] is Fact.STEADY_ELSE


def test_chance_is_no_headline():
    assert headlines(digest(series(figures(filed=112, closed=88, late=24))))[0] is Fact.STEADY


def test_three_more_of_next_to_nothing_are_no_headline():
    few: Mapping[str, int] = {"filed": 1, "closed": 1, "open": 2, "late": 0}
    assert headlines(digest(series(figures(**few | {"late": 3}), **few)))[0] is Fact.STEADY


def test_the_part_that_most_of_it_comes_from_is_named():
    roads, parks = (Scope(kind=Kind.DEPARTMENT, code=code) for code in ("roads", "parks"))
    parts = series(figures(filed=95), roads, filed=40), series(figures(filed=62), parks, filed=60)
    first = headlines(digest(series(figures(filed=300)), *parts))[0]
    assert isinstance(first, Change)
    assert first.where is parts[0]


def test_a_small_sample_is_named_as_such():
    now = figures(due=8, on_time=1)
    first = headlines(digest(series(now, due=60, on_time=57)))[0]
    assert isinstance(first, Change)
    assert (first.measure, first.small) == (Rate.ON_TIME, True)


def test_the_first_week_compares_with_nothing():
    whole = replace(series(figures(filed=500)), before=(None,) * 8)
    assert headlines(digest(whole)) == (Fact.FIRST, Fact.OPEN, Fact.ON_TIME)


def test_a_week_in_which_nothing_came_in_is_not_told_as_one_in_which_nothing_changed():
    assert headlines(digest(series(figures(filed=0))))[:2] == (Fact.EMPTY, Fact.STEADY_ELSE)


def test_an_empty_week_says_so_first():
    assert headlines(digest(series(figures(filed=0))))[0] is Fact.EMPTY


def test_a_place_where_reports_pile_up_is_told():
    pile = Cluster(service="water", area="centro", street="Calle 8", filed=12, open=12)
    assert headlines(digest(series(figures()), clusters=(pile,)))[0] is pile


def test_an_unknown_figure_is_no_change():
    now = replace(figures(), counts={Figure.FILED: 100})
    assert headlines(digest(series(now)))[0] is Fact.STEADY


@pytest.mark.parametrize("measure", [Figure.FILED, Rate.ON_TIME, Rate.RESOLUTION])
def test_usual_is_of_the_weeks_that_are_known(measure):
    whole = series(figures(due=10, on_time=9), due=10, on_time=5)
    half = replace(whole, before=(None,) * 4 + whole.before[4:])
    assert usual(half, measure) == pytest.approx(usual(whole, measure))
    assert usual(replace(whole, before=(None,) * 8), measure) is None


def test_a_week_with_one_case_does_not_weigh_as_one_with_a_hundred():
    weeks = figures(2, due=1, on_time=0), figures(1, due=99, on_time=99)
    assert usual(Series(scope=Scope(), before=weeks, now=figures()), Rate.ON_TIME) == pytest.approx(0.99)


_counts = st.dictionaries(st.sampled_from(list(Figure)), st.integers(0, 10**6))
_spreads = st.none() | st.builds(Spread, n=st.integers(1, 10**5), median=st.floats(0, 10**5), p90=st.floats(0, 10**5))
_figures = st.builds(
    Figures,
    period=st.just(WEEK),
    counts=_counts,
    answer=_spreads,
    resolution=_spreads,
    satisfaction=st.none() | st.floats(1, 5),
)
_series = st.builds(
    Series,
    scope=st.sampled_from([Scope(), Scope(kind=Kind.AREA, code=""), Scope(kind=Kind.DEPARTMENT, code="x")]),
    before=st.lists(st.none() | _figures, max_size=8).map(tuple),
    now=_figures,
)


@given(_series, st.lists(_series, max_size=4))
def test_whatever_the_figures_there_are_three_sentences_and_each_is_another(whole, parts):
    told = headlines(digest(whole, *parts))
    assert len(told) == SENTENCES
    assert len({repr(each.measure if isinstance(each, Change) else each) for each in told}) == SENTENCES
    assert all(value(whole.now, measure) is None or value(whole.now, measure) >= 0 for measure in MEASURES)
