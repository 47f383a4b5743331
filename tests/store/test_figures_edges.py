"""Weeks that make trouble: none before, none at all, an hour more or less, the year's end, rows and names gone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from bot.ports import Closure
from store.database import Database
from store.tables import outbox
from store.tables import tickets as ticket_rows
from tests.store.histories import CLERK, HOUR, written
from tests.store.recount import Message, Town
from tests.store.samples import ticket
from tests.store.test_figures import behind, digest
from tests.town import CITY
from tickets.figures import BEFORE, Digest, Figure, Kind, Scope, Slice, Source
from tickets.model import CITIZEN, Place, Point, Status, Ticket, Update
from tickets.period import Period, week
from tickets.workflow import filed, move, postpone, reopen

WEEK = week("2026-W47")
BEGIN, END = WEEK.instants(CITY.calendar.zone)
AFTER = END + timedelta(days=400)
_THEN = BEGIN - 5000 * HOUR
LONG_AGO = Closure(number="A", citizen=2, resolved_at=_THEN, due=None, asked_at=_THEN)  # questions reach back


def fresh(number: str, at: datetime = BEGIN + 5 * HOUR, **values: object) -> tuple[Ticket, list[Update]]:
    one = ticket(number, 1, filed_at=at, **{"due_at": at + 48 * HOUR, **values})
    return one, [filed(one, actor=CITIZEN)]


def moved(case: tuple[Ticket, list[Update]], to: Status, at: datetime, **more: datetime) -> tuple[Ticket, list[Update]]:
    one, change = move(case[0], to, CITY.calendar, actor=CLERK, at=at, note="so", **more)
    return one, [*case[1], change]


def counts(found: Digest, *figures: Figure) -> Sequence[int | None]:
    return [found.whole.now.count(figure) for figure in figures]


async def test_an_empty_city_has_nothing_to_tell_and_nothing_missing(database: Database) -> None:
    found = await digest(database, WEEK)
    assert set(found.whole.now.counts.values()) == {0} and set(found.whole.now.counts) == set(Figure)
    assert (found.whole.before, found.parts, found.clusters, found.oldest) == ((None,) * BEFORE, (), (), ())
    assert (found.ages, found.services, found.missing) == ((0, 0, 0, 0), {}, ())
    assert found.whole.now.answer is found.whole.now.satisfaction is found.whole.now.on_time is None
    assert await behind(database, Figure.OPEN, WEEK) == ([], 0)


async def test_the_first_week_has_nothing_before_it_and_the_next_one_has_it(database: Database) -> None:
    await written(database, Town(cases=[fresh("A")]))
    first, second = await digest(database, WEEK), await digest(database, WEEK.before(-1))
    assert first.whole.before == (None,) * BEFORE and counts(first, Figure.FILED, Figure.OPEN) == [1, 1]
    assert second.whole.before[:-1] == (None,) * (BEFORE - 1) and second.whole.before[-1] == first.whole.now


async def test_an_empty_week_between_others_is_told_with_zeros(database: Database) -> None:
    await written(
        database, Town(cases=[moved(fresh("A", BEGIN - 90 * 24 * HOUR), Status.RESOLVED, BEGIN - 1000 * HOUR)])
    )
    found = await digest(database, WEEK)
    assert set(found.whole.now.counts.values()) == {0} and None not in found.whole.before


@pytest.mark.parametrize(
    ("zone", "monday", "hours"),
    [
        ("America/New_York", date(2026, 10, 26), 169),  # Sunday, 1 November has 25 hours
        ("America/New_York", date(2026, 3, 2), 167),  # Sunday, 8 March has 23
        ("America/Puerto_Rico", date(2026, 10, 26), 168),
        ("America/Asuncion", date(2024, 9, 30), 167),  # midnight itself is skipped on Sunday
    ],
)
async def test_a_week_across_a_clock_change_has_an_hour_more_or_less(
    database: Database, zone: str, monday: date, hours: int
) -> None:
    city = replace(CITY, calendar=replace(CITY.calendar, timezone=zone))
    begin = datetime(monday.year, monday.month, monday.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    inside = [begin, begin + hours * HOUR - timedelta(microseconds=1)]
    outside = [begin - timedelta(microseconds=1), begin + hours * HOUR]
    await written(database, Town(cases=[fresh(f"T{n}", at) for n, at in enumerate([*inside, *outside])]))
    async with database.view() as view:
        found = await view.statistics.digest(city, Period(begin=monday), Scope(), AFTER)
    assert counts(found, Figure.FILED, Figure.OPEN) == [2, 3]


async def test_week_53_lies_between_52_and_1(database: Database) -> None:
    last = week("2026-W53")
    assert last.before().week == "2026-W52" and last.before(-1).week == "2027-W01"
    begin, end = last.instants(CITY.calendar.zone)
    cases = [fresh("A", begin), fresh("B", end - HOUR), fresh("C", end), fresh("D", begin - HOUR)]
    await written(database, Town(cases=cases))
    assert counts(await digest(database, last), Figure.FILED) == [2]
    assert {one.number for one in (await behind(database, Figure.FILED, week("2027-W01")))[0]} == {"C"}


async def test_services_departments_and_areas_that_the_city_has_no_more_are_told_by_their_codes(
    database: Database,
) -> None:
    away = Place(words="", area="redrawn", point=Point(latitude=1.0, longitude=1.0))
    cases = [fresh("A", service="horse_trams", department="abolished", place=away), fresh("B", place=Place())]
    await written(database, Town(cases=cases))
    found = await digest(database, WEEK)
    assert found.services == {"horse_trams": 1, "pothole": 1}
    scopes = [part.scope for part in found.parts]
    assert Scope(kind=Kind.DEPARTMENT, code="abolished") in scopes and Scope(kind=Kind.AREA, code="redrawn") in scopes
    assert scopes[-1] == Scope(kind=Kind.AREA, code="")  # what lies in no area is last
    assert counts(found, Figure.UNLOCATED) == [1]


async def test_a_report_that_a_clock_set_back_puts_into_the_future_does_not_exist_yet(database: Database) -> None:
    now = BEGIN + 24 * HOUR
    await written(database, Town(cases=[fresh("A", now + HOUR), fresh("B", now)]))
    found = await digest(database, WEEK, now=now)
    assert counts(found, Figure.FILED, Figure.OPEN) == [1, 1]  # what happens just now has happened
    assert [old.number for old in found.oldest] == ["B"]
    assert counts(await digest(database, WEEK, now=now + HOUR), Figure.FILED) == [2]


async def test_hours_are_never_negative_though_a_clock_was_set_back(database: Database) -> None:
    await written(database, Town(cases=[moved(fresh("A"), Status.RESOLVED, BEGIN + HOUR)]))
    now = (await digest(database, WEEK)).whole.now
    assert now.answer and now.resolution and (now.answer.median, now.resolution.p90) == (0.0, 0.0)


async def test_a_week_that_has_not_begun_is_empty_but_for_what_is_open(database: Database) -> None:
    await written(database, Town(cases=[fresh("A", BEGIN - 100 * HOUR)]))
    found = await digest(database, WEEK, now=BEGIN - 60 * HOUR)
    assert counts(found, Figure.FILED, Figure.DUE, Figure.OPEN, Figure.LATE) == [0, 0, 1, 0]


async def test_rows_that_no_key_opens_are_counted_but_not_listed(database: Database) -> None:
    await written(database, Town(cases=[fresh("A"), fresh("B")]))
    async with database.work() as work:
        spoilt = update(ticket_rows).where(ticket_rows.c.number == "A").values(description=b"nothing that opens")
        await work._tx.execute(spoilt)
        await work.commit()
    assert counts(await digest(database, WEEK), Figure.OPEN) == [2]
    rows, total = await behind(database, Figure.OPEN, WEEK)
    assert ([one.number for one in rows], total) == (["B"], 2)


async def test_the_same_week_asked_for_again_tells_what_it_told_at_its_end(database: Database) -> None:
    """Whatever is closed, opened again, postponed, answered or joined since."""
    closed = moved(fresh("A", BEGIN - 300 * HOUR), Status.RESOLVED, BEGIN + HOUR)
    cases = [
        closed, fresh("B", due_at=END + HOUR), moved(fresh("C"), Status.WAITING, BEGIN + 20 * HOUR), fresh("D"),
        moved(fresh("E", due_at=BEGIN + 90 * HOUR), Status.RESOLVED, BEGIN + 60 * HOUR),
    ]  # fmt: skip
    await written(database, Town(cases=cases, closures=[LONG_AGO]))
    then = await digest(database, WEEK, now=END)
    later = END + 100 * HOUR
    again, note = reopen(closed[0], at=later, due=later + 500 * HOUR)
    dated, told = postpone(cases[1][0], later + 90 * HOUR, at=later)
    anew, said = reopen(cases[4][0], at=later, due=later + 300 * HOUR)
    changed = [
        (again, [*closed[1], note]), (dated, [*cases[1][1], told]), moved(cases[2], Status.TRIAGED, later),
        moved(moved(cases[3], Status.DECLINED, later), Status.TRIAGED, later + HOUR), (anew, [*cases[4][1], said]),
    ]  # fmt: skip
    await written(database, Town(cases=changed, closures=[LONG_AGO]))
    now = await digest(database, WEEK, now=AFTER)
    assert replace(now, made_at=then.made_at) == then
    assert counts(then, Figure.CLOSED, Figure.OPEN, Figure.DUE, Figure.ON_TIME, Figure.LATE) == [2, 3, 2, 1, 1]


QUESTIONS = (Figure.ASKED, Figure.CONFIRMED, Figure.DISPUTED, Figure.UNANSWERED, Figure.REOPENED)


def asked(hours: int, answer: str | None, *, unasked: bool = False) -> Closure:
    """Of the resolution so many hours after the week's begin."""
    at = BEGIN + hours * HOUR
    return Closure(number="A", citizen=1, resolved_at=at, due=None, asked_at=None if unasked else at, answer=answer)


