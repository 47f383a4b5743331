"""`calendar` and `sla` of config.yml."""

import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings.calendar import read_calendar
from bot.settings.section import open_yaml
from bot.settings.target import read_targets
from tickets.calendar import Calendar, Target, Unit
from tickets.model import Priority
from tickets.target import Targets

ROOT = Path(__file__).parents[2]
LANGUAGES = ("es", "pt", "en", "fr")
LOCALES = {"es": "es_MX", "pt": "pt_BR", "en": "en_US", "fr": "fr_FR"}
YEAR = datetime.now(UTC).year
WEEK = {"opening": {"mon": "08:00-17:00"}}
DAILY = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "08:00-17:00")


def read(**keys: Any) -> tuple[Calendar, list[str]]:
    problems: list[Any] = []
    section = open_yaml(yaml.safe_dump({**WEEK, **keys}), problems)
    return read_calendar(section, "America/Mexico_City", LANGUAGES, LOCALES), [str(problem) for problem in problems]


def days(**keys: Any) -> Mapping[date, Mapping[str, str]]:
    calendar, problems = read(**keys)
    assert problems == []
    return calendar.holidays


def wrong(**keys: Any) -> str:
    _, problems = read(**keys)
    assert len(problems) == 1, problems
    return problems[0]


@pytest.mark.parametrize(
    ("written", "spans"),
    [
        ("08:00-17:00", ((time(8), time(17)),)),
        ("08:00-12:00, 14:00-18:00", ((time(8), time(12)), (time(14), time(18)))),
        ("08:00 - 12:00,12:00-24:00", ((time(8), time(12)), (time(12), time()))),
        ("00:00-24:00", ((time(), time()),)),
    ],
)
def test_a_day_has_one_span_or_several(written: str, spans: tuple[tuple[time, time], ...]) -> None:
    calendar, problems = read(opening={"mon": written, "sat": "09:00-13:00"})
    assert problems == []
    assert calendar.opening == {0: spans, 5: ((time(9), time(13)),)}


@pytest.mark.parametrize(
    "written",
    ["", "08:00", "17:00-08:00", "08:00-08:00", "22:00-00:00", "00:00-00:00", "14:00-18:00, 08:00-12:00",
     "08:00-13:00, 12:00-18:00", "08:00-24:00, 00:00-09:00", "08:00-25:00", "8:00-12:00", "08:00-12:00,", 800],
)  # fmt: skip
def test_spans_that_overlap_go_backwards_or_are_none_are_refused(written: Any) -> None:
    assert "opening: must be a mapping such as {mon: 08:00-17:00" in wrong(opening={"mon": written})


def test_own_days_may_have_a_name_for_all_languages_or_for_some() -> None:
    first, second, third = date(2026, 12, 25), date(2026, 8, 15), date(2026, 6, 24)
    listed = [
        first,
        {"date": second, "name": "Asunción"},
        {"date": third, "name": {"es": "San Juan", "fr": "Saint-Jean"}},
    ]
    assert days(holidays=listed) == {
        first: {},
        second: dict.fromkeys(LANGUAGES, "Asunción"),
        third: {"es": "San Juan", "fr": "Saint-Jean"},
    }


@pytest.mark.parametrize(
    "listed",
    [5, ["Christmas"], [{"date": date(2026, 1, 1)}], [{"date": "soon", "name": "x"}], [{"name": "x"}],
     [{"date": date(2026, 1, 1), "name": ""}], [{"date": date(2026, 1, 1), "name": "a\0b"}],
     [{"date": date(2026, 1, 1), "name": {"de": "Neujahr"}}], [[]]],
)  # fmt: skip
def test_own_days_that_are_none_are_refused(listed: Any) -> None:
    assert "holidays: must be a list of dates" in wrong(holidays=listed)


def test_a_country_brings_its_days_with_their_names_for_the_years_around_now() -> None:
    known = days(country="MX")
    assert known[date(YEAR, 9, 16)]["es"].startswith("Día de la Independencia")
    assert known[date(YEAR, 9, 16)]["en"] == "Independence Day"
    assert "fr" not in known[date(YEAR, 9, 16)]
    assert date(YEAR - 3, 9, 16) in known and date(YEAR + 10, 9, 16) in known
    assert date(YEAR - 4, 9, 16) not in known and date(YEAR + 11, 9, 16) not in known


def test_own_days_come_on_top_and_those_on_which_the_city_works_are_none() -> None:
    feast = {"date": date(YEAR, 9, 16), "name": "Fiesta"}
    known = days(country="MX", opening=DAILY, holidays=[feast, date(YEAR, 9, 15)], working=[date(YEAR, 1, 1)])
    assert known[date(YEAR, 9, 16)] == dict.fromkeys(LANGUAGES, "Fiesta")
    assert date(YEAR, 9, 15) in known
    assert date(YEAR, 1, 1) not in known


def test_a_day_on_which_the_city_works_and_does_not_is_refused() -> None:
    both = date(YEAR, 1, 1)
    assert f"has {both}, and so has `holidays`" in wrong(country="MX", holidays=[both], working=[both])


def test_a_region_brings_days_of_its_own() -> None:
    of_state, of_country = days(country="BR", region="SP"), days(country="BR")
    assert date(YEAR, 7, 9) in of_state
    assert date(YEAR, 7, 9) not in of_country
    assert set(of_country) < set(of_state)


@pytest.mark.parametrize("country", ["AR", "BO", "BR", "CA", "CL", "CO", "CR", "CU", "DO", "EC", "ES", "FR", "GB", "GT",
    "HN", "HT", "MX", "NI", "PA", "PE", "PR", "PT", "PY", "SV", "US", "UY", "VE", "AO", "MZ", "CV", "SN", "CI", "BE",
    "LU", "CH", "MA", "NG", "KE", "IE", "ZA", "AU", "NZ"])  # fmt: skip
