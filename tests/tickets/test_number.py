from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.number import ALPHABET, find_number, looks_like_number, new_number, read_number

numbers = st.integers(0, 2**32).map(lambda seed: new_number(Random(seed)))


@given(numbers)
def test_a_new_number_is_read_back_however_it_is_typed(number: str) -> None:
    plain = number.replace("-", "")
    for typed in (
        number,
        number.lower(),
        plain,
        f" {plain[:3]} {plain[3:]} ",
        number.replace("0", "O").replace("1", "l"),
    ):
        assert read_number(typed) == number


@given(numbers, st.integers(0, 5), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_refused(number: str, position: int, wrong: str) -> None:
    plain = number.replace("-", "")
    changed = plain[:position] + wrong + plain[position + 1 :]
    assert (read_number(changed) == number) is (changed == plain)
    assert changed == plain or read_number(changed) is None


@given(numbers, st.integers(0, 4))
def test_every_swap_of_neighbours_is_refused(number: str, position: int) -> None:
    plain = number.replace("-", "")
    swapped = plain[:position] + plain[position + 1] + plain[position] + plain[position + 2 :]
    assert swapped == plain or read_number(swapped) is None


@given(numbers)
def test_a_number_is_found_in_a_sentence(number: str) -> None:
    assert find_number(f"¿qué pasó con mi reporte {number.lower()}?") == number


@given(numbers, st.sampled_from(["je ne trouve pas {}", "va con {}", "por {} ver", "the QQQ {}", "{} {}"]))
def test_a_number_is_found_after_a_word_of_three_letters(number: str, around: str) -> None:
    assert find_number(around.replace("{}", number)) == number


@given(numbers)
def test_a_number_never_looks_like_words(number: str) -> None:
    assert any(character.isdigit() for character in number)


def test_words_are_no_numbers() -> None:
    for words in ("", "parque", "the car", "hay luz ya", "12", "AV BOL", "Calle 8", "\x00\x00\x00", "7K3-9Q"):
        assert find_number(words) is None


@pytest.mark.parametrize("word", ["dejalo", "demain", "existe", "dentro", "dej alo", "bye-bye", "non-non", "sim-sim"])
def test_words_alone_are_no_numbers_whatever_their_check_character(word: str) -> None:
    assert (read_number(word), looks_like_number(word)) == (None, False)


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        ("QQQ-QQQ", True), ("7K3-9QZ", True), ("7k39qz", True), ("#7K3 9QZ.", True), ("abc–def", True), ("OOO-III", True),
        ("7K3-9Q", False), ("calle 8", False), ("QQQ QQQ", False), ("QQQQQQ", False), ("folio 7K3-9QX", False), ("", False),
    ],
)  # fmt: skip
def test_a_number_is_known_by_its_shape_be_it_wrong(text: str, looks: bool) -> None:
    assert looks_like_number(text) is looks


@given(numbers, st.sampled_from(["{}", "¿{}?", "#{}", "{}.", " {} "]))
def test_signs_around_a_number_change_nothing(number: str, around: str) -> None:
    assert read_number(around.format(number)) == number
