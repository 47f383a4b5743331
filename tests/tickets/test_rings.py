import pytest

from tests.town import CITY
from tickets.model import Point
from tickets.rings import distance, holds

SQUARE = ((0.0, 0.0), (0.01, 0.0), (0.01, 0.01), (0.0, 0.01), (0.0, 0.0))
CROOKED = ((0.0, 0.0), (0.01, 0.0), (0.01, 0.01), (0.005, 0.002), (0.0, 0.01), (0.0, 0.0))  # a notch from above


@pytest.mark.parametrize(
    ("ring", "longitude", "latitude", "inside"),
    [
        (SQUARE, 0.005, 0.005, True), (SQUARE, 0.02, 0.005, False), (SQUARE, -0.001, 0.005, False),
        (SQUARE, 0.005, -0.001, False), (CROOKED, 0.005, 0.005, False), (CROOKED, 0.001, 0.005, True),
    ],
)  # fmt: skip
def test_a_point_lies_in_a_ring_or_not(
    ring: tuple[tuple[float, float], ...], longitude: float, latitude: float, *, inside: bool
) -> None:
    assert holds(ring, Point(latitude=latitude, longitude=longitude)) is inside


def test_the_way_to_a_ring_is_in_metres() -> None:
    assert distance(SQUARE, Point(latitude=0.005, longitude=0.011)) == pytest.approx(111.3, rel=0.01)
    assert distance(SQUARE, Point(latitude=0.005, longitude=0.0)) == pytest.approx(0, abs=0.01)


def test_every_landmark_of_the_demo_city_lies_in_it() -> None:
    assert all(any(holds(area.ring, mark.point) for area in CITY.areas) for mark in CITY.landmarks)
    assert not any(holds(one.ring, mark.point) for one in CITY.neighbours for mark in CITY.landmarks)