def test_countries_of_the_four_languages_are_known_with_names(country: str) -> None:
    known = days(country=country)
    assert date(YEAR, 1, 1) in known
    assert all(known.values()), "each day has its name in some language of the city"


@pytest.mark.parametrize(
    ("keys", "advice"),
    [
        ({"country": "XX"}, 'country: XX is not known; write two letters in quotes (ISO 3166-1) such as "MX"'),
        ({"country": "mx"}, "country: mx is not known"),
        ({"country": "HolidayBase"}, "country: HolidayBase is not known"),
        ({"country": False}, 'country: must be two letters in quotes (ISO 3166-1) such as "MX"'),  # NO, unquoted
        ({"country": "MX", "region": "JAL"}, "region: JAL is not known, nor any other region of MX; remove `region`"),
        ({"country": "BR", "region": "XX"}, "region: XX is none of BR; write one of AC, AL, AM"),
        ({"country": "PT", "region": 1}, "region: must be its code in quotes"),
        ({"region": "SP"}, "country: is missing; write the region's country"),
        ({"working": "2026-01-01"}, "working: must be a list of dates"),
        ({"contry": "MX"}, "contry: is not known here; keys are: country, holidays, opening, region, working"),
    ],
)
def test_a_mistake_is_answered_with_what_to_write(keys: dict[str, Any], advice: str) -> None:
    assert advice in wrong(**keys)


def targets(sla: Any) -> tuple[Target, Targets, list[str]]:
    problems: list[Any] = []
    usual, others = read_targets(open_yaml(yaml.safe_dump({"sla": sla}), problems))
    return usual, others, [str(problem) for problem in problems]


def test_a_target_may_differ_where_it_presses_and_in_an_area() -> None:
    sla = {"days": 5, "urgent": {"days": 2}, "emergency": {"hours": 4}, "areas": {"centro": {"days": 3}}}
    usual, others, problems = targets(sla)
    assert problems == []
    assert usual == Target(amount=5, unit=Unit.DAYS)
    two, four, three = (
        Target(amount=2, unit=Unit.DAYS),
        Target(amount=4, unit=Unit.HOURS),
        Target(amount=3, unit=Unit.DAYS),
    )
    assert [others.of(Priority.NORMAL, area) for area in (None, "puerto", "centro")] == [None, None, three]
    assert [others.of(Priority.URGENT, area) for area in (None, "centro")] == [two, two]  # before the area
    assert others.of(Priority.EMERGENCY, "centro") == four


def test_an_emergency_without_a_target_of_its_own_is_at_least_urgent() -> None:
    _, others, _ = targets({"days": 5, "urgent": {"days": 2}})
    assert others.of(Priority.EMERGENCY, None) == Target(amount=2, unit=Unit.DAYS)
    _, others, _ = targets({"days": 5, "emergency": {"hours": 4}})
    assert others.of(Priority.URGENT, None) is None


@pytest.mark.parametrize(
    "sla",
    [{"urgent": {"days": 1}}, {"days": 5, "hours": 3}, {"days": 5, "normal": {"days": 2}}, {"days": 5, "urgent": 2},
     {"days": 5, "areas": {"centro": 3}}, {"days": 5, "areas": ["centro"]}, {"days": 5, "areas": {1: {"days": 3}}},
     {"days": 5, "emergency": {"hours": 0}}, {"days": True}, {"days": 5, "areas": None}, [], "5 days"],
)  # fmt: skip
def test_a_target_that_is_none_is_refused(sla: Any) -> None:
    *_, problems = targets(sla)
    assert len(problems) == 1
    assert "sla: must be {days: N} or {hours: N}, N from 1 to 1000" in problems[0]


def test_a_day_that_stands_twice_is_named_and_neither_wins_in_silence() -> None:
    problems: list[Any] = []
    section = open_yaml("opening: {mon: 08:00-12:00, mon: 14:00-18:00}", problems)
    read_calendar(section, "America/Mexico_City", LANGUAGES, LOCALES)
    assert [str(problem) for problem in problems] == ["line 1: opening: has `mon` twice; keep one"]


@pytest.mark.parametrize(
    ("keys", "advice"),
    [
        ({"country": "MX", "working": [date(YEAR, 9, 15)]}, f"working: has {YEAR}-09-15, which is no holiday"),
        ({"working": [date(YEAR, 1, 1)]}, f"working: has {YEAR}-01-01, which is no holiday of `country` and `region`"),
    ],
)
def test_a_working_day_that_changes_nothing_is_told(keys: dict[str, Any], advice: str) -> None:
    assert advice in wrong(opening=DAILY, **keys)


def test_a_working_day_on_a_weekday_without_hours_is_told() -> None:
    sunday = next(date(year, 12, 25) for year in range(YEAR, YEAR + 10) if date(year, 12, 25).weekday() == 6)
    assert f"working: has {sunday}, a sun, on which `opening` has no hours" in wrong(country="MX", working=[sunday])


def test_working_days_of_years_long_past_stop_no_start() -> None:
    assert days(country="MX", working=[date(YEAR - 4, 9, 15), date(YEAR + 11, 9, 15)])


def test_a_country_s_days_leave_no_library_behind() -> None:
    """It would take 11 MB of every process for as long as it lives."""
    told = (
        "from bot.settings.country import country; import sys; country('MX', '', {}); print('holidays' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_without_a_child_the_days_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = days(country="BR", region="SP")
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert days(country="BR", region="SP") == expected