def reopened(case: tuple[Ticket, list[Update]], at: datetime) -> tuple[Ticket, list[Update]]:
    one, note = reopen(case[0], at=at)
    return one, [*case[1], note]


async def test_each_resolution_s_question_counts_in_its_own_week_whatever_came_later(database: Database) -> None:
    case = fresh("A", BEGIN - 9 * HOUR)
    for hours in (10, 200, 400):  # resolved in three weeks, and opened again twice
        case = moved(case, Status.RESOLVED, BEGIN + hours * HOUR)
        case = reopened(case, BEGIN + (hours + 5) * HOUR) if hours < 400 else case
    rows = [asked(10, "no"), asked(200, "yes"), asked(400, None)]
    await written(database, Town(cases=[case], closures=rows))
    weeks = [counts(await digest(database, WEEK.before(-n)), *QUESTIONS) for n in range(3)]
    assert weeks == [[1, 0, 1, 0, 1], [1, 1, 0, 0, 1], [1, 0, 0, 1, 0]]


async def test_a_no_that_nobody_asked_for_opens_it_again_and_is_no_answer_to_a_question(database: Database) -> None:
    case = reopened(moved(fresh("A"), Status.RESOLVED, BEGIN + 10 * HOUR), BEGIN + 20 * HOUR)
    case = moved(case, Status.RESOLVED, BEGIN + 30 * HOUR)
    await written(database, Town(cases=[case], closures=[asked(10, "no", unasked=True), asked(30, None)]))
    assert counts(await digest(database, WEEK), *QUESTIONS) == [1, 0, 0, 1, 1]


