import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.places import Gazetteer
from tests.town import CITY
from tickets.city import Street
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
        ("Bolívar y Colón", "Avenida Bolívar / Carrera Colón", "centro"),
        ("bolibar con colon", "Avenida Bolívar / Carrera Colón", "centro"),
        ("Bolivar esq. Colon", "Avenida Bolívar / Carrera Colón", "centro"),
        ("Bolívar & Colón", "Avenida Bolívar / Carrera Colón", "centro"),
        ("coin de Moulin et République", "Rue du Moulin / Boulevard de la République", "palmiers"),
        ("corner of Mill and Station", "Mill Road / Station Road", "hillside"),
        ("Market at Church", "Market Street / Church Lane", "hillside"),
        ("flores e cais", "Rua das Flores / Travessa do Cais", "porto"),
        ("Bolívar entre Colón y Libertad", "Avenida Bolívar", "centro"),
        ("Market St between Station Rd and Church Lane", "Market Street", "hillside"),
        ("Colón 123", "Carrera Colón", "centro"),
        ("12 market strreet", "Market Street", "hillside"),
        ("avneida Bolívar", "Avenida Bolívar", "centro"),
        ("8 kwame nkrumah road", "Kwame Nkrumah Road", "hillside"),
        ("carretera norte km 4", "Carretera Norte", "norte"),
        ("12, rue des Écoles", "Rue des Écoles", "palmiers"),
        ("Rua das Flores, nº 12", "Rua das Flores", "porto"),
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


@pytest.mark.parametrize(
    "words",
    [
        "",
        "mi casa",
        "8",
        "123",
        "calle",
        "donde la virgen",
        "Calle 88",
        "rua 70",
        "12",
        "near the church",
        "libertad",
        "iglesia y market",
    ],
)
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


def test_a_block_between_two_streets_lies_between_them() -> None:
    point = PLACES.resolve("avenida bolivar entre colon y libertad").point
    assert point is not None
    assert point.longitude == pytest.approx(-66.5, abs=0.0002)


def street(name: str, *line: tuple[float, float]) -> Street:
    return Street(name=name, also=(), line=line)


def test_the_pieces_of_one_street_are_one_at_its_corners() -> None:
    pieces = (street("Calle Sol", (0, 0), (0.001, 0)), street("Calle Sol", (0.001, 0), (0.002, 0)))
    city = Gazetteer((), (*pieces, street("Calle Luna", (0.002, -0.001), (0.002, 0.001))), ())
    assert city.resolve("sol y luna").street == "Calle Sol / Calle Luna"


def test_namesakes_far_apart_and_a_kilometre_of_a_long_road_are_no_one_spot() -> None:
    far = (street("Calle Sol", (0, 0), (0.001, 0)), street("Calle Sol", (0, 1), (0.001, 1)))
    city = Gazetteer((), (*far, street("Ruta Sur", (0, 0), (1, 0))), ())
    assert (city.resolve("calle sol").street, city.resolve("calle sol").point) == ("Calle Sol", None)
    assert (city.resolve("ruta sur km 40").street, city.resolve("ruta sur km 40").point) == ("Ruta Sur", None)
