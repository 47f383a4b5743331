"""What people say beside the point, in the middle of a report or after it."""

import pytest

from bot.conversation import ANSWERS, INTERRUPTS
from bot.i18n import Words
from handlers.say import Say, say
from nlu.contract import INTENTS
from tests.town import CITY, ScriptedParser, Town, parse

WHOLE = "hay un bache en Av. Bolívar 123"


@pytest.fixture(autouse=True)
def known(parser: ScriptedParser) -> None:
    parser.known |= {
        WHOLE: parse("report_pothole", WHOLE, location="Av. Bolívar 123", language="es"),
        "bache": parse("report_pothole", language="es"),
        "hola": parse("greet", language="es"),
        "chau": parse("goodbye", language="es"),
        "¿cuánto tardan?": parse("ask_information", language="es"),
        "cuénteme un chiste": parse("out_of_scope", language="es"),
        "bueno": parse("affirm", language="es"),
        "45": parse("check_status"),
        "no me manden más": parse("stop", language="es"),
        "otro idioma": parse("change_language", language="es"),
        "in english please": parse("change_language", language="en"),
    }


@pytest.mark.parametrize("question", ["¿cuánto tardan?", "cuénteme un chiste"])
@pytest.mark.parametrize("begun", ["bache", WHOLE])
async def test_a_question_is_answered_and_the_reports_own_question_comes_again(
    puerto: Town, begun: str, question: str
) -> None:
    *_, asked = await puerto.says(begun)
    answered, again = await puerto.says(question)
    assert answered.startswith("No tengo ese dato" if question == "¿cuánto tardan?" else "Con eso no puedo ayudarle")
    assert again == asked


async def test_what_is_said_for_the_third_time_is_the_place(puerto: Town) -> None:
    await puerto.says("bache")
    for _ in range(3):
        *_, said = await puerto.says("¿cuánto tardan?")
    assert "[Sí] [No]" in said
    assert "¿cuánto tardan?" in said


async def test_a_digit_that_chooses_nothing_is_neither_a_place_nor_a_number(puerto: Town) -> None:
    await puerto.says("bache")
    missing = await puerto.says("hola")
    assert await puerto.says("45") == missing


@pytest.mark.parametrize(
    "yes", ["si gracias", "Sí, por favor!", "siii", "ok gracias", "dale porfa", "oui merci", "yess"]
)
async def test_a_yes_may_be_polite_or_drawn_out(puerto: Town, parser: ScriptedParser, yes: str) -> None:
    parser.known[yes] = parse("thank", language="es")
    await puerto.says(WHOLE)
    await puerto.says(yes)
    assert len(await puerto.tickets()) == 1


@pytest.mark.parametrize("word", ["bueno", "1", "sí"])
async def test_a_yes_behind_the_receipt_hears_what_stands_and_is_no_new_report(puerto: Town, word: str) -> None:
    await puerto.says(WHOLE)
    await puerto.presses("Sí")
    (ticket,) = await puerto.tickets()
    (told,) = await puerto.says(word)
    assert told.startswith(f"{ticket.number}, ")
    assert "recibido" in told
    assert await puerto.tickets() == [ticket]


async def test_who_asks_us_to_wait_is_in_no_danger(puerto: Town, parser: ScriptedParser) -> None:
    await puerto.says(WHOLE)
    parser.known["um momento"] = parse("emergency", language="es")
    (told,) = await puerto.says("um momento")
    assert "112" not in told


async def test_a_no_behind_the_receipt_is_a_goodbye(puerto: Town, parser: ScriptedParser) -> None:
    parser.known["no"] = parse("deny", language="es")
    await puerto.says(WHOLE)
    await puerto.presses("Sí")
    goodbye = (await puerto.says("chau", phone="p2"))[-1:]
    assert await puerto.says("no") == goodbye


async def test_an_ok_to_a_question_long_forgotten_says_that_nothing_is_under_way(puerto: Town) -> None:
    await puerto.says(WHOLE)
    puerto.clock.forward(hours=25)
    await puerto.says("hola", phone="p2")
    greeting = await puerto.says("hola", phone="p2")
    assert await puerto.says("bueno") == greeting
    assert await puerto.tickets() == []


