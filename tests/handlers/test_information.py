"""Questions about the city: answered from its own entries, otherwise by a person."""

from dataclasses import replace

import pytest

from channels.simulator import Style
from handlers.effects import ThreadKind
from nlu.parse import Guess, NluUnavailable
from tests.town import STYLES, ScriptedParser, Town, parse

WHOLE = "hay un bache en Av. Bolívar 123"
DAYS = "¿qué días pasa la basura?"


@pytest.fixture(autouse=True)
def known(parser: ScriptedParser) -> None:
    parser.known |= {
        WHOLE: parse("report_pothole", WHOLE, location="Av. Bolívar 123", language="es"),
        "bache": parse("report_pothole", language="es"),
        DAYS: parse("ask_information", language="es"),
        "¿a qué hora abre la piscina?": parse("ask_information", language="es"),
        "hola": parse("greet", language="es"),
        "gracias": parse("thank", language="es"),
    }


async def kinds(town: Town) -> list[ThreadKind]:
    """Why a person was asked for."""
    async with town.store.view() as view:
        return [entry.thread.kind for entry in (await view.threads.page(0, 10)).rows]


@pytest.mark.parametrize(
    ("style", "choices"), [("telegram", " [Sí] [No]"), ("whatsapp", "\n1 Sí\n2 No"), ("sms", "\n1 Si\n2 No")]
)
async def test_a_question_is_answered_in_one_message_that_asks_whether_this_was_it(
    puerto: Town, style: Style, choices: str
) -> None:
    *_, told = await puerto.says(DAYS, style=style)
    assert told.startswith("La basura pasa lunes, ")
    assert told.endswith(choices)


@pytest.mark.parametrize("yes", ["sí", "1", "gracias", "ok gracias"])
@pytest.mark.parametrize("style", STYLES)
async def test_yes_and_thanks_end_it(puerto: Town, parser: ScriptedParser, style: Style, yes: str) -> None:
    await puerto.says(DAYS, style=style)
    glad = await puerto.says(yes, style=style)
    assert len(glad) == 1
    assert "[" not in glad[0]
    assert await kinds(puerto) == []


@pytest.mark.parametrize("no", ["no", "2", "no, eso no es", "no, quiero saber otra cosa", "No gracias"])
@pytest.mark.parametrize("style", STYLES)
async def test_no_brings_a_person(puerto: Town, parser: ScriptedParser, style: Style, no: str) -> None:
    parser.known["no, eso no es"] = parse("deny", language="es")
    await puerto.says(DAYS, style=style)
    assert len(await puerto.says(no, style=style)) == 1
    assert await kinds(puerto) == [ThreadKind.QUESTION]


async def test_what_no_entry_answers_is_handed_over(puerto: Town) -> None:
    await puerto.says("¿a qué hora abre la piscina?")
    assert await kinds(puerto) == [ThreadKind.QUESTION]


async def test_a_report_after_the_answer_is_a_report(puerto: Town) -> None:
    await puerto.says(DAYS)
    assert "Av. Bolívar 123" in (await puerto.says(WHOLE))[-1]


async def test_a_number_that_chooses_nothing_is_asked_again_and_at_last_a_person_reads_it(puerto: Town) -> None:
    await puerto.says(DAYS)
    assert [len(await puerto.says(number)) for number in ("7", "8", "9")] == [1, 1, 1]
    assert await kinds(puerto) == [ThreadKind.QUESTION]


async def test_no_and_a_place_is_a_report(puerto: Town, parser: ScriptedParser) -> None:
    text = "no hay luz en la calle 8"
    parser.known[text] = parse(None, text, location="la calle 8", language="es")
    await puerto.says(DAYS)
    assert "[Bache]" in (await puerto.says(text))[-1]
    assert await kinds(puerto) == []


async def test_a_photo_after_the_answer_is_no_answer_to_it(puerto: Town) -> None:
    await puerto.says(DAYS)
    assert await puerto.says(photo=b"\xff\xd8\xff")
    assert await kinds(puerto) == []


