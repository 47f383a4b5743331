"""A service's own questions: answered by what was told, by a digit, a word, or in the citizen's own words."""

from dataclasses import replace

import pytest

from handlers.reporting.question import told_in
from tests.town import CITY, PIN, ScriptedParser, Town, parse
from tickets.city import Question

LAMP = "hay un problema con el poste en Av. Bolívar 123"
OFF = "no prende la luz del poste en Av. Bolívar 123"
ASKED = "¿Qué le pasa a la luz? [Apagada] [Parpadea] [Prendida de día] [Poste caído o torcido]"


def question(service: str) -> Question:
    found = CITY.service(service)
    assert found
    return found.questions[0]


@pytest.fixture(autouse=True)
def known(parser: ScriptedParser) -> None:
    parser.known |= {
        LAMP: parse("report_lighting", LAMP, location="Av. Bolívar 123", language="es"),
        OFF: parse("report_lighting", OFF, location="Av. Bolívar 123", language="es"),
        "poste": parse("report_lighting", language="es"),
        "está parpadeando hace días": parse(None, language="es"),
        "hola": parse("greet", language="es"),
        "es un árbol caído": parse("report_tree", language="es"),
        "en la calle 8": parse("provide_location", "en la calle 8", location="calle 8"),
    }


@pytest.mark.parametrize(
    ("service", "text", "language", "code"),
    [
        ("lighting", "no prende la luz del poste", "es", "off"),
        ("lighting", "la luz no está apagada", "es", None),
        ("lighting", "lâmpada no poste apagado", "pt", "off"),
        ("lighting", "não está apagado", "pt", None),
        ("lighting", "a luz do poste fica acesa de dia", "pt", "by_day"),
        ("lighting", "se cayó el poste y quedó todo sin luz", "es", "fallen"),
        ("lighting", "the street light keeps flickering on and off", "en", "flickering"),
        ("lighting", "the lamp isn't working", "en", "off"),
        ("lighting", "le lampadaire ne s'allume plus", "fr", "off"),
        ("lighting", "le lampadaire reste allumé toute la journée", "fr", "by_day"),
        ("lighting", "un poste de luz", "es", None),
        ("animal", "perro muerto en la vereda", "es", "dead"),
        ("animal", "le chien n'est pas mort", "fr", None),
        ("animal", "ratas muertas", "es", "dead"),
        ("animal", "stray dogs chasing people", "en", "alive"),
        ("animal", "muito mosquito aqui", "pt", "pest"),
    ],
)
def test_what_was_told_answers(service: str, text: str, language: str, code: str | None) -> None:
    told = told_in(text, question(service), language)
    assert (told and told.code) == code


async def test_a_full_sentence_needs_only_a_yes(puerto: Town) -> None:
    assert "¿Lo mando?" in (await puerto.says(OFF))[-1]
    await puerto.presses("Sí")
    (ticket,) = await puerto.tickets()
    assert ticket.answers == (("fault", "off"),)


@pytest.mark.parametrize("answer", ["2", "Parpadea", "parpadea", "está parpadeando hace días"])
async def test_a_digit_a_name_or_words_answer(puerto: Town, answer: str) -> None:
    assert (await puerto.says(LAMP))[-1] == ASKED
    assert "¿Lo mando?" in (await puerto.says(answer))[-1]
    await puerto.presses("Sí")
    (ticket,) = await puerto.tickets()
    assert ticket.answers == (("fault", "flickering"),)


async def test_words_that_no_option_knows_are_kept_as_they_are(puerto: Town) -> None:
    await puerto.says(LAMP)
    assert "¿Lo mando?" in (await puerto.says("hace un ruido raro"))[-1]
    await puerto.presses("Sí")
    assert [ticket.answers for ticket in await puerto.tickets()] == [(("fault", "hace un ruido raro"),)]


async def test_what_is_no_answer_is_asked_again_once_and_then_left(puerto: Town) -> None:
    await puerto.says(LAMP)
    assert await puerto.says("hola") == [ASKED]
    assert "¿Lo mando?" in (await puerto.says("hola"))[-1]


async def test_the_place_comes_first_and_a_pin_in_place_of_an_answer_is_taken(puerto: Town) -> None:
    assert "¿En qué calle" in (await puerto.says("poste"))[-1]
    assert (await puerto.says("en la calle 8")) == [ASKED]
    assert (await puerto.says(point=PIN)) == [ASKED]
    await puerto.says("1")
    await puerto.presses("Sí")
    (ticket,) = await puerto.tickets()
    assert (ticket.place.point, ticket.answers) == (PIN, (("fault", "off"),))


async def test_a_photo_in_place_of_an_answer_goes_with_the_report(puerto: Town) -> None:
    await puerto.says(LAMP)
    assert await puerto.says(photo=b"\xff\xd8\xff") == [ASKED]
    await puerto.says("1")
    await puerto.presses("Sí")
    (ticket,) = await puerto.tickets()
    async with puerto.store.view() as view:
        assert len(await view.photos.of_ticket(ticket.number)) == 1


async def test_another_service_in_place_of_an_answer_forgets_the_question(puerto: Town) -> None:
    await puerto.says(LAMP)
    (summary,) = await puerto.says("es un árbol caído")
    assert summary.startswith("Árbol: Av. Bolívar 123.")
    await puerto.presses("Sí")
    assert [(ticket.service, ticket.answers) for ticket in await puerto.tickets()] == [("tree", ())]


async def test_the_report_told_again_is_no_answer(puerto: Town) -> None:
    await puerto.says(LAMP)
    assert await puerto.says(LAMP) == [ASKED]


async def test_a_plain_phone_answers_by_number(puerto: Town) -> None:
    *_, asked = await puerto.says(LAMP, style="sms")
    assert asked.endswith("\n1 Apagada\n2 Parpadea\n3 Prendida de dia\n4 Poste caido o torcido")
    await puerto.says("4", style="sms")
    await puerto.says("1", style="sms")
    assert [ticket.answers for ticket in await puerto.tickets(style="sms")] == [(("fault", "fallen"),)]


@pytest.mark.parametrize("service", [service.code for service in CITY.services])
def test_no_service_asks_more_than_three_questions(service: str) -> None:
    found = CITY.service(service)
    assert found
    assert len(found.questions) + len({"place", "details"} & set(found.asks)) <= 3


async def test_a_dead_dog_is_no_danger_to_life(puerto: Town, parser: ScriptedParser) -> None:
    dog = "un chien devant l'école"
    parser.known[dog] = parse("report_animal", dog, location="devant l'école", language="fr")
    parser.known["il est mort"] = replace(parse("emergency", language="fr"), confidence=0.4)
    await puerto.says(dog)
    (summary,) = await puerto.says("il est mort")
    assert "112" not in summary
    await puerto.presses("Oui")
    assert [ticket.answers for ticket in await puerto.tickets()] == [(("animal", "dead"),)]


async def test_danger_in_an_answer_is_danger(puerto: Town, parser: ScriptedParser) -> None:
    parser.known["caído, hay un herido"] = parse("emergency", language="es")
    await puerto.says(LAMP)
    assert any("112" in said for said in await puerto.says("caído, hay un herido"))


async def test_who_does_not_know_is_not_asked_again(puerto: Town, parser: ScriptedParser) -> None:
    parser.known["no sé"] = parse("deny", language="es")
    await puerto.says(LAMP)
    assert "¿Lo mando?" in (await puerto.says("no sé"))[-1]
