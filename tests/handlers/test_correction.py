"""A report is put right in one sentence, after it was filed, in four languages; history keeps old and new."""

import shutil
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from channels.simulator import Style
from handlers.phrases.correction_words import tells_right_place
from nlu.places import Gazetteer
from tests.town import CITY, ScriptedParser, Town, parse, town
from tickets.model import CITIZEN, Author, Event, Field, Point, Status, Ticket, Update

REPORTS = {
    "es": ("hay basura en calle Molino 21", "calle Molino 21"),
    "pt": ("tem lixo na rua 7, 21", "rua 7, 21"),
    "en": ("rubbish at 21 Mill Road", "21 Mill Road"),
    "fr": ("des poubelles renversées 21 rue du Moulin", "21 rue du Moulin"),
}
YES = {"es": "sí", "pt": "sim", "en": "yes", "fr": "oui"}
LAMP, TREE = "un poste apagado en la calle 8", "un árbol caído en Paseo del Parque 3"


@pytest.fixture
async def puerto(tmp_path: Path, sqlite_template: Path, parser: ScriptedParser) -> AsyncIterator[Town]:
    shutil.copy(sqlite_template, tmp_path / "town.db")
    places = Gazetteer(CITY.areas, CITY.streets, CITY.landmarks)
    async with town(tmp_path, parser, places=places, database_url=f"sqlite:///{tmp_path / 'town.db'}") as place:
        yield place


@pytest.fixture(autouse=True)
def known(parser: ScriptedParser) -> None:
    for language, (text, place) in REPORTS.items():
        parser.known[text] = parse("report_waste", text, location=place, language=language)
    parser.known[LAMP] = parse("report_lighting", LAMP, location="la calle 8", language="es")
    parser.known[TREE] = parse("report_tree", TREE, location="Paseo del Parque 3", language="es")


async def report(puerto: Town, text: str = REPORTS["es"][0], yes: str = "sí") -> Ticket:
    await puerto.says(text)
    for _ in range(3):  # a service may have a question of its own
        if await newest(puerto, text):
            break
        await puerto.says("1" if "¿Lo mando?" not in puerto.screen()[-1] else yes)
    ticket = await newest(puerto, text)
    assert ticket
    return ticket


async def newest(puerto: Town, text: str) -> Ticket | None:
    return next((ticket for ticket in await puerto.tickets() if text in ticket.description), None)


async def history(puerto: Town, number: str) -> Sequence[Update]:
    async with puerto.store.view() as view:
        return await view.tickets.history(number)


@pytest.mark.parametrize(
    ("language", "text", "place"),
    [
        ("es", "no es basura, es el alumbrado", ""),
        ("es", "me equivoque, quise decir el foco", ""),
        ("pt", "não é lixo, é iluminação", ""),
        ("en", "it's the lamp not the bin", ""),
        ("fr", "ce n'est pas les poubelles c'est le lampadaire", ""),
    ],
)
async def test_the_service_is_put_right_in_one_sentence(
    puerto: Town, parser: ScriptedParser, language: str, text: str, place: str
) -> None:
    ticket = await report(puerto, REPORTS[language][0], YES[language])
    parser.known[text] = parse("correct", text, language=language)
    (summary,) = await puerto.says(text)
    (now,) = await puerto.tickets()
    names = next(service.names for service in CITY.services if service.code == "lighting")
    assert ticket.number in summary
    assert names[language] in summary
    assert (now.service, now.department, now.version) == ("lighting", "electric", 2)
    assert now.due_at != ticket.due_at
    last = (await history(puerto, ticket.number))[-1]
    assert (last.event, last.actor, last.note, last.public) == (Event.CORRECTED, CITIZEN, text, False)
    changed = last.change(Field.SERVICE)
    assert changed
    assert (changed.old, changed.new) == ("waste", "lighting")


