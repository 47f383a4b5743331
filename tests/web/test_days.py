"""What the digest page is asked for: weeks and dates as people and links write them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.world import CITY
from tickets.figures import Kind, Scope
from tickets.period import Period
from web.days import LONGEST, Problem, asked, presets, scope_of, written

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)  # a Monday


@pytest.mark.parametrize(
    ("query", "begin", "days"),
    [
        ({}, date(2026, 11, 16), 7),  # as the e-mail
        ({"week": ""}, date(2026, 11, 16), 7),
        ({"week": "2026-W46"}, date(2026, 11, 9), 7),
        ({"week": " 2026-w46 "}, date(2026, 11, 9), 7),
        ({"week": "2020-W53"}, date(2020, 12, 28), 7),
        ({"week": "2026-W48"}, date(2026, 11, 23), 7),  # not over yet
        ({"from": "2026-11-01", "to": "2026-11-01"}, date(2026, 11, 1), 1),
        ({"from": "2026-11-01", "to": "2026-12-01"}, date(2026, 11, 1), 31),
        ({"from": "2025-10-20", "to": "2026-11-23"}, date(2025, 10, 20), LONGEST),
        ({"from": "2026-11-01", "to": "2026-11-02", "week": "2026-W01"}, date(2026, 11, 1), 2),
        ({"from": "2024-02-29", "to": "2024-02-29"}, date(2024, 2, 29), 1),
    ],
)
def test_days_that_can_be_shown(query: dict[str, str], begin: date, days: int) -> None:
    found = asked(query, CITY, NOW)
    assert (found.period, dict(found.problems)) == (Period(begin=begin, days=days), {})


@pytest.mark.parametrize(
    ("query", "problems"),
    [
        ({"week": "47"}, {"week": Problem.WEEK}),
        ({"week": "2026-W54"}, {"week": Problem.WEEK}),
        ({"week": "2026-W53\0"}, {"week": Problem.WEEK}),
        ({"week": "2025-W53"}, {"week": Problem.WEEK}),  # that year had 52
        ({"week": "2026-W49"}, {"week": Problem.FUTURE}),
        ({"week": "9999-W52"}, {"week": Problem.FUTURE}),
        ({"week": "0001-W01"}, {"week": Problem.OLD}),
        ({"week": "0000-W01"}, {"week": Problem.WEEK}),
        ({"from": "2026-11-02", "to": "2026-11-01"}, {"to": Problem.BACKWARDS}),
        ({"from": "2016-11-23", "to": "2026-11-23"}, {"to": Problem.LONG}),
        ({"from": "2025-10-19", "to": "2026-11-23"}, {"to": Problem.LONG}),
        ({"from": "2026-11-24", "to": "2026-11-30"}, {"from": Problem.FUTURE}),
        ({"from": "1999-12-31", "to": "2000-01-01"}, {"from": Problem.OLD}),
        ({"from": "0001-01-01", "to": "9999-12-31"}, {"from": Problem.OLD}),
        ({"from": "2026-11-01"}, {"to": Problem.MISSING}),
        ({"to": "2026-11-01"}, {"from": Problem.MISSING}),
        ({"from": "2026-02-30", "to": "soon"}, {"from": Problem.DATE, "to": Problem.DATE}),
        ({"from": "01/11/2026", "to": ""}, {"from": Problem.DATE, "to": Problem.MISSING}),
        ({"scope": "departments:roads"}, {"scope": Problem.SCOPE}),
        ({"scope": "city:roads"}, {"scope": Problem.SCOPE}),
        ({"scope": "department"}, {"scope": Problem.SCOPE}),
        ({"scope": "department:"}, {"scope": Problem.SCOPE}),
        ({"scope": "area:a\0b"}, {"scope": Problem.SCOPE}),
        ({"week": "x", "scope": "x"}, {"week": Problem.WEEK, "scope": Problem.SCOPE}),
    ],
)
def test_what_makes_no_sense_is_named_and_kept_as_it_was_typed(
    query: dict[str, str], problems: dict[str, Problem]
) -> None:
    found = asked(query, CITY, NOW)
    assert dict(found.problems) == problems
    assert all(found.typed[name] == query.get(name, "") for name in problems)


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("city", Scope()),
        ("department:roads", Scope(kind=Kind.DEPARTMENT, code="roads")),
        ("area:centro", Scope(kind=Kind.AREA, code="centro")),
        ("area:", Scope(kind=Kind.AREA)),
        ("area:São João: 3", Scope(kind=Kind.AREA, code="São João: 3")),
        (
            "department:obras y servicios públicos del municipio",
            Scope(kind=Kind.DEPARTMENT, code="obras y servicios públicos del municipio"),
        ),
    ],
)
def test_a_scope_is_read_as_it_is_written(text: str, scope: Scope) -> None:
    assert scope_of(text) == scope
    assert written(scope) == text


@given(query=st.dictionaries(st.sampled_from(["week", "from", "to", "scope"]), st.text(max_size=60)))
def test_whatever_is_typed_gives_days_or_a_problem(query: dict[str, str]) -> None:
    found = asked(query, CITY, NOW)
    assert 1 <= found.period.days <= LONGEST
    assert found.period.before(8) < found.period


@given(
    begin=st.dates(date(2000, 1, 1), date(2026, 11, 23)),
    days=st.integers(1, LONGEST),
    scope=st.sampled_from(
        [Scope(), Scope(kind=Kind.AREA), Scope(kind=Kind.DEPARTMENT, code="obras públicas & " + "x" * 40)]
    ),
)
def test_an_address_asks_for_what_it_was_made_of(begin: date, days: int, scope: Scope) -> None:
    from yarl import URL

    first = asked({}, CITY, NOW).at(Period(begin=begin, days=days)).of(scope)
    again = asked(dict(URL(first.link("/desk/digest")).query), CITY, NOW)
    assert (again.period, again.scope, dict(again.problems)) == (first.period, first.scope, {})


@pytest.mark.parametrize("now", [datetime(2026, 1, 1, 3, tzinfo=UTC), datetime(2024, 2, 29, 12, tzinfo=UTC), NOW])
def test_every_preset_can_be_shown(now: datetime) -> None:
    for period in presets(now, CITY).values():
        link = asked({}, CITY, now).at(period).days
        assert asked(link, CITY, now).period == period


def test_what_today_is_is_the_citys_own_matter() -> None:
    late_on_sunday = datetime(2026, 11, 23, 3, tzinfo=UTC)  # eleven in the evening in Puerto Vecino
    assert presets(late_on_sunday, CITY)["this_week"] == Period(begin=date(2026, 11, 16))
