"""Photos, voice notes, pins and words that follow "it is not fixed"."""

import pytest

from tests.bot.resolved import JPEG, file, history, know, minutes_pass, move, newest, resolved, stored
from tests.town import PIN, ScriptedParser, Town
from tickets.model import Event


@pytest.fixture(autouse=True)
def known(parser: ScriptedParser) -> None:
    know(parser)


async def test_a_photo_without_a_word_goes_into_the_ticket_and_the_question_comes_again(puerto: Town) -> None:
    ticket = await file(puerto)
    puerto.clock.forward(hours=3)
    await move(puerto, ticket.number)
    kept, again = await puerto.says(photo=JPEG)
    assert ticket.number in kept
    assert again.startswith(f"Reporte {ticket.number}, Bache")
    async with puerto.store.view() as view:
        assert len(await view.photos.of_ticket(ticket.number)) == 1
    assert (await puerto.presses("Sí"))[0].startswith("¡Qué bueno!")


async def test_a_photo_right_after_a_new_report_belongs_to_that_one(puerto: Town) -> None:
    one = await file(puerto)
    await puerto.says("hay basura")
    await move(puerto, one.number)
    await puerto.says("Molino 3")
    await puerto.says("1")
    await minutes_pass(puerto)
    assert puerto.screen()[-1].startswith(f"Reporte {one.number}")
    await puerto.says(photo=JPEG)
    async with puerto.store.view() as view:
        assert len(await view.photos.of_ticket((await newest(puerto)).number)) == 1
    assert (await puerto.presses("Sí"))[0].startswith("¡Qué bueno!")


async def test_a_voice_note_goes_into_the_ticket_and_the_question_stays(puerto: Town) -> None:
    ticket = await file(puerto)
    puerto.clock.forward(hours=3)
    await move(puerto, ticket.number)
    await puerto.says(voice=b"OggS")
    async with puerto.store.view() as view:
        assert len(await view.photos.of_ticket(ticket.number)) == 1
    assert (await puerto.presses("No"))[0].startswith("Lo siento. Reabrí")


async def test_photos_that_follow_the_words_go_into_it_too_and_words_are_something_else(puerto: Town) -> None:
    ticket = await resolved(puerto)
    await puerto.presses("No")
    await puerto.says("quedó la mitad del hoyo")
    for _ in range(2):
        await puerto.says(photo=JPEG)
    async with puerto.store.view() as view:
        assert len(await view.photos.of_ticket(ticket.number)) == 2
    (where,) = await puerto.says("hay basura")
    assert "Basura" in where


async def test_a_pin_shows_where_it_is_still_wrong(puerto: Town) -> None:
    ticket = await resolved(puerto)
    await puerto.presses("No")
    await puerto.says(point=PIN)
    assert (await history(puerto, ticket.number))[-1] == (Event.COMMENTED, "14.60000, -66.50000")
    assert len(await puerto.tickets()) == 1


async def test_the_bare_no_once_more_adds_nothing_and_is_asked_no_more(puerto: Town) -> None:
    ticket = await resolved(puerto, "sms")
    await puerto.says("2", style="sms")
    (told,) = await puerto.says("no", style="sms")
    assert told.startswith(f"{ticket.number}, Bache")
    assert await puerto.says("no", style="sms") != [told]
    assert (await stored(puerto, ticket.number)).reopened == 1
    assert (await history(puerto, ticket.number))[-1] == (Event.REOPENED, "")
