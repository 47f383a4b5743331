"""A photo, a voice note and words reach the clerk, also days later, also when the report is closed."""

from typing import Any

import pytest

from channels.message import Kind
from channels.simulator import Style
from tests.town import PIN, STYLES, ScriptedParser, Town, parse
from tickets.model import Event, Status, Update

WHOLE = "hay un bache en Av. Bolívar 123"
OTHER = "un árbol caído en la calle 8"
NOISE = "hay mucho ruido en la calle 9"
SOUND, PHOTO = b"OggS a voice", b"\xff\xd8 a photo"


@pytest.fixture(autouse=True)
def known(parser: ScriptedParser) -> None:
    parser.known |= {
        WHOLE: parse("report_pothole", WHOLE, location="Av. Bolívar 123", language="es"),
        OTHER: parse("report_tree", OTHER, location="la calle 8", language="es"),
        NOISE: parse("report_noise", NOISE, location="la calle 9", language="es"),
    }


async def report(puerto: Town, text: str = WHOLE, **more: Any) -> str:
    await puerto.says(text, **more)
    await puerto.says("1", **more)
    return (await puerto.tickets(**more))[0].number


async def files(puerto: Town, number: str) -> list[str]:
    """The types of what was fetched for this ticket."""
    async with puerto.store.view() as view:
        return [photo.media.content_type for photo in await view.photos.of_ticket(number) if photo.name]


async def last(puerto: Town, number: str) -> Update:
    async with puerto.store.view() as view:
        return (await view.tickets.history(number))[-1]


@pytest.mark.parametrize("style", STYLES)
async def test_a_voice_note_soon_after_a_report_belongs_to_it(puerto: Town, style: Style) -> None:
    number = await report(puerto, style=style)
    (told,) = await puerto.says("", voice=SOUND, style=style)
    assert told == f"Puse su nota de voz en el reporte {number}. El equipo la va a escuchar." or number in told
    assert await files(puerto, number) == ["audio/ogg"]
    assert (await last(puerto, number)).event is Event.COMMENTED


@pytest.mark.parametrize("style", STYLES)
async def test_a_voice_note_begins_a_report(puerto: Town, style: Style) -> None:
    (*_, menu) = await puerto.says("", voice=SOUND, style=style, language="es")
    assert "¿De qué se trata?" in menu
    assert "Bache" in menu
    await puerto.says("1", style=style)
    await puerto.says("Av. Bolívar 123", style=style)
    await puerto.says("1", style=style)
    (ticket,) = await puerto.tickets(style=style)
    assert await files(puerto, ticket.number) == ["audio/ogg"]


async def test_a_voice_note_within_a_report_is_kept_and_the_question_comes_again(
    puerto: Town, parser: ScriptedParser
) -> None:
    parser.known["bache"] = parse("report_pothole", language="es")
    (*_, where) = await puerto.says("bache")
    for _ in range(4):  # however often: to speak is no misunderstanding
        said = await puerto.says("", voice=SOUND)
        assert (said[0].startswith("Guardé su"), said[-1]) == (True, where)
    await puerto.says("Av. Bolívar 123")
    await puerto.says("sí")
    (ticket,) = await puerto.tickets()
    assert await files(puerto, ticket.number) == ["audio/ogg"] * 4


@pytest.mark.parametrize("more", [{"voice": SOUND}, {"photo": PHOTO}])
async def test_days_later_it_is_asked_which_report_it_is_for(puerto: Town, more: dict[str, Any]) -> None:
    first, second = await report(puerto), await report(puerto, OTHER)
    puerto.clock.forward(days=3)
    (question,) = await puerto.says("", **more)
    assert question.endswith(f"[{second} Árbol: recibido] [{first} Bache: recibido] [Un reporte nuevo]")
    (told,) = await puerto.says("2")
    assert first in told
    assert len(await files(puerto, first)) == 1
    assert await files(puerto, second) == []


@pytest.mark.parametrize("more", [{"voice": SOUND}, {"photo": PHOTO}])
async def test_days_later_it_may_begin_a_new_report(puerto: Town, more: dict[str, Any]) -> None:
    await report(puerto)
    await report(puerto, NOISE)
    puerto.clock.forward(days=3)
    await puerto.says("", **more)
    (menu,) = await puerto.presses("Un reporte nuevo")
    assert "[Árbol]" in menu
    await puerto.presses("Árbol")
    await puerto.says("calle 8")
    await puerto.says("sí")
    newest = (await puerto.tickets())[0]
    assert newest.service == "tree"
    assert len(await files(puerto, newest.number)) == 1


@pytest.mark.parametrize("style", STYLES)
async def test_with_one_open_report_a_photo_of_days_later_is_kept_there_at_once(puerto: Town, style: Style) -> None:
    number = await report(puerto, style=style)
    puerto.clock.forward(days=3)
    (told,) = await puerto.says("", photo=PHOTO, style=style)
    assert number in told
    assert await files(puerto, number) == ["image/jpeg"]


