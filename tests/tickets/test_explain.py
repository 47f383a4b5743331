"""Why a ticket is due when it is: the explanation always counts up to the very date, or says that it cannot."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from tests.samples import TICKET
from tests.town import CITY as TOWN
from tickets.calendar import Calendar, Target, Unit, due_at, later
from tickets.city import City
from tickets.explain import Explanation, Since, explain
from tickets.model import CITIZEN, Actor, Author, Place, Priority, Status, Ticket, Update
from tickets.promise import new_date, stood, urgent_date
from tickets.target import Targets
from tickets.workflow import change_service, correct, filed, follow, move, postpone, reopen

CLERK = Actor(author=Author.CLERK, name="rosa")
CALENDAR = Calendar(
    timezone="Europe/Lisbon",
    opening={day: ((time(8), time(12)), (time(14), time(18))) for day in range(5)},
    holidays={date(2026, 4, 3): {"pt": "Sexta-feira Santa"}, date(2026, 4, 6): {"en": "Easter Monday"}},
)
POTHOLE = replace(
    next(one for one in TOWN.services if one.code == "pothole"),
    target=Target(amount=5, unit=Unit.DAYS),
    targets=Targets(
        priorities={Priority.URGENT: Target(amount=6, unit=Unit.HOURS)},
        areas={"centro": Target(amount=3, unit=Unit.DAYS)},
    ),
)
TREE = next(one for one in TOWN.services if one.code == "tree")
CITY: City = replace(TOWN, calendar=CALENDAR, services=(POTHOLE, TREE))


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=CALENDAR.zone)


FILED = local(2026, 4, 1, 10)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Steps = tuple[Ticket, list[Update]]


def report(area: str | None = None) -> Steps:
    due = due_at(FILED, POTHOLE.target_for(Priority.NORMAL, area), CALENDAR)
    ticket = replace(TICKET, place=replace(TICKET.place, area=area), filed_at=FILED, due_at=due)
    return ticket, [filed(ticket, actor=CITIZEN)]


def waits(steps: Steps, begin: datetime, end: datetime | None = None) -> Steps:
    ticket, history = steps
    ticket, update = move(ticket, Status.WAITING, CALENDAR, actor=CLERK, at=begin)
    history = [*history, update]
    if end is None:
        return ticket, history
    ticket, update = move(ticket, Status.IN_PROGRESS, CALENDAR, actor=CLERK, at=end)
    return ticket, [*history, update]


def counts_up(told: Explanation, ticket: Ticket) -> bool:
    assert told.target
    return later(due_at(told.start, told.target, CALENDAR), told.stood, CALENDAR) == ticket.due_at


def told_of(steps: tuple[Ticket, Sequence[Update]]) -> Explanation:
    told = explain(*steps, CITY)
    assert counts_up(told, steps[0])
    return told


def test_from_filing_over_two_holidays() -> None:
    told = told_of(report())
    assert (told.since, told.start, told.target) == (Since.FILED, FILED, POTHOLE.target)
    assert [day for day, _ in told.closed] == [date(2026, 4, 3), date(2026, 4, 6)]
    assert (told.stood, told.stands) == (timedelta(), None)


def test_by_the_target_of_its_area() -> None:
    assert told_of(report("centro")).target == Target(amount=3, unit=Unit.DAYS)


def test_without_the_time_for_which_it_waited() -> None:
    told = told_of(waits(report(), local(2026, 4, 1, 11), local(2026, 4, 2, 15)))
    assert told.stood == 10 * HOUR  # the last of the morning, an afternoon, a morning and an hour
    waiting = waits(waits(report(), local(2026, 4, 1, 11), local(2026, 4, 2, 15)), local(2026, 4, 7, 9))
    told = told_of(waiting)
    assert (told.stood, told.stands) == (10 * HOUR, local(2026, 4, 7, 9))


def test_from_when_it_became_urgent_and_that_is_sooner() -> None:
    ticket, history = report()
    at = local(2026, 4, 2, 10)
    ticket, update = follow(ticket, at=at, note="", urgent_from=1, due=urgent_date(ticket, CITY, at))
    assert ticket.due_at == local(2026, 4, 2, 18)
    told = told_of((ticket, [*history, update]))
    assert (told.since, told.start, told.target) == (Since.URGENT, at, Target(amount=6, unit=Unit.HOURS))


def test_who_becomes_urgent_when_it_is_nearly_due_keeps_its_date() -> None:
    ticket, history = report()
    at = ticket.due_at - HOUR
    ticket, update = follow(ticket, at=at, note="", urgent_from=1, due=urgent_date(ticket, CITY, at))
    assert (ticket.priority, ticket.due_at) == (Priority.URGENT, report()[0].due_at)
    told = told_of((ticket, [*history, update]))
    assert (told.since, told.target) == (Since.FILED, POTHOLE.target)


def test_who_becomes_urgent_while_it_waits_has_all_of_its_time_afterwards() -> None:
    ticket, history = waits(report(), local(2026, 4, 1, 11))
    at = local(2026, 4, 2, 9)
    ticket, update = follow(ticket, at=at, note="", urgent_from=1, due=urgent_date(ticket, CITY, at))
    ticket, gone_on = move(ticket, Status.IN_PROGRESS, CALENDAR, actor=CLERK, at=local(2026, 4, 7, 8))
    assert ticket.due_at == local(2026, 4, 7, 16)
    assert told_of((ticket, [*history, update, gone_on])).since is Since.URGENT


@pytest.mark.parametrize("by", ["clerk", "citizen"])
def test_after_a_correction_from_filing_on_and_without_the_waits_before_it(by: str) -> None:
    ticket, history = waits(report(), local(2026, 4, 1, 11), local(2026, 4, 2, 15))
    waited, at = stood(history, CALENDAR), local(2026, 4, 2, 16)
    ticket, update = (
        change_service(ticket, TREE, CALENDAR, actor=CLERK, at=at, stood=waited)
        if by == "clerk"
        else correct(ticket, CALENDAR, service=TREE, actor=CITIZEN, at=at, stood=waited)
    )
    told = told_of((ticket, [*history, update]))
    assert (told.since, told.start, told.stood) == (Since.CORRECTED, FILED, 10 * HOUR)


@pytest.mark.parametrize("by", ["clerk", "citizen"])
def test_after_a_correction_that_came_late_from_then_on(by: str) -> None:
    """Nobody hears that a date was missed which they were never told."""
    ticket, history = report()
    at = FILED + 60 * DAY
    ticket, update = (
        change_service(ticket, TREE, CALENDAR, actor=CLERK, at=at)
        if by == "clerk"
        else correct(ticket, CALENDAR, service=TREE, actor=CITIZEN, at=at)
    )
    assert ticket.due_at > at
    told = told_of((ticket, [*history, update]))
    assert (told.since, told.start, told.closed) == (Since.CORRECTED, at, ())


def test_a_place_in_another_area_has_another_date() -> None:
    ticket, history = report()
    ticket, update = correct(
        ticket, CALENDAR, service=POTHOLE, place=Place(words="plaza", area="centro"), actor=CITIZEN, at=FILED + HOUR
    )
    assert ticket.due_at == report("centro")[0].due_at
    assert told_of((ticket, [*history, update])).since is Since.CORRECTED


def test_after_a_missed_date_and_after_it_was_opened_again() -> None:
    ticket, history = report()
    at = ticket.due_at + HOUR
    ticket, update = postpone(ticket, new_date(ticket, CITY, at), at=at)
    history = [*history, update]
    told = told_of((ticket, history))
    assert (told.since, told.start) == (Since.POSTPONED, at)
    ticket, done = move(ticket, Status.RESOLVED, CALENDAR, actor=CLERK, at=at + HOUR)
    ticket, again = reopen(ticket, at=at + 3 * DAY, due=new_date(ticket, CITY, at + 3 * DAY))
    told = told_of((ticket, [*history, done, again]))
    assert (told.since, told.start) == (Since.REOPENED, at + 3 * DAY)
    told = told_of(waits((ticket, [*history, done, again]), at + 4 * DAY, at + 6 * DAY))
    assert told.since is Since.REOPENED
    assert told.stood > timedelta()


def test_where_the_rules_are_others_by_now_nothing_is_made_up() -> None:
    ticket, history = report()
    other = replace(CITY, services=(replace(POTHOLE, target=Target(amount=9, unit=Unit.DAYS)),))
    for city in (other, replace(CITY, services=())):
        told = explain(ticket, history, city)
        assert (told.since, told.start, told.target, told.closed) == (Since.FILED, FILED, None, ())
    assert explain(ticket, (), CITY).target == POTHOLE.target
