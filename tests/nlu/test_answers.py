"""Questions about the city and its answers: what is found, what is not, and what is never taken for a question."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from nlu.answers import BREATH, BadRow, answering, asked, check
from nlu.contract import LANGUAGES
from nlu.question_words import ASKING, SMALL
from tests.town import CITY
from tickets.city import Information

TABLE: dict[str, dict[str, list[str]]] = yaml.safe_load(
    (Path(__file__).parent / "questions.yml").read_text(encoding="utf-8")
)
FOUND, SILENT = 0.95, 1.0  # floors: of the questions that have an answer, and of those that have none
SENTENCES = Path(__file__).parents[2] / "nlu" / "evaluation"
MISTAKEN = 0.001  # at most, of sentences that ask for no information


def entry(*rows: str, code: str = "x") -> Information:
    return Information(code=code, words={"en": rows}, answers={"en": "Yes."})


def found(text: str, *entries: Information) -> str | None:
    match = answering(text, entries or CITY.information)
    return match.entry.code if match else None


@pytest.mark.parametrize("language", LANGUAGES)
def test_questions_find_their_answer_and_the_others_none(language: str) -> None:
    answered = [(code, text) for code, texts in TABLE[language].items() if code != "none" for text in texts]
    wrong = [(text, found(text)) for code, text in answered if found(text) != code]
    assert len(answered) >= 60
    assert len(wrong) <= len(answered) * (1 - FOUND), wrong
    false = [(text, found(text)) for text in TABLE[language]["none"] if found(text)]
    assert len(TABLE[language]["none"]) >= 15
    assert len(false) <= len(TABLE[language]["none"]) * (1 - SILENT), false


def test_what_asks_for_no_information_is_hardly_ever_taken_for_it() -> None:
    sentences = [
        json.loads(line)
        for kind in ("authored", "unseen", "hard")
        for language in LANGUAGES
        for line in (SENTENCES / f"{kind}_{language}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    others = [sentence["text"] for sentence in sentences if sentence["intent"] != "ask_information"]
    mistaken = [text for text in others if asked(text, CITY.information)]
    assert len(others) > 4000
    assert len(mistaken) <= len(others) * MISTAKEN, mistaken


@pytest.mark.parametrize(
    ("row", "text", "fits"),
    [
        ("opening hours", "your OPENING hours, please?", True),
        ("opening hours", "hours of opening", True),
        ("opening hours", "opening time", False),
        ("opening|closing hours", "closing hours", True),
        ("clos* hours", "when is it closed, what hours", True),
        ("opening hours -pool|museum", "opening hours of the pool", False),
        ("=open", "are you open tomorrow?", True),
        ("=open", "is the pool open?", False),
        ("horario", "a que orario", True),
        ("business", "bussiness", True),
        ("recycling", "recyling", True),
        ("recycling", "recyclnig", True),
        ("recycl*", "recyclers", True),
        ("hall", "all", False),
        ("hall", "hail", False),
        ("certificate", "certificates", False),
        ("opening hours", "We have opening soon. The hours pass.", False),
        ("opening hours", "opening " + "and so on " * BREATH + "hours", False),
    ],
)
def test_a_row_fits_a_sentence_that_holds_its_words(row: str, text: str, fits: bool) -> None:
    assert (found(text, entry(row)) is not None) is fits


def test_the_longer_row_wins_and_of_two_as_long_the_first() -> None:
    short, long, other = entry("tax", code="a"), entry("pay tax", code="b"), entry("where tax", code="c")
    assert found("where do I pay tax?", short, long, other) == "b"


@pytest.mark.parametrize("row", ["", "=", "-pool", "a||b", "*", "a b|*", "a*b c", "¿?"])
def test_a_row_that_means_nothing_is_refused(row: str) -> None:
    with pytest.raises(BadRow):
        check(row)


@pytest.mark.parametrize(
    "text",
    ["no pasa el camion de la basura hace una semana", "they build without a permit next door",
     "la obra tiene licencia pero hacen ruido", "tao construindo sem alvara", "no han recogido la basura",
     "hay un sofá tirado en la calle 8", "someone dumped a fridge on Mill Road", "les poubelles n'ont pas été ramassées",
     "delete my address", "ils jettent leurs meubles dans la rue"],
)  # fmt: skip
def test_a_complaint_is_no_question(text: str) -> None:
    assert asked(text, CITY.information) is None


def test_a_city_without_entries_answers_nothing() -> None:
    assert answering("opening hours?", ()) is None


def test_every_language_has_its_small_words() -> None:
    assert set(SMALL) == set(ASKING) == set(LANGUAGES)


@given(text=st.text(max_size=200) | st.text("abch|*=- .?¿", max_size=60), row=st.text("ab h|*=-", max_size=12))
@example(text="h", row="h")
@example(text="hhhh?", row="=hhhhh*")
def test_any_text_and_any_row_that_is_taken_give_an_answer_or_none(text: str, row: str) -> None:
    try:
        check(row)
    except BadRow:
        return
    assert found(text, entry(row)) in ("x", None)


def test_a_long_message_of_one_word_is_read_at_once() -> None:
    assert found("a" * 100_000) is None
    assert found("hora " * 20_000) is None
