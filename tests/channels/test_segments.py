"""SMS segments against known cases, and against any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.segments import Encoding, count, gsm_safe, plain_spaces, split

GSM, UCS = Encoding.GSM7, Encoding.UCS2


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("", GSM, 0, 0),
        ("a", GSM, 1, 1),
        ("a" * 160, GSM, 160, 1),
        ("a" * 161, GSM, 161, 2),
        ("a" * 306, GSM, 306, 2),
        ("a" * 307, GSM, 307, 3),
        ("a" * 459, GSM, 459, 3),
        ("a" * 460, GSM, 460, 4),
        ("ñ" * 160, GSM, 160, 1),
        ("¿Dónde es?", UCS, 10, 1),
        ("¿Donde es?", GSM, 10, 1),
        ("à è é ì ò ù Ç Ñ ñ Ü ü ¡ ¿", GSM, 25, 1),
        ("€" * 80, GSM, 160, 1),
        ("€" * 81, GSM, 162, 2),
        ("a" * 152 + "€" + "b" * 10, GSM, 164, 2),  # the euro's two septets go to the second segment together
        ("a" * 152 + "€" + "b" * 151, GSM, 305, 2),  # 152 septets used of the first segment, 153 of the second
        ("a" * 152 + "€" + "b" * 152, GSM, 306, 3),  # one septet of the first segment stays empty
        ("{}[]\\~|^€\f", GSM, 20, 1),
        ("á" * 70, UCS, 70, 1),
        ("á" * 71, UCS, 71, 2),
        ("á" * 134, UCS, 134, 2),
        ("á" * 135, UCS, 135, 3),
        ("😀" * 35, UCS, 70, 1),
        ("😀" * 36, UCS, 72, 2),
        ("😀" * 66, UCS, 132, 2),
        ("😀" * 67, UCS, 134, 3),  # 33 whole emoji in a segment of 67 units
        ("5:00\u202fp.", UCS, 7, 1),
        ("ç", UCS, 1, 1),
        ("`", UCS, 1, 1),
        ("a\tb", UCS, 3, 1),
        ("line\r\nline", GSM, 10, 1),
    ],
)
def test_text_costs_what_the_standard_says(text: str, encoding: Encoding, units: int, segments: int) -> None:
    cost = count(text)
    assert (cost.encoding, cost.units, cost.segments) == (encoding, units, segments)


@given(st.text(max_size=400))
def test_units_always_fit_their_segments(text: str) -> None:
    cost = count(text)
    alone, joined = (160, 153) if cost.encoding is GSM else (70, 67)
    assert cost.units == len(text.encode("utf-16-be")) // 2 or cost.encoding is GSM
    assert cost.segments == (cost.units > 0) if cost.units <= alone else cost.segments * joined >= cost.units
    assert (cost.segments - 1) * (joined - 1) < max(cost.units, 1)


@given(st.text(max_size=300), st.integers(min_value=1, max_value=80))
def test_pieces_join_to_the_text_and_none_is_too_long(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert "".join(pieces) == text
    assert all(0 < len(piece) <= limit for piece in pieces)


@pytest.mark.parametrize(
    "whole", ["👨‍👩‍👧‍👦", "👍🏽", "🇲🇽", "e\u0301", "❤️", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "\r\n", "क्षि"], ids=ascii
)  # fmt: skip
@pytest.mark.parametrize("before", range(12))
def test_what_a_reader_sees_as_one_is_never_divided(whole: str, before: int) -> None:
    pieces = split("x" * before + whole + "y" * 5 + whole, 12)
    assert sum(piece.count(whole) for piece in pieces) == 2


def test_flags_in_a_row_stay_flags() -> None:
    assert split("🇲🇽🇧🇷🇫🇷", 3) == ["🇲🇽", "🇧🇷", "🇫🇷"]


def test_pieces_end_at_a_space_where_they_can() -> None:
    assert split("hay un bache enorme aquí", 14) == ["hay un bache ", "enorme aquí"]
    assert split("x" * 30, 14) == ["x" * 14, "x" * 14, "xx"]


def test_what_is_longer_than_the_limit_by_itself_is_divided_after_all() -> None:
    assert "".join(split("e" + "\u0301" * 10, 4)) == "e" + "\u0301" * 10


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("¿Dónde está el bache?", "¿Donde esta el bache?"),
        ("São João, coração", "Sao Joao, coraçao".replace("ç", "c")),
        ("Où ça? À l’école", "Où ca? A l'école"),
        ("Ça va «bien» — œuf…", 'Ça va "bien" - oeuf...'),
        ("ñandú pingüino Ñ", "ñandu pingüino Ñ"),
        ("5:00\u202fp.\u00a0m.", "5:00 p. m."),
        ("“Hola” ‘tú’", "\"Hola\" 'tu'"),
        ("n\u0303andu a\u0301", "ñandu a"),
        ("½ km², nº 5, 30 °C", "1/2 km2, no 5, 30 oC"),
        ("{€} [~]", "{€} [~]"),
        ("listo ✅", "listo ✅"),
        ("улица и дом й", "улица и дом й"),
        ("\u202ehola\u202c", "\u202ehola"),
    ],
)
def test_what_gsm_lacks_is_folded_to_its_nearest(text: str, folded: str) -> None:
    assert gsm_safe(text) == folded


@given(st.text(st.characters(max_codepoint=0x17F, blacklist_categories=("Cc", "Cs")), max_size=50))
def test_any_european_text_becomes_mostly_gsm(text: str) -> None:
    kept = [character for character in gsm_safe(text) if count(character).encoding is UCS]
    assert not [character for character in kept if character.isalpha() and character in "áíóúâêôãõçëïÁÍÓÚÂÊÔÃÕ"]


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert gsm_safe(gsm_safe(text)) == gsm_safe(text)


@given(st.text(max_size=60))
def test_folding_never_makes_a_gsm_text_another(text: str) -> None:
    if count(text).encoding is GSM:
        assert gsm_safe(text) == text


def test_only_odd_spaces_are_made_plain() -> None:
    assert plain_spaces("5:00\u202fp.\u00a0m. ¿á?") == "5:00 p. m. ¿á?"
