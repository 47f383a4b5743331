"""Departments and areas side by side: only where there is enough to compare."""

from dataclasses import replace

import pytest

from digest.measures import Rate
from tests.web.statistics import department
from tickets.figures import SMALL, Figure, Kind, Scope, Series
from tickets.period import Period, week
from web.comparing import COLUMNS, Comparison, chosen
from web.measures import COMPARED, GROUPS, NOT_TICKETS, Row, compared, ordered, row

PERIOD = week("2026-W47")


def line(code: str, now: float | None, before: float | None = None) -> Row:
    scope = Scope(kind=Kind.AREA, code=code)
    return Row(scope=scope, measure=Rate.ON_TIME, now=now, before=before, mean=None, in_use=True)


@pytest.mark.parametrize(("due", "is_shown"), [(SMALL - 1, False), (SMALL, True), (0, False)])
def test_a_share_of_few_is_not_compared(due: int, is_shown: bool) -> None:
    found = compared(department("roads", PERIOD, 80, due=due, kept=due // 2), Rate.ON_TIME)
    assert (found.now is not None, found.few, found.sample) == (is_shown, not is_shown, due)
    assert (found.before is not None) == is_shown
    assert (found.mean is not None) == is_shown
    assert found.in_use


def test_a_share_of_few_is_neither_worse_nor_better() -> None:
    good = department("roads", PERIOD, 80, due=80, kept=80)
    bad = [department("roads", PERIOD, 80, due=due, kept=0) for due in (SMALL - 1, 80)]
    assert [row(replace(one, before=good.before), Rate.ON_TIME).tone for one in bad] == ["", "worse"]


def test_counts_are_compared_however_few() -> None:
    found = compared(department("roads", PERIOD, 9), Figure.FILED)
    assert (found.now, found.before, found.change, found.few) == (9, 8, 1, False)


def test_a_period_before_vecino_was_used_is_no_zero() -> None:
    found = row(department("roads", PERIOD, 80, known=0), Figure.FILED)
    assert (found.before, found.mean, found.change, found.in_use) == (None, None, None, False)


def test_what_is_not_known_is_neither_zero_nor_too_few() -> None:
    series = department("roads", PERIOD, 80)
    counts = {figure: n for figure, n in series.now.counts.items() if figure not in (Figure.DUE, Figure.DISPUTED)}
    unknown = Series(scope=series.scope, before=series.before, now=series.now.__class__(period=PERIOD, counts=counts))
    share = compared(unknown, Rate.ON_TIME)
    assert (share.now, share.few, share.change) == (None, False, None)
    assert row(unknown, Figure.DISPUTED).now is None


@pytest.mark.parametrize(
    ("by", "falling", "codes"),
    [
        ("now", True, "bacd"),
        ("now", False, "cabd"),
        ("before", True, "dacb"),
        ("change", True, "bacd"),
        ("change", False, "cabd"),
        ("name", False, "abcd"),
        ("name", True, "dcba"),
    ],
)
def test_lines_stand_in_the_order_asked_for_and_the_unknown_last(by: str, falling: bool, codes: str) -> None:
    lines = [line("c", 0.1, 0.3), line("d", None, 0.9), line("a", 0.5, 0.6), line("b", 0.7, 0.2)]
    found = ordered(lines, by, lambda scope: scope.code, falling=falling)
    assert "".join(one.scope.code for one in found) == codes


def test_the_same_value_stands_by_name() -> None:
    lines = [line("b", 0.5), line("C", None), line("A", 0.5), line("d", None)]
    for falling in (True, False):
        found = ordered(lines, "now", lambda scope: scope.code, falling=falling)
        assert [one.scope.code for one in found] == ["A", "b", "C", "d"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, (Rate.ON_TIME, "now", True)),
        ({"by": "late", "sort": "name"}, (Figure.LATE, "name", False)),
        ({"by": "unsure", "sort": "number", "order": "x"}, (Rate.ON_TIME, "now", True)),
        ({"by": "answer_median", "sort": "mean", "order": "up"}, (Rate.ANSWER, "mean", False)),
    ],
)
def test_nonsense_in_an_order_counts_as_not_asked(query: dict[str, str], expected: tuple[object, str, bool]) -> None:
    found = chosen(query)
    assert (found.measure, found.by, found.falling) == expected


@pytest.mark.parametrize("column", COLUMNS)
def test_a_column_asked_for_twice_is_turned_round(column: str) -> None:
    other = "mean" if column == "name" else "name"
    first = chosen(Comparison(measure=Figure.LATE, by=other, falling=True).sorted_by(column))
    again = chosen(first.sorted_by(column))
    assert (first.measure, first.by, again.by) == (Figure.LATE, column, column)
    assert first.falling != again.falling


def test_every_figure_stands_on_the_page() -> None:
    shown = {measure for group in GROUPS.values() for measure in group}
    assert shown == {*Figure, *Rate}
    assert set(COMPARED) <= shown
    assert set(Figure) > NOT_TICKETS


def test_periods_are_of_any_length() -> None:
    assert row(department("roads", Period(begin=PERIOD.begin, days=400), 80), Figure.FILED).before == 79
