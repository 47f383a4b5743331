import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.dataset import _annotated
from nlu.redaction import LONGEST, example_of, masked, pieces, redact


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Soy María López y hay un bache", "Soy y hay un bache"),
        ("me llamo juan, la luz no prende", "me llamo, la luz no prende"),
        ("mi nombre es Pedro de la Cruz. Hay basura", "mi nombre es. Hay basura"),
        ("my name is John Mensah and the lamp is out", "my name is and the lamp is out"),
        ("je m'appelle Awa Diop, le lampadaire est hs", "je m'appelle, le lampadaire est hs"),
        ("meu nome é João da Silva, tem um buraco", "meu nome é, tem um buraco"),
        ("la señora Pérez dice que huele mal", "la señora dice que huele mal"),
        ("soy vecina de la calle Molino", "soy vecina de la calle Molino"),
        ("bache en calle 8 123, tel +58 412-555-1234", "bache en calle 0, tel 0"),
        ("escríbame a ana@correo.example o www.ana.example", "escríbame a o"),
        ("@alcaldia bache #2 [aquí](location) {x}", "bache #0 aquí location x"),
        ("", ""),
    ],
)
def test_names_and_numbers_are_taken_out(text: str, left: str) -> None:
    assert redact(text) == left


@pytest.mark.parametrize(
    ("text", "place", "example"),
    [
        ("bache en calle Molino 8", "calle Molino 8", "bache en [calle Molino 0](location)"),
        ("hola\nno hay luz en la plaza", "", "no hay luz en la plaza"),
        ("bache", "en otra parte", ""),
        ("un bache enorme", "otra parte", "un bache enorme"),
    ],
)
def test_the_first_line_that_says_something_is_the_example(text: str, place: str, example: str) -> None:
    assert example_of(text, place) == example


@given(st.text(max_size=500), st.text(max_size=50))
def test_no_digit_but_nought_and_no_address_is_left(text: str, place: str) -> None:
    left = redact(text)
    assert not any(c.isdigit() and c.isascii() and c != "0" for c in left)
    assert "@" not in left or "@" in text
    assert len(left) <= LONGEST
    assert "](" not in _annotated(example_of(text, place))[0]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Soy Ana Gómez. Hay un bache\nen Calle 8 número 123", "Soy […]. Hay un bache\nen Calle 8 número 123"),
        ("llamen al +52 (55) 1234-5678 o a ana@x.mx", "llamen al […] o a […]"),
        ("La señora Pérez y @vecino: www.x.mx", "La señora […] y […]: […]"),
        ("nada que quitar, km 12", "nada que quitar, km 12"),
        ("", ""),
    ],
)
def test_what_tells_who_somebody_is_is_masked_and_the_rest_left_as_it_was(text: str, left: str) -> None:
    assert masked(text) == left


@given(st.text(alphabet="aA sSoy.,@+0123456789\n", max_size=60))
def test_the_pieces_are_the_whole_text_and_what_is_not_hidden_hides_nothing_more(text: str) -> None:
    found = pieces(text)
    assert "".join(piece for piece, _ in found) == text
    assert all(piece for piece, _ in found)