@pytest.mark.parametrize(
    ("language", "text", "place", "words", "street"),
    [
        ("es", "me equivoqué, es en la calle 8", "la calle 8", "la calle 8", "Calle 8"),
        ("es", "perdón, calle molino 12 no 21", "calle molino 12 no 21", "calle molino 12", "Calle Molino"),
        ("es", "no es 21 es 12", "12", "calle Molino 12", "Calle Molino"),
        ("es", "el numero es 45", "45", "calle Molino 45", "Calle Molino"),
        ("pt", "a rua é outra: 8", "", "rua 8", "Calle 8"),
        ("pt", "errei o numero, é 12 e não 21", "", "rua 7, 12", "Rua 7"),
        ("pt", "era na rua 8 não na rua 7", "", "rua 8", "Calle 8"),
        ("en", "I got the number wrong: 12 not 21", "", "12 Mill Road", "Mill Road"),
        ("en", "the street is wrong, it's Station Road 8", "Station Road 8", "Station Road 8", "Station Road"),
        ("fr", "c'était le 12 pas le 21", "", "12 rue du Moulin", "Rue du Moulin"),
        ("en", "sorry the number is 45 please", "", "45 Mill Road", "Mill Road"),
        ("es", "no, la calle 8", "la calle 8", "la calle 8", "Calle 8"),
        ("fr", "je me suis trompé c'est rue des écoles 5", "rue des écoles 5", "rue des écoles 5", "Rue des Écoles"),
    ],
)
async def test_the_place_is_put_right_in_one_sentence(
    puerto: Town, parser: ScriptedParser, language: str, text: str, place: str, words: str, street: str
) -> None:
    ticket = await report(puerto, REPORTS[language][0], YES[language])
    parser.known[text] = parse("correct", text, location=place, language=language)
    (summary,) = await puerto.says(text)
    (now,) = await puerto.tickets()
    assert (now.place.words, now.place.street, now.service) == (words, street, "waste")
    assert words in summary
    last = (await history(puerto, ticket.number))[-1]
    changed = last.change(Field.PLACE)
    assert changed
    assert (changed.old, changed.new) == (ticket.place.words, words)
    assert now.due_at == ticket.due_at


async def test_the_same_correction_twice_changes_nothing_and_gives_the_summary_again(
    puerto: Town, parser: ScriptedParser
) -> None:
    ticket = await report(puerto)
    for text in ("no es basura, es el alumbrado", "era el 12 no el 21"):
        parser.known[text] = parse("correct", text, language="es")
        first = await puerto.says(text)
        assert await puerto.says(text) == first
    assert [update.event for update in await history(puerto, ticket.number)] == [
        Event.FILED, Event.CORRECTED, Event.CORRECTED,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("intent", "text"), [("correct", "no era uno, eran dos perros"), ("report_animal", "eran dos perros no uno")]
)
async def test_what_is_no_service_and_no_place_is_kept_for_the_clerk(
    puerto: Town, parser: ScriptedParser, intent: str, text: str
) -> None:
    ticket = await report(puerto)
    parser.known[text] = parse(intent, text, language="es")
    assert await puerto.says(text) == [f"Anotado en el reporte {ticket.number}. El equipo lo va a ver."]
    last = (await history(puerto, ticket.number))[-1]
    assert (last.event, last.note) == (Event.COMMENTED, text)
    assert len(await puerto.tickets()) == 1


async def test_who_only_says_that_something_is_wrong_is_asked_what(puerto: Town, parser: ScriptedParser) -> None:
    await report(puerto)
    parser.known["me equivoqué"] = parse("correct", language="es")
    (question,) = await puerto.says("me equivoqué")
    assert "[El tema] [El lugar]" in question
    await puerto.presses("El lugar")
    (summary,) = await puerto.says("calle 8 frente al 30")
    assert "calle 8 frente al 30" in summary
    await puerto.says("me equivoqué")
    (menu,) = await puerto.says("1")
    assert "[Árbol]" in menu
    (summary,) = await puerto.presses("Árbol")
    assert "Árbol" in summary
    (ticket,) = await puerto.tickets()
    assert (ticket.service, ticket.place.street, ticket.version) == ("tree", "Calle 8", 3)


async def test_a_place_that_is_only_said_to_be_wrong_is_asked_for(puerto: Town, parser: ScriptedParser) -> None:
    await report(puerto)
    parser.known["la direccion esta mal"] = parse("correct", language="es")
    (question,) = await puerto.says("la direccion esta mal")
    assert "¿cuál es el lugar correcto?" in question
    (summary,) = await puerto.says("", point=CITY.landmarks[0].point)
    (ticket,) = await puerto.tickets()
    assert ticket.place.point == CITY.landmarks[0].point
    assert summary.startswith("¡Cambiado!")


