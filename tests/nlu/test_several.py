from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.contract import LANGUAGES
from nlu.several import AND_WORDS, LONGEST, MORE_WORDS, MOST, OTHER_WORDS, adds, is_another, pieces


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("hay un bache en la calle 8 y también no hay luz", ["hay un bache en la calle 8", "no hay luz"]),
        ("No hay luz en la Av. Bolívar 12. Hay un bache", ["No hay luz en la Av. Bolívar 12.", "Hay un bache"]),
        ("un bache en la calle 8 y otro en la calle molino", ["un bache en la calle 8", "otro en la calle molino"]),
        ("1) bache en calle 8 2) luz apagada rua 7", ["bache en calle 8", "luz apagada rua 7"]),
        ("- bache en calle 8\n- luz apagada", ["- bache en calle 8", "luz apagada"]),
        ("buraco na rua 7, além disso tem lixo na rua 8", ["buraco na rua 7", "tem lixo na rua 8"]),
        ("The lamp is out. There's also a pothole", ["The lamp is out.", "There's also a pothole"]),
        ("le trottoir est cassé et en plus il y a des tags", ["le trottoir est cassé", "il y a des tags"]),
        ("on ne voit plus rien le soir", ["on ne voit plus rien le soir"]),
        ("además de la música hay gritos", ["además de la música hay gritos"]),
        ("hola. bache en calle 8", ["hola. bache en calle 8"]),
        ("bache en la calle 8 también", ["bache en la calle 8 también"]),
        ("", [""]),
        ("😀", ["😀"]),
    ],
)
def test_a_message_is_cut_where_another_thing_may_begin(text: str, cut: list[str]) -> None:
    assert [piece.text for piece in pieces(text)] == cut


@given(st.text())
def test_whatever_is_written_the_pieces_stand_in_it(text: str) -> None:
    found = pieces(text)
    assert 1 <= len(found) <= MOST
    assert all(text[piece.begin : piece.end].strip() == piece.text for piece in found)


def test_a_long_story_is_one_piece() -> None:
    assert len(pieces("hay un bache. " * LONGEST)) == 1


@pytest.mark.parametrize(
    "text", ["también hay un bache", "Tem também um buraco", "also a pothole", "il y a aussi un trou"]
)
def test_what_comes_on_top_is_known(text: str) -> None:
    assert adds(text)


@pytest.mark.parametrize(
    "text", ["hay otro bache", "outro buraco", "another pothole", "un autre trou", "un autre rue du Moulin"]
)
def test_one_more_of_the_same_is_known(text: str) -> None:
    assert is_another(text)


@pytest.mark.parametrize("text", ["hay un bache", "otra vez", "une autre rue", "a pothole", ""])
def test_a_plain_report_is_neither(text: str) -> None:
    assert not adds(text)
    assert not is_another(text)


@pytest.mark.parametrize("table", [MORE_WORDS, AND_WORDS, OTHER_WORDS])
def test_every_language_has_its_words(table: Mapping[str, tuple[str, ...]]) -> None:
    assert all(table.get(language) for language in LANGUAGES)
