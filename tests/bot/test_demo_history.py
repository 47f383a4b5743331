"""The invented history is that of a city: its hours, seasons, storms, offices and places."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random

from hypothesis import given
from hypothesis import strategies as some

from bot.demo.case import Case
from bot.demo.dates import Dates
from bot.demo.departments import Departments
from bot.demo.history import History
from bot.demo.hours import WorkingTime
from bot.demo.reports import Report, Reporter, Reports
from bot.demo.seasons import Seasons
from bot.demo.spots import Spots
from nlu.places import Gazetteer
from tests.town import CITY
from tickets.calendar import Target, Unit, due_at, later, worked
from tickets.city import City
from tickets.model import Priority

assert CITY is not None
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
WEEKS, DAY = 20, 86_400
SAID = {("es", "pothole"): ["hay un bache"]}
NOWHERE = Gazetteer((), (), ())
PLACES = Gazetteer(CITY.areas, CITY.streets, CITY.landmarks)


def town(seed: int, taken: set[str] | None = None, weeks: int = WEEKS, count: int = 600) -> tuple[History, list[Case]]:
    random = Random(seed)
    history = History(CITY, PLACES, SAID, random, now=NOW, weeks=weeks)
    reports = Reports(CITY, history.seasons, random, now=SECONDS, taken=taken if taken is not None else set())
    reports.meet(range(1, 50))
    return history, [history.case(report, range(1, 50)) for report in reports.of(reports.moments(count))]


@cache
def years() -> tuple[History, list[Case]]:
    return town(1, weeks=104, count=12_000)


def rows(seed: int) -> list[object]:
    return [(case.row(), case.updates) for case in town(seed)[1]]


def of(service: str, cases: list[Case]) -> list[Case]:
    return [case for case in cases if case.service == service]


def report(seconds: int, language: str = "es", service: int = 0) -> Report:
    someone = Reporter(id=1, channel="simulated_sms", language=language)
    return Report(at=seconds, service=service, storm=None, number="7K3-9QX", reporter=someone)


def test_the_same_seed_makes_the_same_history_and_another_seed_another_one() -> None:
    assert rows(1) == rows(1)
    assert rows(2) != rows(1)


def test_nothing_happens_before_the_weeks_begin_or_after_now_or_before_what_comes_first() -> None:
    for case in town(1)[1]:
        times = [update[2] for update in case.updates]
        assert times == sorted(times)
        assert (NOW - timedelta(weeks=WEEKS)).timestamp() <= times[0] and times[-1] <= SECONDS
        assert case.due_at > case.filed_at


def test_clerks_work_in_opening_hours_only() -> None:
    zone = CITY.calendar.zone
    for case in town(1)[1]:
        for at in (update[2] for update in case.updates if update[4]):
            moment = datetime.fromtimestamp(at, zone)
            assert any(opens <= moment <= closes for opens, closes in CITY.calendar.sessions_on(moment.date()))


def test_the_mix_is_that_of_a_city() -> None:
    _, cases = years()
    closed = [case for case in cases if case.closed_at]
    in_time = [case for case in closed if case.closed_at and case.closed_at <= (case.first_due_at or case.due_at)]
    assert {case.language for case in cases} == set(CITY.languages)
    assert {case.channel for case in cases} == {"simulated_sms", "simulated_telegram", "simulated_whatsapp"}
    assert {case.service for case in cases} == {service.code for service in CITY.services}
    assert {area.code for area in CITY.areas} <= {case.area for case in cases}
    assert 0.97 < len(closed) / len(cases) < 1
    assert 0.6 < len(in_time) / len(closed) < 0.95
    assert 0.02 < sum(case.reopened > 0 for case in cases) / len(cases) < 0.06
    assert 0.03 < sum(case.latitude is None for case in cases) / len(cases) < 0.12
    assert 0.05 < sum((case.confidence or 1) < 0.6 for case in cases) / len(cases) < 0.15


def test_two_departments_are_slow_and_one_got_better() -> None:
    history, cases = years()
    late, before = Counter[str](), [case for case in cases if SECONDS - case.filed_at > 60 * DAY]
    late.update(case.department for case in before if case.postponed)
    share = {one: late[one] / n for one, n in Counter(case.department for case in before).items()}
    found = history.departments
    usual = [share[one] for one in share if one not in found.slow | found.better]
    assert len(found.slow) == 2 and len(found.better) == 1
    assert min(share[one] for one in found.slow | found.better) > max(usual) + 0.05
    [better] = found.better
    assert found.pace(better, SECONDS) < 1 < found.pace(better, SECONDS - 60 * DAY)


def test_a_city_with_one_department_has_no_slow_one() -> None:
    alone = replace(CITY, departments=CITY.departments[:1])
    found = Departments(alone, Random(1), SECONDS)
    assert found.slow | found.better == set()


def test_lamps_are_reported_in_long_nights_and_water_when_it_rains() -> None:
    _, cases = years()
    month = {
        service: Counter(datetime.fromtimestamp(case.filed_at, UTC).month for case in of(service, cases))
        for service in ("lighting", "water", "noise")
    }
    assert sum(month["lighting"][n] for n in (11, 12, 1)) > 1.3 * sum(month["lighting"][n] for n in (5, 6, 7))
    assert sum(month["water"][n] for n in (8, 9, 10)) > 1.6 * sum(month["water"][n] for n in (2, 3, 4))
    assert sum(month["noise"][n] for n in (8, 9, 10)) < 1.4 * sum(month["noise"][n] for n in (2, 3, 4))


def test_south_of_the_equator_it_is_the_other_way_round() -> None:
    seen = []
    for sign in (1, -1):
        marks = tuple(
            replace(mark, point=replace(mark.point, latitude=sign * abs(mark.point.latitude)))
            for mark in CITY.landmarks
        )
        seasons = Seasons(replace(CITY, landmarks=marks), Random(1), SECONDS - 364 * DAY, SECONDS)
        likely = seasons.likely()
        cells = [seasons.cell(n) for n in range(len(likely))]
        water = next(n for n, service in enumerate(CITY.services) if service.code == "water")
        by_month = Counter[int]()
        for n, cell in enumerate(cells):
            if cell.service == water and cell.storm is None:
                by_month[datetime.fromtimestamp(cell.begin, UTC).month] += round(1000 * (likely[n] - likely[n - 1]))
        seen.append(by_month[9] > by_month[3])
    assert seen == [True, False]


def test_a_storm_brings_many_times_as_much_of_what_it_breaks_and_most_from_where_it_is_worst() -> None:
    history, cases = years()
    storms = history.seasons.storms
    hours = sum(storm.end - storm.begin for storm in storms) / 3600
    wet = [case for case in cases if case.service in ("water", "tree", "lighting")]
    inside = [(case, storm) for case in wet for storm in storms if storm.begin <= case.filed_at < storm.end]
    usual = (len(wet) - len(inside)) / (104 * 168 - hours)
    assert len(storms) > 5 and all(DAY <= storm.end - storm.begin <= 2 * DAY for storm in storms)
    assert len(inside) / hours > 3 * usual
    assert sum(case.area in storm.areas for case, storm in inside) > 0.6 * len(inside)
    assert any(SECONDS - storm.begin < 42 * DAY for storm in storms)


def test_reports_of_a_week_pile_up_at_some_spot() -> None:
    _, cases = town(1, weeks=1, count=1000)
    here = Counter((case.service, case.street, case.place_words) for case in cases if case.street)
    assert here.most_common(1)[0][1] >= 4


def test_a_number_that_is_given_already_is_not_given_again() -> None:
    first = town(1)[1][0].number
    numbers = [case.number for case in town(1, {first})[1]]
    assert first not in numbers
    assert len(set(numbers)) == len(numbers)


TABLE = WorkingTime(CITY.calendar, (NOW - timedelta(weeks=WEEKS + 1)).date(), (NOW + timedelta(days=90)).date())


@given(hours=some.integers(0, 60 * 24 * 7), amount=some.integers(1, 60))
def test_the_table_of_working_time_agrees_with_the_calendar(hours: int, amount: int) -> None:
    start = NOW - timedelta(weeks=WEEKS) + timedelta(hours=hours // 3)
    due = due_at(start, Target(amount=amount, unit=Unit.HOURS), CITY.calendar)
    assert TABLE.after(int(start.timestamp()), amount * 3600) == int(due.timestamp())


DATES = Dates(CITY, NOW - timedelta(weeks=WEEKS), NOW)


@given(
    back=some.integers(0, WEEKS * 7 * DAY), more=some.integers(0, 900 * DAY), service=some.sampled_from(CITY.services)
)
def test_dates_are_those_of_the_calendar(back: int, more: int, service: object) -> None:
    at = SECONDS - back
    then = datetime.fromtimestamp(at, UTC)
    for service in CITY.services:
        due = due_at(then, service.target_for(Priority.NORMAL, None), CITY.calendar)
        assert DATES.due(service.code, "normal", None, at) == int(due.timestamp())
    span = timedelta(seconds=more // 10)
    assert DATES.later(at, more // 10) == int(later(then, span, CITY.calendar).timestamp())
    until = min(SECONDS, at + more)
    assert DATES.worked(at, until) == worked(then, datetime.fromtimestamp(until, UTC), CITY.calendar).total_seconds()


def test_whoever_writes_in_a_language_without_examples_says_the_name_of_the_service() -> None:
    history = History(CITY, NOWHERE, {}, Random(1), now=NOW, weeks=1)
    case = history.case(report(SECONDS - 3600, "fr"))
    assert case.description in {service.names["fr"] for service in CITY.services}


def test_people_write_by_day_and_more_on_mondays_than_on_sundays() -> None:
    _, cases = years()
    local = [datetime.fromtimestamp(case.filed_at, CITY.calendar.zone) for case in cases]
    assert sum(9 <= at.hour < 21 for at in local) > 3 * sum(at.hour < 6 for at in local)
    assert sum(at.weekday() == 0 for at in local) > 1.5 * sum(at.weekday() == 6 for at in local)


def test_on_holidays_people_write_less() -> None:
    day = (NOW - timedelta(days=12)).date()  # a Wednesday
    holidays = {**CITY.calendar.holidays, day: {}}
    city = replace(CITY, calendar=replace(CITY.calendar, holidays=holidays))
    brought = []
    for one in (CITY, city):
        seasons = Seasons(one, Random(1), SECONDS - 28 * DAY, SECONDS)
        likely = seasons.likely()
        begins = [seasons.cell(n).begin for n in range(len(likely))]
        local = [datetime.fromtimestamp(begin, CITY.calendar.zone).date() for begin in begins]
        brought.append(sum(likely[n] - likely[n - 1] for n, at in enumerate(local) if at == day))
    assert brought[1] < 0.6 * brought[0]


def test_a_newcomer_writes_only_once_they_are_known() -> None:
    seasons = Seasons(CITY, Random(1), SECONDS - 28 * DAY, SECONDS)
    reports = Reports(CITY, seasons, Random(1), now=SECONDS, taken=set())
    first = reports.meet([1, 2])
    assert {one.reporter for one in reports.of(reports.moments(50))} == set(first)
    assert set(reports.some(50)) == {1, 2}
    reports.meet([3])
    assert {one.reporter.id for one in reports.of(reports.moments(50))} == {1, 2, 3}


def test_what_is_promised_for_after_more_than_a_year_is_due_then() -> None:
    target = Target(amount=4000, unit=Unit.HOURS)
    slow = replace(CITY, services=tuple(replace(service, target=target) for service in CITY.services))
    history = History(slow, NOWHERE, {}, Random(1), now=NOW, weeks=1)
    case = history.case(report(SECONDS - 3600))
    due = due_at(NOW - timedelta(hours=1), target, slow.calendar)
    assert case.due_at == int(due.timestamp()) > SECONDS + 400 * DAY


def test_a_town_without_streets_and_areas_has_a_history_too() -> None:
    bare: City = replace(CITY, areas=(), streets=(), landmarks=())
    history = History(bare, NOWHERE, {}, Random(1), now=NOW, weeks=3)
    reports = Reports(bare, history.seasons, Random(1), now=SECONDS, taken=set())
    reports.meet([1])
    cases = [history.case(one, [1]) for one in reports.of(reports.moments(300))]
    assert len(cases) == 300 and all(case.street is None and case.area is None for case in cases)


def test_words_of_a_place_follow_the_language() -> None:
    spots = Spots(CITY, PLACES, Random(1))
    english = [spots.any("en", Random(n)) for n in range(60)]
    spanish = [spots.any("es", Random(n)) for n in range(60)]
    assert any(where.street and where.words[0].isdigit() for where in english)
    assert any(where.street and where.words[-1].isdigit() for where in spanish)
