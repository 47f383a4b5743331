"""The invented history is one that could have happened."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as some

from bot.demo.history import History
from bot.demo.hours import WorkingTime
from bot.demo.reports import Report, Reporter, Reports
from bot.demo.spots import Spots
from nlu.places import Gazetteer
from tests.town import CITY
from tickets.calendar import Target, Unit, due_at
from tickets.model import Status, Ticket, Update
from tickets.workflow import CLOSED

assert CITY is not None
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
WEEKS = 20
SAID = {("es", "pothole"): ["hay un bache"]}


def town(seed: int, taken: set[str] | None = None) -> list[tuple[Ticket, list[Update]]]:
    random = Random(seed)
    spots = Spots(CITY, Gazetteer(CITY.areas, CITY.streets, CITY.landmarks), random)
    history = History(CITY, spots, SAID, random, now=NOW, weeks=WEEKS)
    reports = Reports(CITY, random, now=NOW, weeks=WEEKS, taken=taken if taken is not None else set())
    reports.meet(range(1, 50))
    return [history.case(report) for report in reports.of(reports.times(600))]


CASES = town(1)


def test_the_same_seed_makes_the_same_history_and_another_seed_another_one() -> None:
    assert town(1) == CASES
    assert town(2) != CASES


def test_a_history_leads_from_the_filing_to_the_ticket_as_it_is_now() -> None:
    for ticket, history in CASES:
        assert [update.version for update in history] == list(range(1, ticket.version + 1))
        assert history[0].new is Status.RECEIVED and history[0].at == ticket.filed_at
        assert ([update.new for update in history if update.new])[-1] is ticket.status
        assert (ticket.closed_at is not None) == (ticket.status in CLOSED)


def test_nothing_happens_before_the_weeks_begin_or_after_now_or_before_what_comes_first() -> None:
    for ticket, history in CASES:
        times = [update.at for update in history]
        assert times == sorted(times)
        assert NOW - timedelta(weeks=WEEKS) <= times[0] and times[-1] <= NOW
        assert ticket.due_at > ticket.filed_at


def test_clerks_work_in_opening_hours_only() -> None:
    zone = CITY.calendar.zone
    for _, history in CASES:
        for update in (one for one in history if one.actor.name):
            hours = CITY.calendar.hours_on(update.at.astimezone(zone).date())
            assert hours and hours[0] <= update.at <= hours[1] + timedelta(seconds=1)


def test_the_mix_is_that_of_a_city() -> None:
    tickets = [ticket for ticket, _ in CASES]
    closed = [ticket for ticket in tickets if ticket.closed_at]
    in_time = [ticket for ticket in closed if ticket.closed_at and ticket.closed_at <= ticket.due_at]
    assert {ticket.language for ticket in tickets} == set(CITY.languages)
    assert {ticket.service for ticket in tickets} == {service.code for service in CITY.services}
    assert len({ticket.place.area for ticket in tickets}) > len(CITY.areas) / 2
    assert 0.7 < len(closed) / len(tickets) < 0.99
    assert 0.6 < len(in_time) / len(closed) < 0.97


def test_a_number_that_is_given_already_is_not_given_again() -> None:
    taken = {CASES[0][0].number}
    numbers = [ticket.number for ticket, _ in town(1, taken)]
    assert CASES[0][0].number not in numbers
    assert len(set(numbers)) == len(numbers)


@given(hours=some.integers(0, 60 * 24 * 7), amount=some.integers(1, 60))
def test_the_table_of_working_time_agrees_with_the_calendar(hours: int, amount: int) -> None:
    start = NOW - timedelta(weeks=WEEKS) + timedelta(hours=hours / 3)
    table = WorkingTime(CITY.calendar, (NOW - timedelta(weeks=WEEKS + 1)).date(), (NOW + timedelta(days=90)).date())
    due = due_at(start, Target(amount=amount, unit=Unit.HOURS), CITY.calendar)
    assert abs(table.after(start.timestamp(), amount * 3600.0) - due.timestamp()) < 0.001


def test_whoever_writes_in_a_language_without_examples_says_the_name_of_the_service() -> None:
    random = Random(1)
    spots = Spots(CITY, Gazetteer((), (), ()), random)
    history = History(CITY, spots, {}, random, now=NOW, weeks=1)
    someone = Reporter(id=1, channel="simulated_sms", language="fr")
    ticket, _ = history.case(Report(at=NOW.timestamp() - 3600, number="7K3-9QX", reporter=someone))
    assert ticket.description in {service.names["fr"] for service in CITY.services}


def test_people_write_by_day_and_more_on_mondays_than_on_sundays() -> None:
    reports = Reports(CITY, Random(1), now=NOW, weeks=WEEKS, taken=set())
    local = [datetime.fromtimestamp(at, CITY.calendar.zone) for at in reports.times(4000)]
    assert sum(9 <= at.hour < 21 for at in local) > 3 * sum(at.hour < 6 for at in local)
    assert sum(at.weekday() == 0 for at in local) > 1.5 * sum(at.weekday() == 6 for at in local)


def test_a_newcomer_writes_only_once_they_are_known() -> None:
    reports = Reports(CITY, Random(1), now=NOW, weeks=WEEKS, taken=set())
    first = reports.meet([1, 2])
    assert {report.reporter for report in reports.of(reports.times(50))} == set(first)
    reports.meet([3])
    assert {report.reporter.id for report in reports.of(reports.times(50))} == {1, 2, 3}


def test_what_is_promised_for_after_more_than_a_year_is_due_then() -> None:
    target = Target(amount=4000, unit=Unit.HOURS)
    slow = replace(CITY, services=tuple(replace(service, target=target) for service in CITY.services))
    history = History(slow, Spots(slow, Gazetteer((), (), ()), Random(1)), {}, Random(1), now=NOW, weeks=1)
    someone = Reporter(id=1, channel="simulated_sms", language="es")
    ticket, _ = history.case(Report(at=NOW.timestamp() - 3600, number="7K3-9QX", reporter=someone))
    assert ticket.due_at == due_at(NOW - timedelta(hours=1), target, slow.calendar) > NOW + timedelta(days=400)