@pytest.mark.parametrize("intent", ["report_waste", "greet", "out_of_scope", "abuse", "my_data", None])
async def test_words_that_leave_no_doubt_outweigh_the_model(
    puerto: Town, parser: ScriptedParser, intent: str | None
) -> None:
    parser.known[DAYS] = replace(parse(intent, language="es"), confidence=0.5)
    assert (await puerto.says(DAYS))[-1].startswith("La basura pasa lunes, ")


async def test_a_question_is_answered_where_understanding_is_down(puerto: Town, parser: ScriptedParser) -> None:
    parser.trouble = NluUnavailable()
    assert (await puerto.says(DAYS))[-1].startswith("La basura pasa lunes, ")


async def test_where_understanding_is_down_no_question_is_answered_in_another_language(
    puerto: Town, parser: ScriptedParser
) -> None:
    parser.trouble = NluUnavailable()
    assert not (await puerto.says("what day is the rubbish collected?"))[-1].startswith("La basura pasa")


@pytest.mark.parametrize("intent", ["ask_information", "report_waste"])
@pytest.mark.parametrize("begun", ["bache", WHOLE])
async def test_in_the_middle_of_a_report_it_is_answered_and_the_open_question_comes_again(
    puerto: Town, parser: ScriptedParser, begun: str, intent: str
) -> None:
    parser.known[DAYS] = parse(intent, language="es")
    *_, asked = await puerto.says(begun)
    for _ in range(4):  # who is answered has not misunderstood us, however often
        told, again = await puerto.says(DAYS)
        assert told.startswith("La basura pasa lunes, ")
        assert "[" not in told
        assert again == asked


async def test_in_the_middle_of_a_report_what_nobody_answers_is_not_handed_over(puerto: Town) -> None:
    *_, asked = await puerto.says("bache")
    told, again = await puerto.says("¿a qué hora abre la piscina?")
    assert "555 0100" in told
    assert again == asked
    assert await kinds(puerto) == []


@pytest.mark.parametrize("beside", ["¿quién ganó el partido?", DAYS])
async def test_what_is_beside_the_point_is_no_answer_to_a_question_with_choices(
    puerto: Town, parser: ScriptedParser, beside: str
) -> None:
    text = "la luz de la calle 8"
    parser.known |= {
        text: parse("report_lighting", text, location="la calle 8", language="es"),
        "¿quién ganó el partido?": parse("out_of_scope", language="es"),
    }
    *_, asked = await puerto.says(text)
    assert asked.startswith("¿Qué le pasa a la luz?")
    assert (await puerto.says(beside))[-1] == asked


async def test_the_answer_comes_in_the_language_of_the_question(puerto: Town, parser: ScriptedParser) -> None:
    for language, text, begins in (
        ("pt", "que dia passa o lixo?", "O lixo passa"), ("en", "what day is the rubbish collected?", "Rubbish is"),
        ("fr", "quel jour passent les poubelles ?", "Les poubelles passent"),
    ):  # fmt: skip
        parser.known[text] = parse("ask_information", language=language)
        assert (await puerto.says(text, phone=language))[-1].startswith(begins)


async def test_a_question_with_a_place_that_nobody_answers_is_asked_about_as_a_report(
    puerto: Town, parser: ScriptedParser
) -> None:
    text = "¿cuántos golpes hacen falta en la calle?"
    ranking = (Guess(name="ask_information", confidence=0.5), Guess(name="report_pothole", confidence=0.3))
    parser.known[text] = parse("ask_information", language="es", ranking=ranking)
    assert "[Bache]" in (await puerto.says(text))[-1]
    assert await kinds(puerto) == []


async def test_a_press_on_the_answers_button_after_it_was_answered_says_so(puerto: Town) -> None:
    await puerto.says(DAYS)
    await puerto.presses("Sí")
    (old,) = await puerto.presses("No")
    assert old.startswith("Ese botón")
    assert await kinds(puerto) == []
