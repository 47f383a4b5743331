"""The drawing of the city."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.web.world import CITY
from tickets.city import Street
from tickets.model import Point
from web import plan


def test_north_is_up_and_east_is_right() -> None:
    drawn = plan.of_city(CITY)
    assert drawn
    frame = drawn.frame
    assert frame.x(-66.49) > frame.x(-66.51)
    assert frame.y(14.61) < frame.y(14.59)
    assert drawn.areas[0].path.startswith("M")
    assert drawn.landmarks[0].name == "Mercado"


def test_a_city_without_areas_is_drawn_from_its_streets() -> None:
    assert plan.of_city(replace(CITY, areas=()))


def test_a_city_without_either_is_not_drawn() -> None:
    assert plan.of_city(replace(CITY, areas=(), streets=())) is None


def test_a_city_of_one_point_is_drawn_all_the_same() -> None:
    point = Street(name="x", also=(), line=((1.0, 2.0), (1.0, 2.0)))
    assert plan.of_city(replace(CITY, areas=(), streets=(point,)))


@given(st.floats(-66.511, -66.489), st.floats(14.589, 14.611))
def test_what_is_in_the_city_is_in_the_drawing(longitude: float, latitude: float) -> None:
    drawn = plan.of_city(CITY)
    assert drawn
    frame = drawn.frame
    assert frame.holds(Point(latitude=latitude, longitude=longitude))
    # the page turns a click back into degrees with the same four numbers
    assert abs(frame.west + frame.x(longitude) / frame.across - longitude) < 1e-5
    assert abs(frame.north - frame.y(latitude) / frame.down - latitude) < 1e-5


def test_what_is_far_away_is_not_in_the_drawing() -> None:
    drawn = plan.of_city(CITY)
    assert drawn
    assert not drawn.frame.holds(Point(latitude=50, longitude=8))
