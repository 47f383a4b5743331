"""Insults and what is none of our business: one calm sentence, then the menu, then a person."""

import pytest

from channels.simulator import Style
from handlers.effects import ThreadKind
from nlu.parse import Guess
from tests.handlers.test_information import kinds
from tests.town import STYLES, ScriptedParser, Town, parse


@pytest.fixture(autouse=True)
def known(parser: ScriptedParser) -> None:
    parser.known |= {
        "inútiles": parse("abuse", language="es"),
        "¿quién ganó el partido?": parse("out_of_scope", language="es"),
        "asdf": parse(None, language="es"),
        "hola": parse("greet", language="es"),
        "gracias": parse("thank", language="es"),
        "sí": parse("affirm", language="es"),
        "hay un bache": parse("report_pothole", language="es"),
    }


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    "said",
    [
        ["asdf", "asdf", "asdf"], ["inútiles", "inútiles", "inútiles"], ["inútiles", "asdf", "asdf"],
        ["¿quién ganó el partido?"] * 3, ["¿quién ganó el partido?", "inútiles", "asdf"],
        ["asdf", "inútiles", "asdf"], ["inútiles", "¿quién ganó el partido?", "inútiles"],
    ],
)  # fmt: skip
async def test_the_second_brings_the_whole_menu_and_the_third_a_person(
    puerto: Town, style: Style, said: list[str]
) -> None:
    first = await puerto.says(said[0], style=style)
    second = await puerto.says(said[1], style=style)
    assert {"sms": "\n12 Otro problema", "telegram": "[Otro problema]", "whatsapp": "Otro problema"}[style] in second[
        -1
    ]
    assert said[0] == "asdf" or second[-1] not in first
    assert await kinds(puerto) == []
    third = await puerto.says(said[2], style=style)
    assert third[-1] not in (*first, *second)
    assert await kinds(puerto) == [ThreadKind.STUCK]


async def test_an_insult_gets_one_calm_sentence_and_a_way_on(puerto: Town) -> None:
    await puerto.says("hola")
    (calm,) = await puerto.says("inútiles")
    assert calm.startswith("Entiendo")
    assert "[" not in calm


@pytest.mark.parametrize("between", ["hola", "gracias", "sí"])
async def test_what_is_understood_in_between_begins_the_count_anew(
    puerto: Town, parser: ScriptedParser, between: str
) -> None:
    calm = (await puerto.says("inútiles"))[-1]
    await puerto.says(between)
    assert await puerto.says("inútiles") == [calm]


async def test_an_insult_is_no_description_of_the_report_that_follows(puerto: Town) -> None:
    await puerto.says("inútiles")
    await puerto.says("inútiles")
    await puerto.presses("Bache")
    await puerto.says("Av. Bolívar 123")
    await puerto.presses("Sí")
    (ticket,) = await puerto.tickets()
    assert "inútiles" not in ticket.description


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("inútiles, la alcantarilla sigue tapada", "water"), ("you idiots the bins are full", "waste"),
        ("seus inúteis, o poste caiu", "lighting"), ("bande d'incapables, encore un trou", "pothole"),
    ],
)  # fmt: skip
async def test_an_insult_with_a_report_in_it_is_a_report(
    puerto: Town, parser: ScriptedParser, text: str, service: str
) -> None:
    ranking = (Guess(name="abuse", confidence=0.8), Guess(name=f"report_{service}", confidence=0.15))
    parser.known[text] = parse("abuse", text, language="es", ranking=ranking)
    await puerto.says(text)
    await puerto.says("Av. Bolívar 123")
    for _ in range(3):  # the service's own question, the confirmation
        if not await puerto.tickets():
            await puerto.says("1")
    (ticket,) = await puerto.tickets()
    assert ticket.service == service


@pytest.mark.parametrize("intent", ["out_of_scope", "abuse"])
async def test_what_the_model_half_takes_for_a_report_is_asked_about(
    puerto: Town, parser: ScriptedParser, intent: str
) -> None:
    ranking = (Guess(name=intent, confidence=0.5), Guess(name="report_pothole", confidence=0.3))
    parser.known["qué bonita luna"] = parse(intent, language="es", ranking=ranking)
    assert "[Bache]" in (await puerto.says("qué bonita luna"))[-1]


async def test_a_report_after_an_insult_is_heard_at_once(puerto: Town) -> None:
    await puerto.says("inútiles")
    (asked,) = await puerto.says("hay un bache")
    assert "[" not in asked
    assert "Bache" in asked
