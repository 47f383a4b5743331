"""The same report sent again: asked again, never an answer to what we asked, never a second ticket."""

import pytest

from handlers.phrases.repetition import is_repetition
from tests.town import ScriptedParser, Town, parse

LAMP = {
    "es": ("no prende el poste de luz", "No prende el poste de la luz!!", "hola, no prende el poste de lus"),
    "pt": ("o poste de luz não acende", "O poste de luz nao acende", "oi, o poste da luz não acende por favor"),
    "en": ("the street lamp is broken", "Street lamp is broken!", "hello, the street lamp is brokn again"),
    "fr": ("le lampadaire ne marche pas", "Le lampadaire ne marche pas.", "bonjour, le lampadere ne marche pas svp"),
}
CASES = [(language, first, again) for language, (first, *others) in LAMP.items() for again in (first, *others)]
WHERE = {"es": "¿En qué calle", "pt": "Em que rua", "en": "Which street", "fr": "Dans quelle rue"}
PLACE = {"es": "calle 8", "pt": "rua 8", "en": "8th street", "fr": "rue 8"}


def knows(parser: ScriptedParser, language: str, *texts: str) -> None:
    parser.known |= {text: parse("report_lighting", language=language) for text in texts}


@pytest.mark.parametrize(("language", "first", "again"), CASES)
async def test_a_report_told_again_is_not_the_place(
    puerto: Town, parser: ScriptedParser, language: str, first: str, again: str
) -> None:
    knows(parser, language, first, again)
    parser.known[PLACE[language]] = parse("provide_location", PLACE[language], location=PLACE[language])
    *_, asked = await puerto.says(first)
    for _ in range(3):
        assert await puerto.says(again) == [asked]
    (confirm,) = await puerto.says(PLACE[language])
    assert PLACE[language] in confirm


@pytest.mark.parametrize(("language", "first", "again"), CASES)
async def test_a_report_told_again_when_we_ask_whether_to_send_it_sends_and_changes_nothing(
    puerto: Town, parser: ScriptedParser, language: str, first: str, again: str
) -> None:
    knows(parser, language, first, again)
    await puerto.says(first)
    (confirm,) = await puerto.says(PLACE[language])
    for _ in range(3):
        assert await puerto.says(again) == [confirm]
    assert await puerto.tickets() == []
    await puerto.says("1")
    (ticket,) = await puerto.tickets()
    assert (ticket.place.words, ticket.description) == (PLACE[language], first)


async def test_with_its_place_in_it_a_report_told_again_keeps_its_place(puerto: Town, parser: ScriptedParser) -> None:
    first, again = "no prende el poste de luz en la calle 8", "No prende el poste de luz en calle 8"
    parser.known |= {
        first: parse("report_lighting", first, location="la calle 8", language="es"),
        again: parse("report_lighting", again, location="calle 8", language="es"),
    }
    *_, confirm = await puerto.says(first)
    assert await puerto.says(again) == [confirm]


async def test_a_street_put_right_is_another_place(puerto: Town, parser: ScriptedParser) -> None:
    first, again = "hay un bache en calle los pinos", "hay un bache en calle los pintos"
    parser.known |= {
        first: parse("report_pothole", first, location="calle los pinos", language="es"),
        again: parse("report_pothole", again, location="calle los pintos", language="es"),
    }
    await puerto.says(first)
    (confirm,) = await puerto.says(again)
    assert "calle los pintos" in confirm


async def test_told_again_when_asked_what_happens_it_is_asked_again_and_then_taken(
    puerto: Town, parser: ScriptedParser
) -> None:
    parser.known["otra cosa"] = parse("report_other", language="es")
    *_, asked = await puerto.says("otra cosa")
    assert await puerto.says("otra cosa") == [asked]
    assert await puerto.says("otra cosa!") == [asked]
    (next_question,) = await puerto.says("otra cosa")
    assert next_question != asked


async def test_with_understanding_down_a_report_told_again_is_no_place_either(puerto: Town) -> None:
    await puerto.says("no prende el poste de luz", style="sms")
    (asked,) = await puerto.says("4", style="sms")
    assert await puerto.says("no prende el poste de luz", style="sms") == [asked]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("frente a la escuela", "hay un bache frente a la escuela"),
        ("no prende el poste de luz de la calle 8", "no prende el poste de luz"),
        ("bache en calle 81", "bache en calle 18"),
        ("tampoco hay agua", "no hay luz"),
        ("la escuela", "el poste"),
        ("", "el poste"),
        ("no sé", "no se ve nada"),
        ("rua das flores", "buraco na rua das flores"),
        ("outside the church", "pothole outside the church"),
        ("devant l'école", "trou devant l'école"),
    ],
)
def test_what_may_be_an_answer_is_no_repetition(text: str, said: str) -> None:
    assert not is_repetition(text, said)


def test_one_of_several_messages_told_again_is_a_repetition() -> None:
    assert is_repetition("hay un bache enorme", "hay un bache enorme\nayer se cayó una moto")
