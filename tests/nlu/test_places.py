import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.places import Gazetteer
from tests.town import CITY
from tickets.model import Place, Point

PLACES = Gazetteer(CITY.areas, CITY.streets, CITY.landmarks)


@pytest.mark.parametrize(
    ("words", "street", "area"),
    [
        ("Av. Bolívar 123", "Avenida Bolívar", "centro"),
        ("avda bolivar nro 45", "Avenida Bolívar", "centro"),
        ("la avenida bolibar", "Avenida Bolívar", "centro"),
        ("AV BOLIVAR CON CRA COLON", "Avenida Bolívar / Carrera Colón", "centro"),
        ("Calle 8 con Jr. Libertad", "Calle 8 / Jirón Libertad", "centro"),
        ("esquina de molino y paseo del parque", "Calle Molino / Paseo del Parque", "centro"),
        ("rua 7, 55", "Rua 7", "porto"),
        ("R. das Flores 12", "Rua das Flores", "porto"),
        ("av. do porto esquina com a travessa do cais", "Avenida do Porto / Travessa do Cais", "porto"),
        ("12 Mill Rd", "Mill Road", "hillside"),
        ("corner of market st and station road", "Market Street / Station Road", "hillside"),
        ("Kwame Nkrumah rd near the church", "Kwame Nkrumah Road", "hillside"),
        ("14 rue des ecoles", "Rue des Écoles", "palmiers"),
        ("bd de la republique, face au stade", "Boulevard de la République", "palmiers"),
        ("avenue du 12 octobre", "Avenue du 12 Octobre", "palmiers"),
    ],
)
def test_a_street_is_known_however_people_write_it(words: str, street: str, area: str) -> None:
    place = PLACES.resolve(words)
    assert (place.street, place.area, place.words) == (street, area, words)
    assert place.point is not None


@pytest.mark.parametrize(
    ("words", "area"),
    [
        ("frente a la Escuela República", "centro"),
        ("atrás da igreja matriz", "porto"),
        ("opposite St Mary's church", "hillside"),
    ],
)
def test_a_landmark_gives_a_point(words: str, area: str) -> None:
    place = PLACES.resolve(words)
    assert place.point is not None
    assert place.area == area


@pytest.mark.parametrize("words", ["", "mi casa", "8", "123", "calle", "donde la virgen", "Calle 88", "rua 70", "12"])
def test_what_is_not_known_keeps_its_words_and_nothing_is_invented(words: str) -> None:
    assert PLACES.resolve(words) == Place(words=words)


def test_a_corner_lies_where_the_two_streets_meet() -> None:
    point = PLACES.resolve("calle 8 y carrera colon").point
    assert point is not None
    assert point.latitude == pytest.approx(14.59819, abs=0.0003)
    assert point.longitude == pytest.approx(-66.50279, abs=0.0003)


def test_a_pin_is_on_the_nearest_street_and_in_its_area() -> None:
    assert PLACES.locate(Point(latitude=14.6001, longitude=-66.4985)).street == "Avenida Bolívar"
    far = PLACES.locate(Point(latitude=15.5, longitude=-66.5), "lejos")
    assert (far.street, far.area, far.words) == (None, None, "lejos")


def test_a_city_without_a_gazetteer_keeps_the_words() -> None:
    bare = Gazetteer((), (), ())
    assert bare.resolve("Av. Bolívar 123") == Place(words="Av. Bolívar 123")
    here = Point(latitude=1, longitude=1)
    assert bare.locate(here) == Place(point=here)


@given(st.text(max_size=200))
def test_any_words_are_resolved_without_fail(words: str) -> None:
    assert PLACES.resolve(words).words == words
