"""Over to a person and back: in the simulated town, on each kind of phone."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.attending import Attending, NotDone, NotFetched, Refusal, Returning
from bot.i18n import Words
from bot.notices import NoteTooLong
from bot.ports import Entry, Letter
from channels.message import Kind, Media
from channels.simulator import Style
from handlers.effects import ThreadKind
from tests.bot.conftest import WHOLE
from tests.town import CITY, PIN, STYLES, ScriptedParser, Town, parse
from tickets.model import Author

ASK = "quiero hablar con una persona"


@pytest.fixture
def parser() -> ScriptedParser:
    return ScriptedParser(
        {
            ASK: parse("handover", ASK, language="es"),
            WHOLE: parse("report_pothole", WHOLE, location="Av. Bolívar 123", language="es"),
            "hola": parse("greet", "hola", language="es"),
        }
    )


@pytest.fixture
def clerks(puerto: Town) -> Attending:
    return Attending(puerto.store, Words(CITY), puerto.clock, CITY, puerto.phones)


async def waiting(puerto: Town) -> Sequence[Entry]:
    async with puerto.store.view() as view:
        return (await view.threads.page(0, 50)).rows


async def letters(puerto: Town) -> Sequence[Letter]:
    [entry] = await waiting(puerto)
    async with puerto.store.view() as view:
        return await view.threads.letters(entry.thread.id)


async def the_thread(puerto: Town) -> int:
    [entry] = await waiting(puerto)
    return entry.thread.id


async def look(puerto: Town) -> None:
    """The job that looks for silent threads, as the schedule runs it."""
    step, after = Returning(CITY, Words(CITY)).step, 0
    while True:
        async with puerto.store.work() as work:
            reached = await step(work, puerto.clock.now(), after)
            await work.commit()
        if reached is None:
            break
        after = reached
    await puerto.settle()


@pytest.mark.parametrize("style", STYLES)
async def test_who_asks_for_a_person_is_told_when_and_then_the_bot_is_silent(puerto: Town, style: Style) -> None:
    *_, said = await puerto.says(ASK, style=style)
    assert said.startswith("Ya avisé a una persona")
    assert await puerto.says("¿hay alguien?", style=style) == []
    assert await puerto.says(WHOLE, style=style) == []
    assert [letter.said.text for letter in await letters(puerto)] == [ASK, "¿hay alguien?", WHOLE]
    assert await puerto.tickets(style=style) == []


async def test_when_the_office_is_closed_they_are_told_when_it_opens(puerto: Town) -> None:
    puerto.clock.forward(hours=10)
    assert "24, 8:00" in (await puerto.says(ASK))[-1]


async def test_nobody_asks_the_model_about_what_a_person_reads(puerto: Town, parser: ScriptedParser) -> None:
    await puerto.says(ASK)
    parser.asked.clear()
    await puerto.says("tengo una pregunta sobre mi casa")
    assert parser.asked == []


async def test_photos_pins_voice_and_buttons_reach_the_clerk(puerto: Town, clerks: Attending) -> None:
    await puerto.says(WHOLE)
    await puerto.says(ASK)
    await puerto.says("mire", photo=b"picture")
    await puerto.says(point=PIN)
    await puerto.says(voice=b"OggS")
    await puerto.presses("Sí")
    *_, shown, pin, voice, pressed = await letters(puerto)
    [photo] = shown.said.media
    assert await clerks.file("simulated_telegram", photo) == b"picture"
    assert (pin.said.point, voice.said.form, pressed.said.pressed) == (PIN, Kind.VOICE, "yes")
    assert await puerto.tickets() == []


async def test_a_file_that_the_provider_has_no_more_is_no_fault(clerks: Attending) -> None:
    gone = Media(reference="gone", content_type="image/jpeg")
    for channel in ("simulated_telegram", "nowhere"):
        with pytest.raises(NotFetched):
            await clerks.file(channel, gone)


@pytest.mark.parametrize("style", STYLES)
async def test_clerk_and_citizen_write_to_each_other(puerto: Town, clerks: Attending, style: Style) -> None:
    await puerto.says(ASK, style=style)
    thread = await the_thread(puerto)
    await clerks.answer(thread=thread, login="rosa", name="Rosa", text="¿En qué le ayudo?", once="a")
    await puerto.settle()
    assert puerto.screen(style)[-1] == "¿En qué le ayudo? (Rosa)"
    assert await puerto.says("gracias", style=style) == []
    assert [letter.actor.author for letter in await letters(puerto)] == [Author.CITIZEN, Author.CLERK, Author.CITIZEN]


async def test_a_form_that_is_sent_twice_is_one_letter(puerto: Town, clerks: Attending) -> None:
    await puerto.says(ASK)
    thread = await the_thread(puerto)
    for _ in range(2):
        await clerks.answer(thread=thread, login="rosa", name="Rosa", text="Hola", once="a")
    await puerto.settle()
    assert puerto.screen().count("Hola (Rosa)") == 1
    assert len(await letters(puerto)) == 2


async def test_a_second_clerk_sees_that_a_colleague_has_it(puerto: Town, clerks: Attending) -> None:
    await puerto.says(ASK)
    thread = await the_thread(puerto)
    await clerks.take(thread=thread, login="rosa")
    with pytest.raises(NotDone) as answered:
        await clerks.answer(thread=thread, login="luis", name="Luis", text="Hola", once="a")
    with pytest.raises(NotDone) as closed:
        await clerks.give_back(thread=thread, login="luis")
    assert {answered.value.refusal, closed.value.refusal} == {Refusal.TAKEN}
    await clerks.take(thread=thread, login="luis", instead_of="rosa")
    await clerks.answer(thread=thread, login="luis", name="Luis", text="Hola", once="a")


async def test_who_said_stop_gets_no_letter(puerto: Town, clerks: Attending) -> None:
    await puerto.says(ASK)
    thread = await the_thread(puerto)
    await puerto.says("baja")
    with pytest.raises(NotDone) as refused:
        await clerks.answer(thread=thread, login="rosa", name="Rosa", text="Hola", once="a")
    assert refused.value.refusal is Refusal.OPTED_OUT


async def test_given_back_the_bot_answers_again(puerto: Town, clerks: Attending) -> None:
    await puerto.says(ASK)
    await clerks.give_back(thread=await the_thread(puerto), login="rosa")
    await puerto.settle()
    assert "Vecino" in puerto.screen()[-1]
    assert await waiting(puerto) == ()
    assert await puerto.says("hola") != []


@pytest.mark.parametrize("word", ["bot", "Volver al bot", "o bot", "the bot, please", "le bot", "volver", "START"])
async def test_the_citizen_calls_the_bot_back(puerto: Town, word: str) -> None:
    await puerto.says(ASK)
    assert len(await puerto.says(word)) == 1
    assert await waiting(puerto) == ()
    assert await puerto.says("hola") != []


async def test_a_report_under_way_goes_on_where_it_was(puerto: Town) -> None:
    await puerto.says(WHOLE)
    await puerto.says(ASK)
    await puerto.says("¿me escuchan?")
    _, question = await puerto.says("bot")
    assert question.startswith("Bache: Av. Bolívar 123")
    await puerto.presses("Sí")
    assert len(await puerto.tickets()) == 1


async def test_an_emergency_is_told_the_number_while_the_bot_is_silent(puerto: Town) -> None:
    await puerto.says(ASK)
    [number] = await puerto.says("¡se está quemando una casa!")
    assert "112" in number
    [entry] = await waiting(puerto)
    assert entry.thread.kind is ThreadKind.EMERGENCY
    assert entry.thread.silent


async def test_rights_are_heard_while_the_bot_is_silent(puerto: Town) -> None:
    await puerto.says(ASK)
    assert len(await puerto.says("baja")) == 1


async def test_a_message_that_crosses_the_clerks_closing_is_answered_by_the_bot(
    puerto: Town, clerks: Attending
) -> None:
    await puerto.says(ASK)
    await puerto.says("hola", settle=False)
    [arrival] = await puerto.inbox._claim(1)  # claimed while a person had the thread
    await clerks.give_back(thread=await the_thread(puerto), login="rosa")
    await puerto.inbox._handle(arrival)
    await puerto.settle()
    assert len(puerto.screen()) >= 4  # the promise, the bot's return, and its greeting
    assert await waiting(puerto) == ()


async def test_the_bot_comes_back_after_a_day_of_silence_once(puerto: Town, clerks: Attending) -> None:
    await puerto.says(ASK)
    await clerks.answer(thread=await the_thread(puerto), login="rosa", name="Rosa", text="Listo", once="a")
    await puerto.settle()
    before = len(puerto.screen())
    puerto.clock.forward(hours=23)
    await look(puerto)
    assert len(puerto.screen()) == before
    puerto.clock.forward(hours=2)
    for _ in range(2):
        await look(puerto)
    assert len(puerto.screen()) == before + 1
    assert await waiting(puerto) == ()


async def test_who_told_no_language_hears_of_the_bots_return_in_that_of_their_phone(puerto: Town) -> None:
    phone = "+5521000001"
    for _ in range(3):
        await puerto.says("0000", style="sms", phone=phone)
    puerto.clock.forward(hours=25)
    await look(puerto)
    assert "Sou eu de novo" in puerto.screen(style="sms", phone=phone)[-1]


async def test_who_was_never_answered_has_the_bot_again_and_keeps_their_place(puerto: Town, clerks: Attending) -> None:
    await puerto.says(ASK)
    puerto.clock.forward(hours=25)
    await look(puerto)
    [entry] = await waiting(puerto)
    assert entry.thread.waiting
    assert not entry.thread.silent
    assert await puerto.says("hola") != []
    await clerks.answer(thread=entry.thread.id, login="rosa", name="Rosa", text="Perdone la espera", once="a")
    assert await puerto.says("por fin") == ["Perdone la espera (Rosa)"]  # a person has it again


async def test_outside_whatsapps_window_the_return_is_no_news(puerto: Town) -> None:
    await puerto.says(ASK, style="whatsapp")
    before = len(puerto.screen("whatsapp"))
    puerto.clock.at += timedelta(hours=25)
    await look(puerto)
    assert len(puerto.screen("whatsapp")) == before


async def test_a_letter_longer_than_a_message_may_be_is_not_kept(puerto: Town, clerks: Attending) -> None:
    await puerto.says(ASK, style="sms")
    with pytest.raises(NoteTooLong):
        await clerks.answer(thread=await the_thread(puerto), login="rosa", name="Rosa", text="a" * 5000, once="a")
    assert len(await letters(puerto)) == 1


async def test_an_alarm_that_is_closed_tells_the_citizen_nothing(puerto: Town, clerks: Attending) -> None:
    await puerto.says("mi marido me pega")
    before = puerto.screen()
    await clerks.give_back(thread=await the_thread(puerto), login="rosa")
    await puerto.settle()
    assert puerto.screen() == before


async def test_a_contact_is_never_in_a_repr(puerto: Town) -> None:
    await puerto.says(ASK)
    assert ASK not in repr(await waiting(puerto))
    assert ASK not in repr(await letters(puerto))
