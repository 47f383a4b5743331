"""Where tickets of sensitive services are told to be."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.web.world import CITY as TOWN
from tickets.blurring import NOWHERE, Blurring, Told
from tickets.city import Area, Street
from tickets.model import Point
from tickets.openness import Openness, Precision
from tickets.public import PublicTicket, PublicUpdate
from tickets.rings import holds

# A square, and an L whose middle lies outside of it.
SQUARE = ((-99.1, 19.4), (-99.0, 19.4), (-99.0, 19.5), (-99.1, 19.5), (-99.1, 19.4))
ELL = (
    (-98.9, 19.4), (-98.5, 19.4), (-98.5, 19.45), (-98.85, 19.45), (-98.85, 19.8), (-98.9, 19.8), (-98.9, 19.4),
)  # fmt: skip
LONG = ((-99.2, 19.42), (-98.8, 19.42))  # through both
AWAY = ((-97.0, 19.0), (-97.1, 19.0))
OPENNESS = Openness(precisions={"noise": Precision.AREA, "vehicle": Precision.STREET, "waste": Precision.POINT})
CITY = replace(
    TOWN,
    openness=OPENNESS,
    areas=(Area(code="square", name="Square", ring=SQUARE), Area(code="ell", name="Ell", ring=ELL)),
    streets=(Street(name="Long", also=(), line=LONG), Street(name="Away", also=("Far",), line=AWAY)),
)
HERE = Point(latitude=19.4123456, longitude=-99.0654321)
BLURRING = Blurring(CITY)


def told(service: str, street: str | None = None, area: str | None = "square", *, crowded: bool = True) -> Told:
    return BLURRING.told(service, HERE, street, area, crowded=crowded)


def test_usual_services_are_told_to_a_metre() -> None:
    there = Point(latitude=19.41235, longitude=-99.06543)
    assert told("pothole", "Long") == Told(point=there, street="Long", area="square")
    assert told("pothole", "Long", crowded=False) == told("pothole", "Long")
    assert told("pothole", area=None) == Told(point=there)
    assert BLURRING.told("pothole", None, None, None, crowded=False) == NOWHERE


def test_a_service_told_by_its_street_is_in_the_middle_of_it_as_far_as_it_lies_in_the_area() -> None:
    assert told("vehicle", "Long") == Told(
        point=Point(latitude=19.42, longitude=-99.05), street="Long", area="square"
    )  # fmt: skip
    assert told("vehicle", "Long", "ell").point == Point(latitude=19.42, longitude=-98.85)


@pytest.mark.parametrize("street", ["Away", "Nobody's 12", None, ""])
def test_a_street_that_does_not_lie_in_the_area_or_that_nobody_knows_moves_the_point_into_the_area(
    street: str | None,
) -> None:
    shown = told("vehicle", street)
    assert shown.point == BLURRING.inner("square")
    assert shown.street == ("Away" if street == "Away" else None)


def test_of_a_corner_the_first_street_is_told() -> None:
    assert told("vehicle", "Long / Away") == told("vehicle", "Long")


def test_a_service_told_by_its_area_has_no_street_and_a_point_in_the_area() -> None:
    for area, ring in (("square", SQUARE), ("ell", ELL)):
        shown = told("noise", "Long", area)
        assert (shown.street, shown.area) == (None, area)
        assert shown.point and holds(ring, shown.point)


@pytest.mark.parametrize("service", ["noise", "vehicle"])
def test_where_few_stand_or_no_area_is_known_nothing_is_told(service: str) -> None:
    assert told(service, "Long", crowded=False) == NOWHERE
    assert told(service, "Long", None) == NOWHERE


def test_an_area_that_the_city_has_no_more_is_told_without_a_point() -> None:
    assert told("noise", "Long", "gone") == Told(area="gone")


@given(
    some.sampled_from(["noise", "vehicle"]),
    some.sampled_from([None, "Long", "Away", "Long / Away", "x"]),
    some.sampled_from([None, "square", "ell", "gone"]),
    some.tuples(some.floats(-90, 90), some.floats(-180, 180)),
)
def test_what_is_told_of_a_sensitive_place_does_not_follow_from_its_point(
    service: str, street: str | None, area: str | None, at: tuple[float, float]
) -> None:
    point = Point(latitude=at[0], longitude=at[1])
    without = BLURRING.told(service, None, street, area, crowded=True)
    assert BLURRING.told(service, point, street, area, crowded=True) == without


def test_only_what_is_moved_is_sensitive() -> None:
    assert OPENNESS.guarded == ("noise", "vehicle")
    assert OPENNESS.sensitive("noise") and not OPENNESS.sensitive("waste") and not OPENNESS.sensitive("pothole")


def test_public_values_have_no_room_for_a_person() -> None:
    names = {field.name for kind in (PublicTicket, PublicUpdate) for field in fields(kind)}
    assert names.isdisjoint({
        "reporter", "citizen", "contact", "channel", "language", "assignee", "actor", "author", "description",
        "answers", "place", "priority", "confidence", "changes",
    })  # fmt: skip