@pytest.mark.parametrize("said", ["hola", "gracias", "quiero saber a qué hora abren mañana"])
async def test_a_photo_whose_report_is_not_told_goes_into_the_newest(
    puerto: Town, parser: ScriptedParser, said: str
) -> None:
    parser.known |= {
        "hola": parse("greet", language="es"),
        "gracias": parse("thank", language="es"),
        "quiero saber a qué hora abren mañana": parse("ask_information", language="es"),
    }
    first, second = await report(puerto), await report(puerto, OTHER)
    puerto.clock.forward(days=3)
    await puerto.says("", photo=PHOTO)
    await puerto.says("", photo=PHOTO)
    told, *_ = await puerto.says(said)
    assert told == f"Anotado en el reporte {second}. El equipo lo va a ver."
    assert (await files(puerto, first), len(await files(puerto, second))) == ([], 2)
    await puerto.says("hola")
    assert len(await files(puerto, second)) == 2


async def test_it_goes_there_too_when_the_question_is_answered_too_late(puerto: Town) -> None:
    await report(puerto)
    second = await report(puerto, OTHER)
    puerto.clock.forward(days=3)
    await puerto.says("", photo=PHOTO)
    puerto.clock.forward(days=2)
    told, *_ = await puerto.says("2")
    assert second in told
    assert len(await files(puerto, second)) == 1


async def test_asking_for_ones_reports_is_no_pick_and_no_miss(puerto: Town, parser: ScriptedParser) -> None:
    first, second = await report(puerto), await report(puerto, OTHER)
    puerto.clock.forward(days=3)
    parser.known["mis reportes"] = parse("check_status", language="es")
    await puerto.says("", photo=PHOTO)
    for _ in range(3):
        (told,) = await puerto.says("mis reportes")
        assert told.startswith("Sus reportes recientes:")
    assert first in (await puerto.says("2"))[-1]
    assert (len(await files(puerto, first)), await files(puerto, second)) == (1, [])


async def test_what_is_said_against_a_declined_report_is_kept_and_then_a_persons(
    puerto: Town, parser: ScriptedParser
) -> None:
    number = await report(puerto)
    await puerto.desk.move(number=number, to=Status.DECLINED, version=1, login="rosa", note="No es nuestro.")
    await puerto.settle()
    parser.known |= {
        "no estoy de acuerdo, sigue el bache": parse("reopen", language="es"),
        "quiero que reabran el reporte": parse("reopen", language="es"),
    }
    assert "ya está cerrado" in (await puerto.says("no estoy de acuerdo, sigue el bache"))[-1]
    assert (await last(puerto, number)).note == "no estoy de acuerdo, sigue el bache"
    assert "BOT" in (await puerto.says("quiero que reabran el reporte"))[-1]
    assert (await last(puerto, number)).note == "quiero que reabran el reporte"
    async with puerto.store.view() as view:
        citizen = await view.tickets.get(number)
        assert citizen
        assert await view.threads.of_citizen(citizen.reporter)


async def test_photos_and_voice_notes_one_after_the_other_are_for_the_same_report(puerto: Town) -> None:
    await report(puerto)
    number = await report(puerto, OTHER)
    puerto.clock.forward(days=3)
    sent: list[dict[str, Any]] = [{"photo": PHOTO}, {"photo": PHOTO}, {"voice": SOUND}, {"photo": PHOTO}]
    for more in sent:
        await puerto.says("", **more)
    assert number in (await puerto.says("1"))[-1]
    assert await files(puerto, number) == ["image/jpeg", "image/jpeg", "audio/ogg", "image/jpeg"]


async def test_words_that_follow_a_photo_tell_what_it_shows(puerto: Town) -> None:
    await report(puerto)
    await report(puerto, NOISE)
    puerto.clock.forward(days=3)
    await puerto.says("", photo=PHOTO)
    (summary,) = await puerto.says(OTHER)
    assert summary.startswith("Árbol")
    await puerto.says("sí")
    assert len(await files(puerto, (await puerto.tickets())[0].number)) == 1


async def test_a_pin_that_follows_a_photo_tells_where_it_is(puerto: Town) -> None:
    await report(puerto)
    await report(puerto, NOISE)
    puerto.clock.forward(days=3)
    await puerto.says("", photo=PHOTO)
    (menu,) = await puerto.says("", point=PIN)
    assert "[Árbol]" in menu
    await puerto.presses("Árbol")
    await puerto.says("sí")
    newest = (await puerto.tickets())[0]
    assert (newest.service, newest.place.point) == ("tree", PIN)
    assert len(await files(puerto, newest.number)) == 1


async def test_the_report_is_named_in_words_and_whoever_names_none_is_not_asked_for_ever(
    puerto: Town, parser: ScriptedParser
) -> None:
    first = await report(puerto)
    await report(puerto, OTHER)
    puerto.clock.forward(days=3)
    parser.known["el del bache"] = parse("check_status", language="es")
    await puerto.says("", voice=SOUND)
    assert first in (await puerto.says("el del bache"))[-1]
    await puerto.says("", voice=SOUND)
    for _ in range(6):
        await puerto.says("mmm")
    assert "¿A qué reporte" not in puerto.screen()[-1]


