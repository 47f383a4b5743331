from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from tests.samples import TICKET
from tickets import casework
from tickets.calendar import Calendar, Target, Unit
from tickets.casework import Verdict
from tickets.city import Ask, Service
from tickets.model import Actor, Author, Event, Field, Priority, Status
from tickets.rights import Role
from tickets.target import Targets
from tickets.workflow import NotAllowed, filed, move

ANA = Actor(author=Author.CLERK, name="ana")
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
CALENDAR = Calendar(timezone="UTC", opening={day: ((time(8), time(16)),) for day in range(5)})
POTHOLE = Service(
    code="pothole", names={}, department="roads", target=Target(amount=10, unit=Unit.DAYS), asks=(Ask.PLACE,),
    targets=Targets(priorities={Priority.URGENT: Target(amount=2, unit=Unit.DAYS)}),
)  # fmt: skip
OTHER = replace(TICKET, number="F0P-0V8", reporter=2)
CLOSED = replace(TICKET, status=Status.RESOLVED, closed_at=NOW)


def merge(one=TICKET, into=OTHER, *, arrived=1, due=None):
    return casework.merge(one, into, arrived=arrived, urgent_from=3, due=due, actor=ANA, at=NOW)


@pytest.mark.parametrize(
    ("role", "held", "to", "may"),
    [
        (Role.CLERK, None, "ana", True), (Role.CLERK, "bea", "ana", True), (Role.CLERK, "ana", None, True),
        (Role.CLERK, "bea", None, False), (Role.CLERK, None, "bea", False), (Role.SUPERVISOR, "bea", "eva", True),
        (Role.AUDITOR, None, "eva", False),
    ],
)  # fmt: skip
def test_clerks_take_tickets_and_supervisors_give_them(role: Role, held: str | None, to: str | None, may: bool) -> None:
    assert casework.may_assign(role, "ana", replace(TICKET, assignee=held), to) is may


def test_a_priority_with_a_target_of_its_own_counts_the_date_anew() -> None:
    ranked, update = casework.rerank(TICKET, Priority.URGENT, POTHOLE, CALENDAR, actor=ANA, at=NOW)
    assert ranked.due_at < TICKET.due_at
    assert (update.event, update.public, update.actor) == (Event.RERANKED, False, ANA)
    assert [change.field for change in update.changes] == [Field.PRIORITY, Field.DUE]
    assert ranked.answered_at is None


def test_a_priority_of_a_service_that_is_gone_leaves_the_date() -> None:
    ranked, _ = casework.rerank(TICKET, Priority.URGENT, None, CALENDAR, actor=ANA, at=NOW)
    assert ranked.due_at == TICKET.due_at


@pytest.mark.parametrize(
    "act",
    [
        lambda: casework.assign(CLOSED, "ana", actor=ANA, at=NOW),
        lambda: casework.assign(TICKET, None, actor=ANA, at=NOW),
        lambda: casework.rerank(TICKET, Priority.NORMAL, POTHOLE, CALENDAR, actor=ANA, at=NOW),
        lambda: casework.rerank(CLOSED, Priority.URGENT, POTHOLE, CALENDAR, actor=ANA, at=NOW),
        lambda: casework.hand_over(TICKET, "roads", actor=ANA, at=NOW, note="x"),
        lambda: casework.refer(replace(TICKET, outside="Power"), "Water", actor=ANA, at=NOW, note=""),
        lambda: casework.take_back(TICKET, actor=ANA, at=NOW),
        lambda: casework.returned(TICKET, Verdict.DONE, actor=ANA, at=NOW, word=""),
        lambda: casework.split(CLOSED, "F0P-0V8", actor=ANA, at=NOW),
        lambda: merge(TICKET, TICKET),
        lambda: merge(CLOSED, OTHER),
        lambda: merge(TICKET, replace(OTHER, status=Status.DECLINED, closed_at=NOW)),
        lambda: merge(TICKET, replace(OTHER, merged_into="000-00C")),
        lambda: casework.unmerge(TICKET, (), OTHER, (), gone=0, urgent_from=3, actor=ANA, at=NOW),
    ],
)
def test_what_makes_no_sense_is_not_allowed(act) -> None:
    with pytest.raises(NotAllowed):
        act()


def test_a_merged_ticket_is_moved_by_nobody() -> None:
    (merged, _), _ = merge()
    with pytest.raises(NotAllowed):
        move(merged, Status.TRIAGED, CALENDAR, actor=ANA, at=NOW)


@pytest.mark.parametrize("before", [Status.RECEIVED, Status.TRIAGED, Status.IN_PROGRESS, Status.WAITING])
@pytest.mark.parametrize("followers", [0, 2])
def test_taken_apart_both_are_as_they_were(before: Status, followers: int) -> None:
    """But for their versions, whatever stood between."""
    one, own = TICKET, [filed(TICKET, actor=ANA)]
    if before is not Status.RECEIVED:
        one, step = move(TICKET, before, CALENDAR, actor=ANA, at=NOW)
        own.append(step)
    into, its = replace(OTHER, followers=followers), [filed(OTHER, actor=ANA)]
    (closed, first), (joined, second) = merge(one, into, arrived=2, due=into.due_at - timedelta(days=1))
    assert (closed.status, closed.waiting_since, closed.merged_into) == (Status.DUPLICATE, None, OTHER.number)
    assert (joined.followers, joined.priority) == (
        followers + 2, Priority.URGENT if followers else Priority.NORMAL
    )  # fmt: skip
    assert casework.merged_here([*its, second]) == {TICKET.number}
    (again, third), (apart, fourth) = casework.unmerge(
        closed, [*own, first], joined, [*its, second], gone=2, urgent_from=3, actor=ANA, at=NOW + timedelta(days=2)
    )
    assert replace(again, version=one.version) == one
    assert replace(apart, version=into.version) == into
    assert third.new is before
    assert casework.merged_here([*its, second, fourth]) == frozenset()


def test_a_priority_that_somebody_set_since_stays_when_they_are_taken_apart() -> None:
    into = replace(OTHER, followers=2)
    (closed, first), (joined, second) = merge(into=into)
    ranked, third = casework.rerank(joined, Priority.EMERGENCY, POTHOLE, CALENDAR, actor=ANA, at=NOW)
    _, (apart, _) = casework.unmerge(
        closed, [first], ranked, [second, third], gone=1, urgent_from=3, actor=ANA, at=NOW
    )  # fmt: skip
    assert apart.priority is Priority.EMERGENCY


def test_a_body_that_needs_longer_has_it_still() -> None:
    given, _ = casework.refer(TICKET, "Power", actor=ANA, at=NOW, note="")
    later, update = casework.returned(given, Verdict.LONGER, actor=ANA, at=NOW, word="Friday")
    assert (later.outside, update.note) == ("Power", "Friday")
    assert casework.returned(given, Verdict.NOT_OURS, actor=ANA, at=NOW, word="")[0].outside is None


def test_another_department_finds_it_assigned_to_nobody() -> None:
    handed, update = casework.hand_over(replace(TICKET, assignee="ana"), "parks", actor=ANA, at=NOW, note="a tree")
    assert (handed.department, handed.assignee, handed.due_at) == ("parks", None, TICKET.due_at)
    assert update.change(Field.ASSIGNEE)


def test_an_answer_counts_as_the_first_thing_that_the_citizen_saw() -> None:
    assert casework.answer(TICKET, actor=ANA, at=NOW, text="hi")[0].answered_at == NOW
