import pytest

from handlers.phrases.words import NO, YES, language_named, languages_refused, says
from tests.town import ScriptedParser, Town, parse


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("si", YES), ("SÍ, gracias", YES), ("siii", YES), ("por favor si", YES), ("oui s'il vous plaît", YES),
        ("sim, muito obrigada", YES), ("yes thank you", YES), ("👍👍", YES), ("no gracias", NO), ("nooo", NO),
    ],
)  # fmt: skip
def test_courtesies_and_drawn_out_letters_change_no_answer(text: str, words: frozenset[str]) -> None:
    assert says(text, words)


@pytest.mark.parametrize("text", ["gracias", "si no vienen hoy llamo", "no sirve", "please", "", "si pero es en la 8"])
def test_more_than_a_yes_or_no_is_neither(text: str) -> None:
    assert not says(text, YES)
    assert not says(text, NO)


@pytest.mark.parametrize(
    ("text", "named", "refused"),
    [
        ("i dont speak spanish", None, {"es"}), ("I don't speak Spanish", None, {"es"}), ("no hablo inglés", None, {"en"}),
        ("je ne parle pas espagnol", None, {"es"}), ("não falo espanhol", None, {"es"}),
        ("no entiendo inglés, en español", "es", {"en"}), ("no, en español", "es", set()),
        ("en français svp", "fr", set()), ("hay un bache", None, set()),
    ],
)  # fmt: skip
def test_a_language_that_is_refused_is_not_the_one_wanted(text: str, named: str | None, refused: set[str]) -> None:
    assert language_named(text) == named
    assert languages_refused(text) == refused


async def test_who_refuses_a_language_is_answered_in_the_one_they_write(puerto: Town, parser: ScriptedParser) -> None:
    parser.known["i dont speak spanish"] = parse("change_language", language="en")
    assert (await puerto.says("i dont speak spanish"))[-1] == "Sure, from now on in English."


async def test_who_refuses_the_only_language_known_of_them_is_asked_which(puerto: Town, parser: ScriptedParser) -> None:
    parser.known["no spanish"] = parse("change_language")
    assert "[Español] [Português] [English] [Français]" in (await puerto.says("no spanish"))[-1]
