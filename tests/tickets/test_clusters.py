"""Piles of reports: the same ones, in the same order, however the reports come."""

from hypothesis import given
from hypothesis import strategies as some

from tickets.clusters import LEAST, MOST, Spot, clusters
from tickets.duplicates import DEGREE
from tickets.model import Point


def spot(
    n: int, *, street: str | None = None, metres: float | None = None, service: str = "waste", area: str = ""
) -> Spot:
    """`metres` north of the equator."""
    point = None if metres is None else Point(latitude=metres / DEGREE, longitude=0.0)
    return Spot(f"T{n:03}", service, area or None, street, point, n % 2 == 0)


some_spots = some.lists(
    some.builds(
        spot, some.just(0), street=some.sampled_from((None, "A", "B")), service=some.sampled_from(("waste", "tree")),
        metres=some.none() | some.floats(-2_000, 2_000), area=some.sampled_from(("", "centro")),
    ),
    max_size=60,
).map(lambda spots: [one._replace(number=f"T{n:03}") for n, one in enumerate(spots)])  # fmt: skip


@given(spots=some_spots, order=some.randoms(use_true_random=False))
def test_the_order_of_the_reports_does_not_matter(spots: list[Spot], order) -> None:
    shuffled = list(spots)
    order.shuffle(shuffled)
    found = clusters(spots)
    assert clusters(shuffled) == found
    assert len(found) <= MOST and all(one.filed >= LEAST >= 0 and one.open <= one.filed for one in found)
    assert [one.filed for one in found] == sorted((one.filed for one in found), reverse=True)
    assert sum(one.filed for one in found) <= len(spots)


def test_two_reports_are_no_pile_and_nowhere_is_no_place() -> None:
    assert clusters([spot(n, street="A") for n in range(2)]) == ()
    assert clusters([spot(n) for n in range(9)]) == ()


def test_what_lies_across_the_border_of_a_square_is_one_place() -> None:
    [found] = clusters([spot(n, metres=metres) for n, metres in enumerate((149, 151, 140, 160))])
    assert (found.filed, found.street) == (4, None)
    assert found.point and abs(found.point.latitude * DEGREE - 150) < 1


def test_the_same_street_in_two_areas_and_two_services_in_one_street_are_four_places() -> None:
    spots = [
        spot(n, street="A", area=area, service=service)
        for n, (area, service) in enumerate([("x", "waste"), ("y", "waste"), ("x", "tree"), ("y", "tree")] * 3)
    ]
    assert [(one.area, one.service, one.filed) for one in clusters(spots)] == [
        ("x", "tree", 3), ("x", "waste", 3), ("y", "tree", 3), ("y", "waste", 3),
    ]  # fmt: skip