async def test_a_new_language_asks_the_open_question_again_in_it(puerto: Town) -> None:
    await puerto.says(WHOLE)
    chosen, asked = await puerto.says("in english please")
    assert chosen == "Sure, from now on in English."
    assert asked.startswith("Pothole, at: Av. Bolívar 123.")


async def test_the_report_is_kept_while_the_language_is_chosen(puerto: Town) -> None:
    await puerto.says(WHOLE)
    await puerto.says("otro idioma")
    _, asked = await puerto.presses("English")
    assert asked.startswith("Pothole, at: Av. Bolívar 123.")
    await puerto.presses("Yes")
    assert len(await puerto.tickets()) == 1


@pytest.mark.parametrize("question", ["otro idioma", "no me manden más"])
async def test_a_report_is_heard_whatever_was_asked_before(puerto: Town, question: str) -> None:
    await puerto.says(question)
    (asked,) = await puerto.says(WHOLE)
    assert "Av. Bolívar 123" in asked


async def test_who_wants_messages_after_all_goes_on_with_the_report(puerto: Town) -> None:
    *_, summary = await puerto.says(WHOLE)
    await puerto.says("no me manden más")
    assert await puerto.presses("No") == [summary]


async def test_neither_yes_nor_no_to_stopping_is_asked_again(puerto: Town) -> None:
    *_, asked = await puerto.says("no me manden más")
    assert await puerto.says("hola") == [asked]


@pytest.mark.parametrize(
    ("text", "intent", "begins"),
    [
        ("borren todos mis datos por favor", "erase_data", "Esto borra sus datos"),
        ("quiero recibir mensajes otra vez", "start", "¡Hola!"),
        ("¿qué saben de mí?", "my_data", "Para saber que es usted"),
    ],
)
async def test_what_a_citizen_may_always_ask_for_is_no_place(
    puerto: Town, parser: ScriptedParser, text: str, intent: str, begins: str
) -> None:
    parser.known[text] = parse(intent, language="es")
    await puerto.says("bache")
    (said,) = await puerto.says(text)
    assert said.startswith(begins)
    assert "¿Lo mando?" in (await puerto.says("frente a la escuela"))[-1]


def test_every_intent_either_answers_the_open_question_or_interrupts_it() -> None:
    assert ANSWERS | INTERRUPTS == INTENTS
    assert not ANSWERS & INTERRUPTS


@pytest.mark.parametrize(
    "unknown",
    ["No sé cómo se llama la calle", "no sé", "No lo sé, no conozco la zona", "ni idea", "não sei", "não sei o nome da rua",
     "i don't know the street", "I don’t know", "idk", "no idea", "je ne sais pas", "j'sais pas", "aucune idée"],
)  # fmt: skip
@pytest.mark.parametrize("intent", ["provide_location", "deny", "erase_data", "out_of_scope", None])
async def test_who_does_not_know_the_street_is_helped_once(
    puerto: Town, parser: ScriptedParser, unknown: str, intent: str | None
) -> None:
    parser.known[unknown] = parse(intent)
    await puerto.says("bache")
    assert await puerto.says(unknown) == [Words(CITY)(say(Say.PLACE_NEEDED), "es")]
    assert "frente a la escuela" in (await puerto.says("frente a la escuela"))[-1]


async def test_who_still_does_not_know_can_send_the_report(puerto: Town) -> None:
    await puerto.says("bache")
    await puerto.says("no sé dónde es")
    assert "¿Lo mando?" in (await puerto.says("no sé dónde es"))[-1]


@pytest.mark.parametrize(
    "text",
    ["no sé, frente a la escuela", "I don't know, near the church", "No sé el nombre pero está frente a la iglesia",
     "je sais pas mais devant la gare", "não sei, perto da praça", "no se ve nada en la esquina"],
)  # fmt: skip
async def test_who_does_not_know_the_street_but_what_is_near_is_asked_nothing_more(puerto: Town, text: str) -> None:
    await puerto.says("bache")
    assert f"Bache: {text}." in (await puerto.says(text))[-1]
