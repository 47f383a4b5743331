"""An invented history is what the workflow would have made of the same steps, and what its tables would hold."""

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as some

from bot.demo.case import LAYOUT, Case
from bot.demo.failures import Failures
from bot.demo.making import rows
from bot.i18n import Words
from store.tables import metadata
from tests.invented import NOW, cases, invented, ticket_of, update_of
from tests.town import CITY
from tickets.calendar import Target, Unit
from tickets.city import City
from tickets.model import CITIZEN, Actor, Author, Event, Field, Priority, Status, Ticket, Update
from tickets.promise import new_date, urgent_date
from tickets.target import Targets
from tickets.workflow import CLOSED, comment, confirm, filed, follow, leave, move, postpone, rated, reopen

assert CITY is not None
CLERK = Actor(author=Author.CLERK, name="demo")


def begun(case: Case, city: City) -> Ticket:
    """The ticket as it was filed: by its row, without what came later."""
    found = ticket_of(case)
    rose = any(change.field is Field.PRIORITY for row in case.updates for change in row[10] or ())
    first = replace(
        found, version=1, status=Status.RECEIVED, priority=Priority.NORMAL if rose else found.priority, followers=0,
        reopened=0, postponed=0, closed_at=None, first_due_at=None, waiting_since=None, answered_at=None,
    )  # fmt: skip
    return replace(first, due_at=new_date(first, city, found.filed_at))


def again(ticket: Ticket, update: Update, city: City) -> tuple[Ticket, Update]:
    """The same step by the workflow."""
    due, note = new_date(ticket, city, update.at), update.note
    match update.event:
        case Event.MOVED:
            assert update.new
            opens = due if ticket.status in CLOSED else None
            return move(ticket, update.new, city.calendar, actor=CLERK, at=update.at, note=note, due=opens)
        case Event.COMMENTED:
            return comment(ticket, actor=CITIZEN, at=update.at, note=note, public=False)
        case Event.FOLLOWED:
            urgent = urgent_date(ticket, city, update.at)
            return follow(ticket, at=update.at, note=note, urgent_from=city.talk.urgent_from, due=urgent)
        case Event.LEFT:
            return leave(ticket, at=update.at)
        case Event.POSTPONED:
            assert ticket.status is not Status.WAITING and ticket.due_at < update.at
            return postpone(ticket, due, at=update.at)
        case Event.REOPENED:
            return reopen(ticket, at=update.at, due=due)
        case Event.CONFIRMED:
            return confirm(ticket, at=update.at, note=note)
        case _:
            assert update.event is Event.RATED
            return rated(ticket, at=update.at, note=note)


def without_citizen(update: Update) -> Update:
    """`bot/record.py` writes who it was, beside what the workflow makes."""
    return replace(update, citizen=None)


@settings(max_examples=12, deadline=None)
@given(seed=some.integers(0, 10**6), weeks=some.sampled_from([1, 3, 30, 104]))
def test_each_history_is_what_the_workflow_makes_of_the_same_steps(seed: int, weeks: int) -> None:
    for case in cases(seed, weeks, 250):
        replay(case, CITY)


def test_it_is_so_where_promises_differ_by_priority_and_area() -> None:
    soon, later = Target(amount=4, unit=Unit.HOURS), Target(amount=7, unit=Unit.DAYS)
    targets = Targets(priorities={Priority.URGENT: soon}, areas={CITY.areas[0].code: later})
    city = replace(
        CITY, services=tuple(replace(service, targets=targets) for service in CITY.services),
        talk=replace(CITY.talk, urgent_from=2),
    )  # fmt: skip
    made = invented(city, 1, 30, 1500)
    assert any(change.field is Field.PRIORITY for case in made for row in case.updates for change in row[10] or ())
    for case in made:
        replay(case, city)


def replay(case: Case, city: City) -> None:
    ticket = begun(case, city)
    first, *later = [update_of(row) for row in case.updates]
    assert first == filed(ticket, actor=CITIZEN)
    for update in later:
        ticket, made = again(ticket, update, city)
        assert made == without_citizen(update)
    assert ticket == ticket_of(case)
    assert case.changed_at == case.updates[-1][2]


# What the invented clerks do not do: they move tickets, and leave the desk's other acts alone.
DESK = frozenset({
    Event.ASSIGNED, Event.RERANKED, Event.ANSWERED, Event.LINKED, Event.UNLINKED, Event.MERGED, Event.UNMERGED,
    Event.SPLIT, Event.REFERRED, Event.RETURNED, Event.UNDONE, Event.RETOLD, Event.CLAIMED,
    Event.CLEARED, Event.HELD, Event.RELEASED, Event.TRIMMED,
})  # fmt: skip
EVENTS = {*Event} - {Event.CORRECTED, Event.ERASED} - DESK


