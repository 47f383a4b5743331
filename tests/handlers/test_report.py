import pytest

from nlu.parse import Guess
from tests.town import PIN, ScriptedParser, Town, parse
from tickets.model import Event, Status

WHOLE = "hay un bache enorme en Av. Bolívar 123"
BACHE = parse("report_pothole", WHOLE, location="Av. Bolívar 123", language="es")
BARE = "hay un bache"


@pytest.fixture(autouse=True)
def known(parser: ScriptedParser) -> None:
    parser.known |= {
        WHOLE: BACHE,
        BARE: parse("report_pothole", BARE, language="es"),
        "calle 8 con la plaza": parse("provide_location", "calle 8 con la plaza", location="calle 8 con la plaza"),
        "es un árbol": parse("report_tree", "es un árbol"),
        "sí por favor": parse("affirm"),
        "mal": parse("deny"),
        "otra cosa rara": parse("report_other", language="es"),
        "hola": parse("greet", language="es"),
        "¿cómo va mi reporte?": parse("check_status", language="es"),
    }


async def test_one_sentence_with_everything_needs_only_a_yes(puerto: Town) -> None:
    welcome, summary = await puerto.says(WHOLE)
    assert welcome.startswith("Hola, soy Vecino")
    assert summary == "Bache: Av. Bolívar 123. ¿Lo mando? Si quiere, agregue antes una foto. [Sí] [No]"
    (receipt,) = await puerto.presses("Sí")
    (ticket,) = await puerto.tickets()
    assert receipt.startswith(f"¡Listo! Reporte {ticket.number}: Bache, Av. Bolívar 123.")
    assert (ticket.service, ticket.place.words, ticket.language) == ("pothole", "Av. Bolívar 123", "es")
    assert (ticket.description, ticket.department, ticket.status) == (WHOLE, "roads", Status.RECEIVED)
    assert ticket.confidence == 0.9


@pytest.mark.parametrize("yes", ["1", "Sí", "si", "SI.", "dale", "👍", "sí por favor", "ok"])
async def test_a_yes_may_be_a_digit_a_word_or_an_intent(puerto: Town, yes: str) -> None:
    await puerto.says(WHOLE, style="sms")
    await puerto.says(yes, style="sms")
    assert len(await puerto.tickets(style="sms")) == 1


async def test_service_first_then_place(puerto: Town) -> None:
    *_, asked = await puerto.says(BARE)
    assert asked == "Bache, anotado. ¿En qué calle y a qué altura? También sirve una esquina o algo que quede cerca."
    (summary,) = await puerto.says("calle 8 con la plaza")
    assert "calle 8 con la plaza" in summary
    await puerto.presses("Sí")
    assert [t.place.words for t in await puerto.tickets()] == ["calle 8 con la plaza"]


async def test_place_first_then_service_by_number_on_a_plain_phone(puerto: Town) -> None:
    *_, menu = await puerto.says("calle 8 con la plaza", style="sms")
    assert "\n1 Bache\n2 Acera" in menu
    (summary,) = await puerto.says("6", style="sms")
    assert summary.startswith("Arbol: calle 8 con la plaza.")
    await puerto.says("1", style="sms")
    assert [t.service for t in await puerto.tickets(style="sms")] == ["tree"]


async def test_a_pin_answers_where_and_is_resolved(puerto: Town) -> None:
    await puerto.says(BARE)
    (summary,) = await puerto.says(point=PIN)
    assert summary.startswith("Bache: Avenida Bolívar.")
    await puerto.presses("Sí")
    (ticket,) = await puerto.tickets()
    assert (ticket.place.point, ticket.place.area) == (PIN, "centro")


async def test_words_that_no_gazetteer_knows_are_a_place_all_the_same(puerto: Town) -> None:
    await puerto.says(BARE)
    await puerto.says("donde la virgen, subiendo")
    await puerto.presses("Sí")
    assert [t.place.words for t in await puerto.tickets()] == ["donde la virgen, subiendo"]


@pytest.mark.parametrize("no_place", ["hola", "mal", "sí por favor", "", "😀"])
async def test_what_is_no_place_is_asked_again_kindly(puerto: Town, no_place: str, parser: ScriptedParser) -> None:
    await puerto.says(BARE)
    (asked,) = await puerto.says(no_place)
    assert asked.startswith("Me falta el lugar") or "😀" in asked
    assert await puerto.tickets() == []


async def test_no_then_another_service(puerto: Town) -> None:
    await puerto.says(WHOLE)
    (change,) = await puerto.presses("No")
    assert change == "Sin problema. ¿Qué cambio? [El tema] [El lugar] [No mandarlo]"
    (menu,) = await puerto.presses("El tema")
    assert "[Árbol]" in menu
    (summary,) = await puerto.presses("Árbol")
    assert summary.startswith("Árbol: Av. Bolívar 123.")


async def test_no_then_another_place(puerto: Town) -> None:
    await puerto.says(WHOLE)
    await puerto.presses("No")
    (asked,) = await puerto.presses("El lugar")
    assert "¿En qué calle" in asked
    (summary,) = await puerto.says("calle 8 con la plaza")
    assert "calle 8 con la plaza" in summary


async def test_no_then_drop(puerto: Town) -> None:
    await puerto.says(WHOLE)
    await puerto.presses("No")
    assert await puerto.presses("No mandarlo") == ["De acuerdo, no mandé nada. Escríbame cuando lo necesite."]
    assert await puerto.tickets() == []


