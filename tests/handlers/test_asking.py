"""Asking after what one has reported, in words that a model may take for a report."""

import pytest

from handlers.phrases.asking import TABLES, asks_after, asks_for_own
from tests.town import CITY, ScriptedParser, Town, parse
from tickets.model import Status

LAMP = "un poste apagado en la calle 8"


@pytest.mark.parametrize("language", CITY.languages)
@pytest.mark.parametrize("table", TABLES)
def test_every_language_has_its_words(table: str, language: str) -> None:
    assert TABLES[table].get(language), f"{language}: add its words to {table} in handlers/phrases/asking.py"


@pytest.mark.parametrize(
    "text",
    [
        "y la lampara?", "¿Y el foco?", "q paso con el foco", "como va lo de la luz", "hola, ¿ya arreglaron el bache?",
        "cuando arreglan el bache", "novedades del arbol?", "e a lâmpada da rua 7?", "como tá o poste?",
        "tem notícia do buraco", "já consertaram o poste?", "hows the pothole going", "what about the street light",
        "any news on the lamp", "du nouveau pour le lampadaire", "et le lampadaire ?", "bonjour, où en est mon trou",
        "ya recogieron la basura?", "¿Ya taparon el hoyo?", "já recolheram o lixo?", "is the rubbish gone yet",
        "et pr les tags, ou ca en est", "et pr la voiture abandonnee, ou ca en e ?", "avez-vous réparé le lampadaire ?", "et les poubelles ?",
    ],
)  # fmt: skip
def test_these_ask_after_something(text: str) -> None:
    assert asks_after(text)


@pytest.mark.parametrize(
    "text",
    [
        "hay un bache en la calle 8", "y la basura la dejan siempre tirada frente a mi casa", "um poste apagado",
        "the lamp is out and the pothole is back", "le lampadaire ne marche plus et la rue est noire", "", "7K3-9QX",
    ],
)  # fmt: skip
def test_these_do_not(text: str) -> None:
    assert not asks_after(text)


@pytest.mark.parametrize(
    "text", ["mis reportes", "mis rpeortes", "Quiero ver mis reprotes", "meus peddos", "my repots!", "mes signalemnts"]
)
def test_these_ask_for_all_of_ones_own(text: str) -> None:
    assert asks_for_own(text)


@pytest.mark.parametrize(
    "text", ["mis deportes", "my rapport", "reportes", "mes signes", "mis datos", "meus dados", ""]
)
def test_these_ask_for_something_else(text: str) -> None:
    assert not asks_for_own(text)


async def test_my_reports_mistyped_are_told_whatever_a_model_hears(
    puerto: Town, parser: ScriptedParser, lamp: str
) -> None:
    parser.known["mis rpeortes"] = parse("my_data", language="es")
    assert lamp in (await puerto.says("mis rpeortes"))[-1]


async def test_how_is_it_going_behind_a_name_is_a_question(puerto: Town, parser: ScriptedParser, lamp: str) -> None:
    for text in (
        "e o pedido de iluminacao, como anda?",
        "y el reporte del foco, cómo va?",
        "et pour le lampadaire, où ça en est ?",
    ):
        parser.known[text] = parse("report_lighting", language="es")
        told = (await puerto.says(text))[-1]
        assert lamp in told
        assert "Lo que sigue" in told


@pytest.fixture
async def lamp(puerto: Town, parser: ScriptedParser) -> str:
    """The number of a lamp that p1 reported."""
    parser.known[LAMP] = parse("report_lighting", LAMP, location="la calle 8", language="es")
    await puerto.says(LAMP)
    await puerto.says("sí")
    return (await puerto.tickets())[0].number


@pytest.mark.parametrize("intent", ["report_lighting", None, "ask_information"])
async def test_who_reported_one_is_told_of_it_whatever_the_model_thinks(
    puerto: Town, parser: ScriptedParser, lamp: str, intent: str | None
) -> None:
    parser.known["¿y el foco?"] = parse(intent, language="es")
    assert (await puerto.says("¿y el foco?"))[-1].startswith(f"{lamp}, Alumbrado")


async def test_who_reported_none_reports_it(puerto: Town, parser: ScriptedParser, lamp: str) -> None:
    parser.known["¿y el foco?"] = parse("report_lighting", language="es")
    assert lamp not in (await puerto.says("¿y el foco?", phone="p2"))[-1]


@pytest.mark.parametrize(
    ("text", "location"), [("¿y la luz del mercado?", "mercado"), ("¿cuándo arreglan el bache?", "")]
)
async def test_another_place_or_another_thing_is_a_report(
    puerto: Town, parser: ScriptedParser, lamp: str, text: str, location: str
) -> None:
    intent = "report_lighting" if location else "report_pothole"
    parser.known[text] = parse(intent, text, location=location, language="es")
    assert lamp not in (await puerto.says(text))[-1]


async def test_not_fixed_is_no_question(puerto: Town, parser: ScriptedParser, lamp: str) -> None:
    text = "ya arreglaron la luz pero sigue igual"
    parser.known[text] = parse("reopen", language="es")
    assert "Lo que sigue" not in (await puerto.says(text))[-1]


async def test_what_was_fixed_and_is_broken_again_is_reported_anew(
    puerto: Town, parser: ScriptedParser, lamp: str
) -> None:
    for text in ("y la luz se fue otra vez", "¿y la luz?"):
        parser.known[text] = parse("report_lighting", language="es")
    await puerto.desk.move(number=lamp, to=Status.RESOLVED, version=1, login="rosa", note="")
    puerto.clock.forward(days=10)
    assert (await puerto.says("¿y la luz?"))[-1].startswith(f"{lamp}, Alumbrado, la calle 8: resuelto")
    assert "¿En qué calle" in (await puerto.says("y la luz se fue otra vez"))[-1]