async def test_a_photo_whose_words_name_a_number_belongs_to_it(puerto: Town, parser: ScriptedParser) -> None:
    number = await report(puerto)
    await report(puerto, OTHER)
    puerto.clock.forward(days=10)
    for words in (f"foto del {number}", number):
        parser.known[words] = parse("check_status", language="es")
        assert number in (await puerto.says(words, photo=PHOTO))[-1]
    assert len(await files(puerto, number)) == 2


async def test_words_that_name_a_number_are_no_new_report(puerto: Town, parser: ScriptedParser) -> None:
    number = await report(puerto)
    text = f"{number} ya son dos baches"
    parser.known[text] = parse("report_pothole", text, language="es")
    assert await puerto.says(text) == [f"Anotado en el reporte {number}. El equipo lo va a ver."]
    assert (await last(puerto, number)).note == text


async def test_to_a_closed_report_it_is_kept_and_said_that_it_is_closed(puerto: Town, parser: ScriptedParser) -> None:
    number = await report(puerto)
    await puerto.desk.move(number=number, to=Status.DECLINED, version=1, login="rosa", note="No es nuestro.")
    await puerto.settle()
    text = f"para el {number}: hay vidrios"
    parser.known[text] = parse("add_comment", text, language="es")
    assert "ya está cerrado" in (await puerto.says(text, photo=PHOTO))[-1]
    assert (await last(puerto, number)).note == text
    assert len(await files(puerto, number)) == 1


async def test_nobody_adds_to_anothers_report(puerto: Town, parser: ScriptedParser) -> None:
    number = await report(puerto)
    text = f"para el {number}: es mentira"
    parser.known[text] = parse("add_comment", language="es")
    told = (await puerto.says(text, phone="p2", photo=PHOTO))[-1]
    assert told.startswith(f"{number}, Bache: recibido.\n")  # it is there, and this is how to be heard
    assert "Cuénteme" in told
    assert await files(puerto, number) == []
    assert (await last(puerto, number)).event is Event.FILED


async def test_an_addition_goes_to_the_report_that_its_words_tell_of(puerto: Town, parser: ScriptedParser) -> None:
    number = await report(puerto)
    await report(puerto, OTHER)
    text = "en el del bache ya se cayó una moto"
    parser.known[text] = parse("add_comment", language="es")
    puerto.clock.forward(days=2)
    assert number in (await puerto.says(text))[-1]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "el del bache ya está peor"),
        ("es", "en el reporte del bache falta decir que es hondo"),
        ("pt", "o do buraco: ja caiu um carro"),
        ("en", "the pothole one is getting worse"),
        ("en", "about the pothole: a car fell in"),
        ("fr", "pour le nid de poule c'est pire"),
        ("fr", "celui du nid-de-poule est pire"),
    ],
)
async def test_words_that_point_at_a_report_are_no_new_one(
    puerto: Town, parser: ScriptedParser, language: str, text: str
) -> None:
    number = await report(puerto)
    await report(puerto, OTHER)
    puerto.clock.forward(days=4)
    parser.known[text] = parse("report_pothole", text, language=language)
    assert number in (await puerto.says(text))[-1]
    assert (await last(puerto, number)).note == text
    assert len(await puerto.tickets()) == 2


async def test_who_points_at_a_report_that_they_have_not_made_makes_one(puerto: Town, parser: ScriptedParser) -> None:
    await report(puerto, OTHER)
    text = "el del bache ya está peor"
    parser.known[text] = parse("report_pothole", text, language="es")
    assert "Bache" in (await puerto.says(text))[-1]


async def test_a_video_note_has_no_sound_that_we_keep_and_is_asked_for_in_words(puerto: Town) -> None:
    simulator = puerto.phones["simulated_telegram"]
    said = simulator.say("p1", "")
    object.__setattr__(said, "kind", Kind.VOICE)
    await puerto.reception.accept([said])
    await puerto.settle()
    assert "escrib" in puerto.screen()[-1]


async def test_a_pin_alone_days_later_begins_a_report(puerto: Town) -> None:
    await report(puerto)
    puerto.clock.forward(days=2)
    (menu,) = await puerto.says("", point=PIN)
    assert "[Árbol]" in menu


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("intent", [None, "out_of_scope"])
async def test_a_photo_with_words_that_tell_nothing_goes_to_the_open_report_days_later(
    puerto: Town, parser: ScriptedParser, style: Style, intent: str | None
) -> None:
    parser.known["mire esta foto"] = parse(intent, language="es")
    number = await report(puerto, style=style)
    puerto.clock.forward(days=3)
    (told,) = await puerto.says("mire esta foto", photo=PHOTO, style=style)
    assert number in told
    assert await files(puerto, number) == ["image/jpeg"]
    assert (await last(puerto, number)).note == "mire esta foto"


async def test_of_somebody_without_an_open_report_such_a_photo_begins_one(puerto: Town, parser: ScriptedParser) -> None:
    parser.known["mire esta foto"] = parse(None, language="es")
    assert "¿De qué se trata?" in (await puerto.says("mire esta foto", photo=PHOTO))[-1]
