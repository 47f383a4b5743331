from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.samples import TICKET
from tickets.duplicates import distance, metres_between, nearest
from tickets.model import Place, Point

HERE = Point(latitude=14.6, longitude=-66.5)
STREET = Place(words="Av. Bolívar 123", street="Avenida Bolívar")
LATITUDES, LONGITUDES = st.floats(-80, 80), st.floats(-179, 179)


def points(near: Point, metres: float) -> Point:
    return replace(near, latitude=near.latitude + metres / 111_320)


def same(one: Place, other: Place, metres: float = 60) -> bool:
    return bool(nearest(one, [replace(TICKET, place=other)], metres, 3))


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_a_distance_is_the_same_both_ways_and_never_negative(a: float, b: float, c: float, d: float) -> None:
    one, other = Point(latitude=a, longitude=b), Point(latitude=c, longitude=d)
    assert metres_between(one, other) == metres_between(other, one) >= 0
    assert metres_between(one, one) == 0


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert round(metres_between(HERE, replace(HERE, latitude=15.6))) == 111_320


def test_without_a_point_there_is_no_distance() -> None:
    assert distance(Place(point=HERE), replace(TICKET, place=STREET)) is None
    assert distance(STREET, replace(TICKET, place=Place(point=HERE))) is None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Av. Bolívar 123", "Bolívar 150", True),
        ("Av. Bolívar 123", "Bolívar 900", False),
        ("Av. Bolívar 123", "la Bolívar, frente al banco", True),
        ("Av. Bolívar", "Bolívar 900", True),
        ("Bolívar # 12-30", "Bolívar 13-28", True),
        ("Bolívar 99999999999999999999", "Bolívar 1", False),
        ("Bolívar ²", "Bolívar 1", True),
    ],
)
def test_houses_of_one_street_that_stand_far_apart_are_not_the_same_spot(one: str, other: str, expected: bool) -> None:
    """Also where one point stands for the whole street."""
    for point in (None, HERE):
        assert same(replace(STREET, words=one, point=point), replace(STREET, words=other, point=point)) is expected


def test_the_number_of_a_street_is_no_house() -> None:
    calle = Place(street="Calle 8")
    assert same(replace(calle, words="calle 8 n 200"), replace(calle, words="en la calle 8 200"))
    assert not same(replace(calle, words="calle 8 n 200"), replace(calle, words="calle 8 n 900"))


def test_points_that_differ_count_more_than_house_numbers() -> None:
    one, other = replace(STREET, point=HERE), replace(STREET, words="Bolívar 900", point=points(HERE, 20))
    assert same(one, other)
    assert not same(one, replace(other, point=points(HERE, 61)))


def test_pins_are_the_same_spot_whatever_street_is_nearest() -> None:
    assert same(Place(point=HERE, street="Avenida Bolívar"), Place(point=HERE, street="Paseo del Parque"))
    assert same(Place(point=HERE), Place(point=points(HERE, 5)))


def test_the_newest_of_equals_comes_first_and_no_more_than_wanted() -> None:
    young = [replace(TICKET, number=f"N{n}", filed_at=TICKET.filed_at - timedelta(hours=n)) for n in range(5)]
    assert [one.number for one in nearest(TICKET.place, [*reversed(young), young[0]], 60, 3)] == ["N0", "N1", "N2"]
