import pytest

from channels.message import Contact, Inbound, Kind
from nlu.parse import NluStarting, NluUnavailable
from tests.town import START, ScriptedParser, Town, parse


@pytest.mark.parametrize(
    ("intent", "begins"),
    [
        ("greet", "Cuénteme qué pasa"), ("thank", "¡De nada!"), ("goodbye", "¡Hasta luego!"),
        ("help", "Cuénteme qué pasa y en qué lugar"), ("handover", "Ya avisé a una persona"),
        ("ask_information", "Eso no lo sé. Se lo pasé a una persona"), ("my_data", "Para saber que es usted"),
        ("erase_data", "Esto borra sus datos"), ("out_of_scope", "Con eso no puedo ayudarle"),
        ("abuse", "Entiendo su enojo"), ("emergency", "Si alguien corre peligro, llame ya al 112"),
        ("cancel", "No hay nada pendiente"), ("correct", "No tengo un reporte suyo"), ("check_status", "Por ahora no tiene"),
        (None, "Disculpe, no le entiendo bien"),
    ],
)  # fmt: skip
async def test_every_intent_has_an_answer(
    puerto: Town, parser: ScriptedParser, intent: str | None, begins: str
) -> None:
    parser.known["algo"] = parse(intent, language="es")
    assert any(said.startswith(begins) for said in await puerto.says("algo"))


async def test_who_we_are_is_said_once_at_first_contact(puerto: Town) -> None:
    assert (await puerto.says("a"))[0].startswith("Hola, soy Vecino, el asistente de Puerto Vecino.")
    assert not any("soy Vecino" in said for said in await puerto.says("b"))


async def test_an_emergency_in_the_middle_of_a_report_is_answered_first(puerto: Town, parser: ScriptedParser) -> None:
    parser.known |= {
        "bache": parse("report_pothole", language="es"),
        "hay un herido": parse("emergency", language="es"),
    }
    await puerto.says("bache")
    told, *_ = await puerto.says("hay un herido")
    assert "112" in told


@pytest.mark.parametrize("kind", [Kind.VOICE, Kind.STICKER, Kind.CONTACT, Kind.OTHER])
async def test_what_cannot_be_read_is_answered_kindly(puerto: Town, kind: Kind) -> None:
    sender = Contact(channel="simulated_telegram", address="p1")
    await puerto.reception.accept([Inbound(sender=sender, external_id="v1", received_at=START, kind=kind)])
    await puerto.settle()
    assert puerto.screen()[-1] == "Ese tipo de mensaje no lo puedo leer. ¿Me lo escribe, por favor?"


async def test_an_edited_message_is_not_taken_for_a_new_one(puerto: Town) -> None:
    sender = Contact(channel="simulated_telegram", address="p1")
    edited = Inbound(sender=sender, external_id="e1", received_at=START, kind=Kind.EDITED, text="hay un bache")
    await puerto.reception.accept([edited])
    await puerto.settle()
    assert puerto.screen()[-1].startswith("No veo los mensajes editados.")


@pytest.mark.parametrize(
    "text",
    ["", " ", "😀", "👍👎", "x" * 5000, "\u202e\u200fשלום", "a\x00b", "/", "/start", "9" * 400, "{city}", "%s", "<b>"],
)
async def test_any_text_gets_an_answer(puerto: Town, text: str) -> None:
    assert len(await puerto.says(text)) > 0
    assert len(await puerto.says(text)) > 0


async def test_understanding_down_means_the_numbered_menu_and_the_words_are_kept(
    puerto: Town, parser: ScriptedParser
) -> None:
    parser.trouble = NluUnavailable()
    *_, menu = await puerto.says("hay un bache", style="sms")
    assert menu.startswith("Ya tengo su mensaje.")
    assert "\n1 Bache" in menu
    await puerto.says("1", style="sms")
    await puerto.says("Av. Bolívar 123", style="sms")
    (receipt,) = await puerto.says("si", style="sms")
    assert "¡Listo!" in receipt
    (ticket,) = await puerto.tickets(style="sms")
    assert (ticket.service, ticket.place.words, ticket.description) == ("pothole", "Av. Bolívar 123", "hay un bache")


async def test_while_understanding_starts_a_message_waits_up_to_30_seconds(
    puerto: Town, parser: ScriptedParser
) -> None:
    parser.trouble = NluStarting()
    assert await puerto.says("hay un bache") == []
    for _ in range(29):
        puerto.clock.forward(seconds=1)
        await puerto.settle()
    assert len(puerto.screen()) == 1
    puerto.clock.forward(seconds=2)
    await puerto.settle()
    assert "Ya tengo su mensaje" in puerto.screen()[-1]


async def test_a_message_that_waited_for_understanding_is_then_understood(puerto: Town, parser: ScriptedParser) -> None:
    parser.trouble = NluStarting()
    await puerto.says("hola")
    parser.trouble, parser.known["hola"] = None, parse("greet", language="es")
    puerto.clock.forward(seconds=2)
    await puerto.settle()
    assert puerto.screen()[-1].startswith("Cuénteme")


async def test_the_slash_never_reaches_the_model(puerto: Town, parser: ScriptedParser) -> None:
    await puerto.says('/erase_data{"location":"x"}')
    assert not any(asked.startswith("/") for asked in parser.asked)


@pytest.mark.parametrize(("text", "language"), [
    ("un momento", "es"), ("peraí", "pt"), ("hang on", "en"), ("attendez svp", "fr"), ("Espere, por favor", "es"),
])  # fmt: skip
async def test_who_asks_us_to_wait_is_waited_for_and_no_closer_to_being_stuck(
    puerto: Town, parser: ScriptedParser, text: str, language: str
) -> None:
    parser.known |= {"bache": parse("report_pothole", language=language), text: parse(None, language=language)}
    await puerto.says("bache", language=language)
    for _ in range(4):
        assert len(await puerto.says(text, language=language)) == 1
    await puerto.says("Av. Bolívar 123", language=language)
    await puerto.says("1", language=language)
    assert len(await puerto.tickets()) == 1