async def test_a_service_that_is_only_said_to_be_wrong_is_asked_for(puerto: Town, parser: ScriptedParser) -> None:
    await report(puerto)
    parser.known["no es basura"] = parse("correct", language="es")
    parser.known["la luminaria"] = parse("report_lighting", language="es")
    assert "[Alumbrado]" in (await puerto.says("no es basura"))[-1]
    assert "Alumbrado" in (await puerto.says("la luminaria"))[-1]
    assert [ticket.service for ticket in await puerto.tickets()] == ["lighting"]


async def test_of_several_reports_the_one_is_meant_that_says_what_is_denied(
    puerto: Town, parser: ScriptedParser
) -> None:
    waste = await report(puerto)
    await report(puerto, TREE)
    parser.known["no es basura, es el alumbrado"] = parse("correct", language="es")
    assert waste.number in (await puerto.says("no es basura, es el alumbrado"))[-1]
    assert waste.number in (await puerto.says("no es basura, es el alumbrado"))[-1]  # again: it is the same one
    assert {ticket.service for ticket in await puerto.tickets()} == {"lighting", "tree"}


async def test_two_that_are_equally_meant_are_asked_about_and_nothing_is_said_twice(
    puerto: Town, parser: ScriptedParser
) -> None:
    one = await report(puerto)
    text = "más basura en calle 8"
    parser.known[text] = parse("report_waste", text, location="calle 8", language="es")
    other = await report(puerto, text)
    puerto.clock.forward(days=3)
    parser.known["no es basura, es el alumbrado"] = parse("correct", language="es")
    (question,) = await puerto.says("no es basura, es el alumbrado", style="telegram")
    assert question.endswith(f"[{other.number} Basura: recibido] [{one.number} Basura: recibido]")
    assert one.number in (await puerto.says("2"))[-1]
    assert {t.number: t.service for t in await puerto.tickets()} == {one.number: "lighting", other.number: "waste"}


async def test_a_number_names_the_report_and_is_no_place(puerto: Town, parser: ScriptedParser) -> None:
    first = await report(puerto)
    await report(puerto, TREE)
    text = f"{first.number}: no es basura, es el alumbrado"
    parser.known[text] = parse("correct", text, language="es")
    assert first.number in (await puerto.says(text))[-1]
    assert {t.number: t.service for t in await puerto.tickets()}[first.number] == "lighting"


@pytest.mark.parametrize(
    ("text", "place", "street"),
    [
        ("el foco es en la calle los pinos, no en la calle 8", "la calle los pinos", "Calle Los Pinos"),
        ("el foco es en la calle los pinos, no en la 8", "la calle los pinos", "Calle Los Pinos"),
    ],
)
@pytest.mark.parametrize("intent", ["report_lighting", "provide_location", None])
async def test_who_denies_what_a_report_says_puts_it_right_days_later(
    puerto: Town, parser: ScriptedParser, text: str, place: str, street: str, intent: str | None
) -> None:
    lamp = await report(puerto, LAMP)
    await report(puerto, TREE)
    puerto.clock.forward(days=2)
    parser.known[text] = parse(intent, text, location=place, language="es")
    assert lamp.number in (await puerto.says(text))[-1]
    assert {t.number: t.place.street for t in await puerto.tickets()}[lamp.number] == street


async def test_nobody_corrects_anothers_report(puerto: Town, parser: ScriptedParser) -> None:
    ticket = await report(puerto)
    text = f"{ticket.number} no es basura, es el alumbrado"
    parser.known[text] = parse("correct", text, language="es")
    assert (await puerto.says(text, phone="p2"))[-1].startswith(f"{ticket.number}, Basura: recibido.")
    assert [t.service for t in await puerto.tickets()] == ["waste"]