def test_all_that_can_happen_happens() -> None:
    found = {update_of(row).event for case in cases(1, 30, 3000) for row in case.updates}
    assert found == EVENTS


def test_whoever_did_something_is_named_in_its_row_alone() -> None:
    theirs = {Event.FOLLOWED, Event.LEFT, Event.REOPENED, Event.CONFIRMED, Event.RATED, Event.COMMENTED}
    for update in (update_of(row) for case in cases(1, 30) for row in case.updates):
        assert (update.citizen is not None) == (update.event in theirs)


def test_followers_are_counted_as_they_stand_in_their_table() -> None:
    made = cases(1, 30, 3000)
    found = rows(made)["followers"]
    assert len(found) == sum(case.followers for case in made) > 100
    assert all(case.reporter not in case.neighbours for case in made)
    for case in made:
        joined = {u.citizen for row in case.updates if (u := update_of(row)).event is Event.FOLLOWED}
        left = {u.citizen for row in case.updates if (u := update_of(row)).event is Event.LEFT}
        assert set(case.neighbours) == joined - left


def test_who_was_told_of_a_resolution_was_asked_and_answers_stand_in_the_history() -> None:
    answers = set()
    for case in cases(1, 2, 3000):
        resolved = [row[2] for row in case.updates if row[7] == "resolved"]
        assert {at_ for _, at_ in case.closures} == set(resolved)
        for (citizen, at_), (asked, answer) in case.closures.items():
            until = min((at for at in resolved if at > at_), default=NOW.timestamp())
            assert asked is None or at_ <= asked <= until
            said = [row for row in case.updates if row[11] == citizen and at_ <= row[2] <= until]
            assert (answer == "yes") == any(row[5] == "confirmed" for row in said)
            assert (answer == "no") == any(row[5] == "reopened" for row in said)
            answers.add(answer)
    assert answers == {"yes", "no", None}


def test_ratings_are_those_of_the_history() -> None:
    scores = []
    for case in cases(1, 30, 3000):
        given = [(citizen, at_, f"{score}/5") for (citizen, at_), (score, _) in case.ratings.items()]
        assert given == [(row[11], row[2], row[8]) for row in case.updates if row[5] == "rated"]
        scores += [score for score, _ in case.ratings.values()]
    assert set(scores) == {1, 2, 3, 4, 5}


DESKS_OWN = frozenset({"assignee", "outside", "merged_into", "via", "route"})  # nothing, until clerks act


def test_every_row_has_a_value_for_each_column_that_its_table_has() -> None:
    made = rows(cases(1, 10, 300))
    for name, columns in LAYOUT.items():
        left = [column for column in metadata.tables[name].columns if column.name not in columns]
        assert all(column.nullable or column.server_default or column.primary_key for column in left)
        assert name == "outbox" or {column.name for column in left if not column.primary_key} <= DESKS_OWN
        assert all(len(row) == len(columns) for row in made.get(name, []))


def test_some_news_reached_nobody_and_clerks_have_dealt_with_the_old_ones() -> None:
    made, now = cases(1, 30, 3000), int(NOW.timestamp())
    failures = Failures(Words(CITY), Random(1), now)
    failed = [dict(zip(LAYOUT["outbox"], row, strict=True)) for case in made for row in failures.of(case)]
    by_number = {case.number: case for case in made}
    assert 10 < len(failed) < 100
    for row in failed:
        update = by_number[row["number"]].updates[row["version"] - 1]
        assert update[2] == row["queued_at"] <= row["done_at"] <= now and update[9]
        assert row["number"] in row["outbound"].text and row["lane"] == by_number[row["number"]].reporter
        assert row["settled_at"] or now - row["queued_at"] < 4 * 86_400


def test_what_is_late_has_been_told_a_new_date_that_lies_ahead() -> None:
    running = [case for case in cases(1, 104, 4000) if case.runs]
    assert running
    assert all(case.due_at >= NOW.timestamp() - 300 for case in running)


def test_hardly_anything_is_open_and_nothing_for_more_than_a_year() -> None:
    made = cases(1, 104, 6000)
    still = [case for case in made if case.is_open]
    old = [case for case in still if case.filed_at < NOW.timestamp() - 365 * 86_400]
    assert 0 < len(still) < 0.03 * len(made)
    assert len(old) <= 0.005 * len(made)
