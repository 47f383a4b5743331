"""Whoever is alike counts alike: the rules, asked of each ticket by itself, say of all what they said of the first."""

from bisect import bisect_left

from hypothesis import given
from hypothesis import strategies as some

from tickets.alike import Likeness
from tickets.asof import Case, Turn
from tickets.counting import counted
from tickets.model import Event

EDGES = [(10, 20), (20, 30), (30, 40)]
instants = some.integers(0, 60)
turns = some.lists(
    some.builds(
        Turn,
        at=instants,
        event=some.sampled_from((Event.FOLLOWED, Event.LEFT, Event.POSTPONED, Event.MOVED)),
        opened=some.booleans(),
        waits=some.sampled_from((-1, 0, 0, 1)),
    ),
    max_size=3,
).map(sorted)
a_case = some.builds(
    Case, number=some.text(max_size=2), department=some.just("works"), area=some.just(""), filed=instants, due=instants,
    closed=some.none() | instants, resolved=some.booleans(), answered=some.none() | instants,
    waits=some.none() | instants, followers=some.integers(0, 2), unlocated=some.booleans(), unsure=some.booleans(),
    turns=turns, steps=some.just(()),
)  # fmt: skip


def elsewhere(at: int | None, by: int) -> int | None:
    """Another instant, between the same begins and ends."""
    cuts = [0, 10, 20, 30, 40, 70]
    return None if at is None else max(cuts[max(0, bisect_left(cuts, at + 1) - 1)], at - by)


def shifted(case: Case, by: tuple[int, ...]) -> Case:
    filed, due, closed, answered, waits, turn = by
    return case._replace(
        filed=elsewhere(case.filed, filed), due=elsewhere(case.due, due), closed=elsewhere(case.closed, closed),
        answered=elsewhere(case.answered, answered), waits=elsewhere(case.waits, waits),
        turns=[one._replace(at=elsewhere(one.at, turn)) for one in case.turns],
    )  # fmt: skip


def counts(case: Case) -> list[object]:
    """In each span to what, and whether it was open, late and waiting at the end."""
    found = [(end, counted(case, begin, end)) for begin, end in EDGES]
    return [one and (one.figures, one.stood.closed is None, one.stood.late(end)) for end, one in found]


@given(case=a_case, by=some.tuples(*[some.integers(0, 9)] * 6))
def test_tickets_that_are_alike_count_alike(case: Case, by: tuple[int, ...]) -> None:
    other = shifted(case, by)
    likeness = Likeness(EDGES)
    if likeness.of(case) == likeness.of(other):
        assert counts(case) == counts(other)


@given(one=a_case, other=a_case)
def test_tickets_that_count_to_different_figures_are_not_alike(one: Case, other: Case) -> None:
    likeness = Likeness(EDGES)
    if counts(one) != counts(other):
        assert likeness.of(one) != likeness.of(other)