async def test_what_waits_for_its_citizen_is_not_late_also_where_its_date_was_missed_before(
    database: Database,
) -> None:
    """Nor once the week is counted again, when it waits no more."""
    late = fresh("A", BEGIN - 200 * HOUR, due_at=BEGIN - 100 * HOUR)
    dated, told = postpone(late[0], BEGIN + 500 * HOUR, at=BEGIN - 99 * HOUR)
    waits = moved((dated, [*late[1], told]), Status.WAITING, BEGIN + 20 * HOUR)
    await written(database, Town(cases=[waits]))
    figures = (Figure.OPEN, Figure.LATE)
    assert counts(await digest(database, WEEK.before()), *figures) == [1, 1]
    then = await digest(database, WEEK, now=END)
    assert counts(then, *figures) == [1, 0] and not then.oldest[0].late(END)
    await written(database, Town(cases=[moved(waits, Status.IN_PROGRESS, END + HOUR)]))
    now = await digest(database, WEEK, now=AFTER)
    assert replace(now, made_at=then.made_at) == then
    assert (await behind(database, Figure.LATE, WEEK))[1] == 0
    assert counts(await digest(database, WEEK.before(-1)), *figures) == [1, 1]


async def test_what_nobody_was_asked_is_not_known_and_not_zero(database: Database) -> None:
    """Tickets that came from elsewhere were resolved without our asking whether they are fixed."""
    await written(database, Town(cases=[moved(fresh("A"), Status.RESOLVED, BEGIN + 10 * HOUR)]))
    found = await digest(database, WEEK)
    assert found.missing == (Source.CLOSURES,)
    assert counts(found, Figure.ASKED, Figure.UNANSWERED, Figure.UNDELIVERED, Figure.RATED) == [None, None, 0, 0]
    assert await behind(database, Figure.ASKED, WEEK) == ([], 0)


