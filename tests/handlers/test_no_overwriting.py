"""What is told beside the question changes no report: another problem, a number, a detail, a yes with more behind it."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from handlers.phrases.contrast import contrast, tells_missing
from nlu.places import Gazetteer
from tests.town import CITY, PIN, ScriptedParser, Town, parse, town

HOLE, LAMP = "hay un bache en la calle Molino 33", "no prende el poste de la calle Molino 33"
# Language, text, the service that the model hears, the place.
ANOTHER = [
    ("es", "no hay luz, se cayó un árbol en calle 8 numero 90", "tree", "calle 8 numero 90"),
    ("es", "no pasa la basura, hay ratas en calle 9", "animal", "calle 9"),
    ("en", "no water, and the street light is out at Mill Road 5", "lighting", "Mill Road 5"),
    ("en", "not a light on, a tree fell at Mill Road 5", "tree", "Mill Road 5"),
    ("fr", "pas d'eau, lampadaire éteint", "lighting", ""),
    ("pt", "não tem luz, caiu uma árvore", "tree", ""),
]


@pytest.fixture
async def puerto(tmp_path: Path, sqlite_template: Path, parser: ScriptedParser) -> AsyncIterator[Town]:
    shutil.copy(sqlite_template, tmp_path / "town.db")
    parser.known |= {
        HOLE: parse("report_pothole", HOLE, location="la calle Molino 33", language="es"),
        LAMP: parse("report_lighting", LAMP, location="la calle Molino 33", language="es"),
    }
    url, places = f"sqlite:///{tmp_path / 'town.db'}", Gazetteer(CITY.areas, CITY.streets, CITY.landmarks)
    async with town(tmp_path, parser, places=places, database_url=url) as place:
        yield place


@pytest.mark.parametrize(("language", "text", "service", "place"), ANOTHER)
async def test_a_new_problem_changes_no_report_that_is_filed(
    puerto: Town, parser: ScriptedParser, language: str, text: str, service: str, place: str
) -> None:
    await puerto.says(HOLE)
    await puerto.says("sí")
    parser.known[text] = parse(f"report_{service}", text, location=place, language=language)
    await puerto.says(text)
    (hole,) = await puerto.tickets()
    assert (hole.service, hole.place.street, hole.version) == ("pothole", "Calle Molino", 1)


@pytest.mark.parametrize(("language", "text", "service", "place"), [row for row in ANOTHER if "not a" not in row[1]])
async def test_a_new_problem_waits_behind_the_open_draft(
    puerto: Town, parser: ScriptedParser, language: str, text: str, service: str, place: str
) -> None:
    await puerto.says(HOLE)
    parser.known[text] = parse(f"report_{service}", text, location=place, language=language)
    await puerto.says(text)
    await puerto.says("1")
    (hole,) = await puerto.tickets()
    assert (hole.service, hole.place.street, hole.description) == ("pothole", "Calle Molino", HOLE)


async def test_what_is_missing_beside_it_turns_no_lamp_into_rubbish(puerto: Town, parser: ScriptedParser) -> None:
    await puerto.says(LAMP)
    await puerto.says("1")
    await puerto.says("1")
    text = "no hay luz, hay basura tirada en calle 9"
    parser.known[text] = parse("report_waste", text, location="calle 9", language="es")
    await puerto.says(text)
    assert [ticket.service for ticket in await puerto.tickets()] == ["lighting"]


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language, text, *_ in ANOTHER if "not a" not in text]
)
def test_what_is_missing_is_told_and_not_denied(language: str, text: str) -> None:
    assert tells_missing(text, language)
    assert not contrast(text, language).denied


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "no es basura, es el alumbrado"),
        ("es", "no ha sido la basura, ha sido la luz"),
        ("es", "no pasó en la calle 8, fue en la 9"),
        ("pt", "não é lixo, é iluminação"),
        ("en", "it's not water, it's a tree"),
        ("fr", "c'est pas de l'eau c'est un arbre"),
    ],
)
def test_a_contrast_tells_of_nothing_missing(language: str, text: str) -> None:
    assert not tells_missing(text, language)
    assert contrast(text, language).denied


@pytest.mark.parametrize("number", ["3", "2026", "12."])
async def test_a_number_beyond_the_options_takes_no_pin(puerto: Town, parser: ScriptedParser, number: str) -> None:
    parser.known |= {
        "hay un bache": parse("report_pothole", language="es"),
        number: parse("provide_location", number, location=number),
    }
    await puerto.says("hay un bache")
    (summary,) = await puerto.says(point=PIN)
    assert (await puerto.says(number))[-1] == summary
    await puerto.says("1")
    (ticket,) = await puerto.tickets()
    assert (ticket.place.point, ticket.description) == (PIN, "hay un bache")


async def test_a_number_beyond_the_neighbours_reports_is_asked_again(puerto: Town, parser: ScriptedParser) -> None:
    parser.known["7"] = parse("out_of_scope")
    await puerto.says(HOLE, phone="p2")
    await puerto.says("1", phone="p2")
    (offered,) = (await puerto.says(HOLE))[-1:]
    assert (await puerto.says("7"))[-1] == offered


async def test_a_late_yes_by_digit_begins_no_report_at_a_place_called_one(puerto: Town, parser: ScriptedParser) -> None:
    parser.known["1"] = parse("provide_location", "1", location="1")
    await puerto.says(HOLE)
    puerto.clock.forward(days=2)
    await puerto.says("1")
    assert "1." not in (await puerto.presses("Bache"))[-1]
    assert await puerto.tickets() == []


@pytest.mark.parametrize("intent", ["provide_location", "report_pothole"])
async def test_a_detail_is_put_behind_the_place(puerto: Town, parser: ScriptedParser, intent: str) -> None:
    text = "es al lado de la panadería"
    parser.known[text] = parse(intent, text, location="al lado de la panadería")
    await puerto.says(HOLE)
    await puerto.says(text)
    await puerto.says("1")
    (ticket,) = await puerto.tickets()
    assert ticket.place.words == "la calle Molino 33, al lado de la panadería"
    assert ticket.place.street == "Calle Molino"


async def test_another_street_is_another_place_all_the_same(puerto: Town, parser: ScriptedParser) -> None:
    for text, place in (("en la calle 8", "la calle 8"), ("sí pero en la calle 99", "la calle 99")):
        parser.known[text] = parse("provide_location", text, location=place)
        if text.startswith("en"):
            await puerto.says(HOLE)
        assert place in (await puerto.says(text))[-1]


@pytest.mark.parametrize(
    ("intent", "confidence", "text"),
    [
        ("report_tree", 0.4, "hay un árbol cerca"),
        ("report_other", 0.9, "hay otro problema cerca"),
        ("report_animal", 0.9, "delante del local"),
    ],
)
async def test_a_guess_changes_no_service(
    puerto: Town, parser: ScriptedParser, intent: str, confidence: float, text: str
) -> None:
    parser.known[text] = replace(parse(intent, language="es"), confidence=confidence)
    await puerto.says(HOLE)
    await puerto.says(text)
    await puerto.says("1")
    (ticket,) = await puerto.tickets()
    assert (ticket.service, ticket.description) == ("pothole", f"{HOLE}\n{text}")


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("out_of_scope", "si pero vengan rápido que es peligroso"),
        (None, "si, desde hace una semana"),
        ("affirm", "sí, es muy peligroso"),
        ("ask_information", "sim, mas venham logo"),
        ("provide_location", "yes please hurry up"),
        ("add_comment", "oui mais faites vite"),
    ],
)
async def test_a_yes_with_more_behind_it_sends_the_report_and_the_words(
    puerto: Town, parser: ScriptedParser, intent: str | None, text: str
) -> None:
    parser.known[text] = parse(intent)
    await puerto.says(HOLE)
    await puerto.says(text)
    (ticket,) = await puerto.tickets()
    assert (ticket.place.street, ticket.description) == ("Calle Molino", f"{HOLE}\n{text}")


@pytest.mark.parametrize(
    "text", ["si pero la dirección está mal", "sí no lo mande", "si, ¿y cuánto tardan?", "y es grande"]
)
async def test_a_yes_that_changes_something_sends_nothing(puerto: Town, parser: ScriptedParser, text: str) -> None:
    parser.known[text] = parse(None)
    await puerto.says(HOLE)
    await puerto.says(text)
    assert await puerto.tickets() == []


async def test_a_yes_with_more_is_none_to_a_neighbours_report(puerto: Town, parser: ScriptedParser) -> None:
    text = "sí pero vengan rápido que es peligroso"
    parser.known[text] = parse(None)
    await puerto.says(HOLE, phone="p2")
    await puerto.says("1", phone="p2")
    await puerto.says(HOLE)
    await puerto.says(text)
    assert await puerto.tickets() == []


async def test_ones_own_report_in_the_same_words_is_offered_where_no_map_knows_the_street(
    puerto: Town, parser: ScriptedParser
) -> None:
    text = "hay basura por donde la virgen"
    parser.known[text] = parse("report_waste", text, location="donde la virgen", language="es")
    await puerto.says(text)
    await puerto.says("1")
    (ticket,) = await puerto.tickets()
    puerto.clock.forward(hours=30)
    assert "donde la virgen, hace" in (await puerto.says(text))[-1]
    assert ticket.number in (await puerto.says("1"))[-1]
    assert len(await puerto.tickets()) == 1