async def test_a_correction_in_place_of_a_yes_changes_the_right_thing(puerto: Town) -> None:
    await puerto.says(WHOLE)
    (summary,) = await puerto.says("es un árbol")
    assert summary.startswith("Árbol: Av. Bolívar 123.")
    (summary,) = await puerto.says("calle 8 con la plaza")
    assert summary.startswith("Árbol: calle 8 con la plaza.")


async def test_a_place_told_in_two_messages_reaches_the_clerk_whole(puerto: Town) -> None:
    await puerto.says(BARE)
    await puerto.says("frente a la escuela")
    (summary,) = await puerto.says("calle 8 con la plaza")
    assert summary.startswith("Bache: calle 8 con la plaza.")
    await puerto.presses("Sí")
    (ticket,) = await puerto.tickets()
    assert ticket.description == "hay un bache\nfrente a la escuela\ncalle 8 con la plaza"


async def test_a_photo_in_the_middle_goes_with_the_ticket(puerto: Town) -> None:
    await puerto.says(WHOLE)
    (summary,) = await puerto.says(photo=b"\xff\xd8\xff a photo")
    assert summary == "Bache: Av. Bolívar 123. ¿Lo mando? [Sí] [No]"
    await puerto.presses("Sí")
    (ticket,) = await puerto.tickets()
    async with puerto.store.view() as view:
        (photo,) = await view.photos.of_ticket(ticket.number)
    assert photo.name is not None
    assert await puerto.files.get(photo.name) == (b"\xff\xd8\xff a photo", "image/jpeg")


async def test_a_photo_right_after_the_receipt_is_added_to_that_ticket(puerto: Town) -> None:
    await puerto.says(WHOLE)
    await puerto.presses("Sí")
    (ticket,) = await puerto.tickets()
    assert await puerto.says(photo=b"\xff\xd8\xff") == [
        f"Anotado en el reporte {ticket.number}. El equipo lo va a ver."
    ]
    async with puerto.store.view() as view:
        assert [u.event for u in await view.tickets.history(ticket.number)] == [Event.FILED, Event.COMMENTED]
        assert len(await view.photos.of_ticket(ticket.number)) == 1


async def test_a_photo_alone_begins_a_report(puerto: Town) -> None:
    *_, menu = await puerto.says(photo=b"\xff\xd8\xff")
    assert "[Bache]" in menu
    await puerto.presses("Bache")
    await puerto.says("calle 8 con la plaza")
    await puerto.presses("Sí")
    (ticket,) = await puerto.tickets()
    async with puerto.store.view() as view:
        assert len(await view.photos.of_ticket(ticket.number)) == 1


async def test_a_service_that_needs_details_asks_for_them_once(puerto: Town) -> None:
    *_, asked = await puerto.says("otra cosa rara")
    assert asked == "Otro problema, anotado. Cuénteme en pocas palabras qué pasa."
    (asked,) = await puerto.says("se cayó")
    assert "¿En qué calle" in asked
    await puerto.says("calle 8 con la plaza")
    await puerto.presses("Sí")
    assert [t.description for t in await puerto.tickets()] == ["otra cosa rara\nse cayó"]


async def test_a_question_in_the_middle_is_answered_and_the_report_goes_on(puerto: Town) -> None:
    await puerto.says(BARE)
    (status,) = await puerto.says("¿cómo va mi reporte?")
    assert status.startswith("Por ahora no tiene reportes")
    (summary,) = await puerto.says("calle 8 con la plaza")
    assert summary.startswith("Bache: calle 8 con la plaza.")


async def test_an_older_button_is_answered_as_such_and_fills_nothing(puerto: Town) -> None:
    await puerto.says(WHOLE)
    old = next(b.choices[0].id for b in puerto.phones["simulated_telegram"].screen("p1") if b.choices)
    await puerto.presses("No")
    (told,) = await puerto.says("Sí", choice=old)
    assert told == "Ese botón era de una pregunta anterior. Responda a la última o escríbame."
    assert await puerto.tickets() == []


async def test_a_button_pressed_twice_files_once(puerto: Town) -> None:
    await puerto.says(WHOLE)
    yes = next(b.choices[0].id for b in puerto.phones["simulated_telegram"].screen("p1") if b.choices)
    await puerto.says("Sí", choice=yes)
    await puerto.says("Sí", choice=yes)
    assert len(await puerto.tickets()) == 1


async def test_a_draft_is_forgotten_after_a_day(puerto: Town) -> None:
    await puerto.says(WHOLE)
    puerto.clock.forward(hours=25)
    await puerto.says("sí por favor")
    assert await puerto.tickets() == []


async def test_the_likeliest_services_are_offered_first_when_unsure(puerto: Town, parser: ScriptedParser) -> None:
    guesses = (
        Guess(name="report_water", confidence=0.4),
        Guess(name="greet", confidence=0.3),
        Guess(name="report_waste", confidence=0.2),
    )
    parser.known["sale algo feo"] = parse(None, ranking=guesses)
    *_, menu = await puerto.says("sale algo feo")
    assert menu == "Disculpe, no le entiendo bien. ¿De qué se trata? [Agua y drenaje] [Basura] [Otra cosa]"
    (menu,) = await puerto.presses("Otra cosa")
    assert "[Bache]" in menu
    assert "[Otro problema]" in menu
    await puerto.presses("Basura")
    await puerto.says("calle 8 con la plaza")
    await puerto.presses("Sí")
    assert [(t.service, t.description) for t in await puerto.tickets()] == [("waste", "sale algo feo")]