async def test_where_the_outbox_does_not_reach_back_nobody_says_that_all_arrived(database: Database) -> None:
    await written(database, Town(cases=[fresh("A", BEGIN - 400 * 24 * HOUR), fresh("B")]))
    async with database.work() as work:
        await work._tx.execute(_first_message(END - HOUR))
        await work.commit()
    found, next_one = await digest(database, WEEK), await digest(database, WEEK.before(-1))
    assert found.missing == (Source.OUTBOX,) and counts(found, Figure.UNDELIVERED) == [None]
    assert next_one.missing == () and counts(next_one, Figure.UNDELIVERED) == [0]


async def test_a_message_that_was_sent_again_did_not_fail_for_good(database: Database) -> None:
    lost = [Message(number="A", queued_at=BEGIN + n * HOUR, failed=True, again=n > 2) for n in range(4)]
    await written(database, Town(cases=[fresh("A")], messages=lost))
    assert counts(await digest(database, WEEK), Figure.UNDELIVERED) == [3]
    assert [one.number for one in (await behind(database, Figure.UNDELIVERED, WEEK))[0]] == ["A"]


async def test_three_reports_of_a_service_in_a_street_or_near_by_are_a_cluster(database: Database) -> None:
    street, pins = Place(street="Avenida Bolívar", area="centro"), [18.40000, 18.40050, 18.40100, 18.41]
    cases = [fresh(f"S{n}", place=street) for n in range(4)]
    cases += [fresh(f"P{n}", place=Place(point=Point(latitude=at, longitude=-66.1))) for n, at in enumerate(pins)]
    cases += [fresh(f"W{n}", place=street, service="water") for n in range(2)]
    cases[0] = moved(cases[0], Status.RESOLVED, BEGIN + 50 * HOUR)
    await written(database, Town(cases=cases))
    found = [(one.service, one.street, one.filed, one.open) for one in (await digest(database, WEEK)).clusters]
    assert found == [("pothole", "Avenida Bolívar", 4, 3), ("pothole", None, 3, 3)]
    only = Slice(part=Scope(kind=Kind.AREA, code="centro"), service="pothole", street="Avenida Bolívar")
    assert (await behind(database, Figure.FILED, WEEK, only=only))[1] == 4


def _first_message(at: datetime):
    return update(outbox).where(outbox.c.id == 1).values(queued_at=at)