async def test_a_closed_report_is_not_changed_and_the_clerk_reads_it_all_the_same(
    puerto: Town, parser: ScriptedParser
) -> None:
    ticket = await report(puerto)
    await puerto.desk.move(number=ticket.number, to=Status.DECLINED, version=1, login="rosa", note="No es nuestro.")
    await puerto.settle()
    parser.known["no es basura, es el alumbrado"] = parse("correct", language="es")
    assert "ya está cerrado" in (await puerto.says("no es basura, es el alumbrado"))[-1]
    last = (await history(puerto, ticket.number))[-1]
    assert (last.event, last.actor.author) == (Event.COMMENTED, Author.CITIZEN)


async def test_a_place_that_is_not_the_citys_is_told_at_once_and_the_clerk_reads_of_it(
    puerto: Town, parser: ScriptedParser
) -> None:
    ticket = await report(puerto)
    parser.known["la direccion esta mal"] = parse("correct", language="es")
    await puerto.says("la direccion esta mal")
    far = Point(latitude=15.9, longitude=-60.1)
    (told,) = await puerto.says("", point=far)
    assert "Cambiado" not in told
    (now,) = await puerto.tickets()
    assert now.place == ticket.place
    last = (await history(puerto, ticket.number))[-1]
    assert (last.event, last.note) == (Event.COMMENTED, "15.90000, -60.10000")


async def test_a_date_that_is_gone_is_promised_to_nobody(puerto: Town, parser: ScriptedParser) -> None:
    await report(puerto)
    puerto.clock.forward(days=20)
    parser.known["no es basura, es una fuga"] = parse("correct", language="es")
    await puerto.says("no es basura, es una fuga")
    (ticket,) = await puerto.tickets()
    assert puerto.clock.now() < ticket.due_at < puerto.clock.now() + timedelta(days=5)


async def test_a_correction_is_no_answer_that_ends_in_the_wrong_service(puerto: Town, parser: ScriptedParser) -> None:
    """A service that the sentence mentions beside a new place is the report's, not a new one."""
    await report(puerto)
    tree = await report(puerto, TREE)
    text = "el de la basura: la calle es otra, calle 8"
    parser.known[text] = parse("correct", text, location="calle 8", language="es")
    await puerto.says(text)
    places = {ticket.service: ticket.place.street for ticket in await puerto.tickets()}
    assert places == {"waste": "Calle 8", "tree": tree.place.street}


@pytest.mark.parametrize("style", ["telegram", "sms", "whatsapp"])
async def test_it_is_the_same_on_every_channel(puerto: Town, parser: ScriptedParser, style: Style) -> None:
    parser.known["no es basura, es el alumbrado"] = parse("correct", language="es")
    await puerto.says(REPORTS["es"][0], style=style, language="es")
    await puerto.says("1", style=style)
    assert "Alumbrado" in (await puerto.says("no es basura, es el alumbrado", style=style))[-1]
    (ticket,) = await puerto.tickets(style=style)
    assert ticket.service == "lighting"


@pytest.mark.parametrize(
    "text",
    [
        "perdón, la dirección correcta es calle 8", "disculpe la calle buena es calle 8", "la buena es calle 8",
        "desculpa, o endereço certo é calle 8", "o endereco certo e calle 8", "sorry, da right address is calle 8",
        "the correct adress is calle 8", "the rihgt street is calle 8", "pardon, la bonne adresse c'est calle 8",
        "la bonne rue est calle 8",
    ],
)  # fmt: skip
async def test_the_right_place_that_is_said_to_be_right_corrects_the_newest_report_days_later(
    puerto: Town, parser: ScriptedParser, text: str
) -> None:
    await report(puerto)
    puerto.clock.forward(hours=50)
    parser.known[text] = parse("provide_location", text, location="calle 8", language="es")
    assert "calle 8" in (await puerto.says(text))[-1]
    (ticket,) = await puerto.tickets()
    assert ticket.place.words == "calle 8"


@pytest.mark.parametrize(
    "text",
    [
        "no water, and the street light is out at Mill Road 5", "o certo é consertar logo", "right place, wrong time",
        "the right of way is blocked", "la buena noticia es que llovió", "the address is 40 Mill Road", "right is right",
        "",
    ],
)  # fmt: skip
def test_no_place_is_said_to_be_right_here(text: str) -> None:
    assert not tells_right_place(text)
