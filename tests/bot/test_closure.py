"""From "it is resolved" to a ticket that is settled, or open again: on three channels, with a clerk at the desk."""

import asyncio
from datetime import timedelta

import pytest

from channels.simulator import Style
from tests.bot.conftest import WHOLE
from tests.bot.resolved import (
    ASKED,
    BROKEN,
    JPEG,
    NEWS,
    answers,
    bare,
    closures,
    file,
    follow,
    history,
    know,
    minutes_pass,
    move,
    newest,
    ratings,
    resolved,
    stored,
)
from tests.town import CITY, STYLES, ScriptedParser, Town, parse
from tickets.model import Event, Status


@pytest.fixture(autouse=True)
def known(parser: ScriptedParser) -> None:
    know(parser)


@pytest.mark.parametrize("style", STYLES)
async def test_the_news_ask_in_the_same_message_whether_it_is_fixed(puerto: Town, style: Style) -> None:
    ticket = await resolved(puerto, style)
    said = puerto.screen(style)[-1]
    news = f"{NEWS} El reporte {ticket.number} (Bache) ya fue resuelto.\n{ASKED}"
    assert bare(said) == bare(news + (" [Sí] [No]" if style == "telegram" else "\n1 Sí\n2 No"))


@pytest.mark.parametrize("style", STYLES)
async def test_yes_then_a_rating_then_a_word_and_a_clerk_sees_all_of_it(puerto: Town, style: Style) -> None:
    ticket = await resolved(puerto, style)
    (rate,) = await puerto.says("1", style=style)
    assert bare(rate).startswith(bare("¡Qué bueno! ¿Cómo lo hicimos, del 1 (mal) al 5 (muy bien)?"))
    (word,) = await puerto.says("4", style=style)
    assert bare(word) == bare("¡Gracias! Si quiere agregar algo, escríbamelo.")
    (kept,) = await puerto.says("Muy amables los señores", style=style)
    assert kept == "Gracias, el equipo lo va a leer."
    (rating,) = await ratings(puerto, ticket.number)
    assert (rating.score, rating.word) == (4, "Muy amables los señores")
    assert await answers(puerto, ticket.number) == ["yes"]
    assert (await history(puerto, ticket.number))[-3:] == [
        (Event.CONFIRMED, ""), (Event.RATED, "4/5"), (Event.RATED, "Muy amables los señores"),
    ]  # fmt: skip
    assert (await stored(puerto, ticket.number)).status is Status.RESOLVED


@pytest.mark.parametrize("words", ["gracias ya quedó", "sí", "Si, gracias", "ya funciona", "👍"])
async def test_yes_is_understood_in_words_whatever_the_model_makes_of_them(puerto: Town, words: str) -> None:
    ticket = await resolved(puerto)
    (rate,) = await puerto.says(words)
    assert rate.startswith("¡Qué bueno!")
    assert await answers(puerto, ticket.number) == ["yes"]


@pytest.mark.parametrize("style", STYLES)
async def test_no_opens_it_again_at_once_and_the_next_words_and_photo_go_into_it(puerto: Town, style: Style) -> None:
    ticket = await resolved(puerto, style)
    (asked,) = await puerto.says("2", style=style)
    said = f"Lo siento. Reabrí el reporte {ticket.number} y el equipo ya lo sabe. ¿Qué sigue mal? Una foto ayuda."
    assert bare(asked) == bare(said)
    again = await stored(puerto, ticket.number)
    assert (again.status, again.closed_at, again.reopened) == (Status.IN_PROGRESS, None, 1)
    (kept,) = await puerto.says("quedó la mitad del hoyo", style=style, photo=JPEG)
    assert ticket.number in kept
    async with puerto.store.view() as view:
        assert len(await view.photos.of_ticket(ticket.number)) == 1
    assert (await history(puerto, ticket.number))[-2:] == [
        (Event.REOPENED, ""), (Event.COMMENTED, "quedó la mitad del hoyo"),
    ]  # fmt: skip
    assert await answers(puerto, ticket.number) == ["no"]


@pytest.mark.parametrize(
    "words", ["no, sigue igual", "todavía no", "gracias pero sigue igual", BROKEN, "el bache sigue igual"]
)
async def test_no_in_words_opens_it_again_and_keeps_the_words(puerto: Town, words: str) -> None:
    ticket = await resolved(puerto)
    (asked,) = await puerto.says(words)
    assert asked.startswith("Lo siento. Reabrí")
    assert (await history(puerto, ticket.number))[-2:] == [(Event.REOPENED, ""), (Event.COMMENTED, words)]


async def test_no_without_being_asked_opens_what_was_resolved_of_late(puerto: Town) -> None:
    ticket = await resolved(puerto)
    await puerto.says("1")
    await puerto.says("5")
    await puerto.says("no gracias")
    (asked,) = await puerto.says(BROKEN)
    assert asked.startswith(f"Lo siento. Reabrí el reporte {ticket.number}")
    assert (await stored(puerto, ticket.number)).reopened == 1


@pytest.mark.parametrize("intent", ["report_pothole", "report_other"])
async def test_no_that_looks_like_a_new_report_of_the_same_opens_it_too(
    puerto: Town, parser: ScriptedParser, intent: str
) -> None:
    ticket = await resolved(puerto)
    await puerto.says("hay basura")
    await puerto.says("Molino 3")
    await puerto.says("1")
    parser.known["todavía está el hoyo"] = parse(intent, language="es")
    (asked,) = await puerto.says("todavía está el hoyo")
    assert asked.startswith(f"Lo siento. Reabrí el reporte {ticket.number}")


async def test_where_nothing_was_resolved_of_late_it_is_a_new_report(puerto: Town, parser: ScriptedParser) -> None:
    await resolved(puerto)
    puerto.clock.forward(days=8)
    parser.known["todavía está el hoyo"] = parse("report_pothole", language="es")
    (where,) = await puerto.says("todavía está el hoyo")
    assert where.startswith("Bache")


async def test_fixed_said_unasked_is_heard_though_the_model_takes_it_for_the_contrary(
    puerto: Town, parser: ScriptedParser
) -> None:
    ticket = await resolved(puerto)
    await puerto.says("hay basura")
    await puerto.says("Molino 3")
    await puerto.says("1")
    number = ticket.number
    parser.known[f"{number} ya lo arreglaron"] = parse("reopen", language="es")
    (rate,) = await puerto.says(f"{number} ya lo arreglaron")
    assert rate.startswith("¡Qué bueno!")
    assert (await stored(puerto, number)).status is Status.RESOLVED


async def test_of_an_open_ticket_it_is_a_comment(puerto: Town) -> None:
    ticket = await file(puerto)
    (kept,) = await puerto.says(BROKEN)
    assert ticket.number in kept
    assert (await stored(puerto, ticket.number)).reopened == 0


@pytest.mark.parametrize("to", [Status.DECLINED, Status.DUPLICATE])
async def test_what_is_closed_without_work_is_not_asked_about(puerto: Town, to: Status) -> None:
    ticket = await file(puerto)
    await move(puerto, ticket.number, to, note="No es de la ciudad.")
    assert "[Sí]" not in puerto.screen()[-1]
    assert await closures(puerto, ticket.number) == []
    (said,) = await puerto.says(BROKEN)
    assert "ya está cerrado" in said


async def test_no_answer_is_no_answer(puerto: Town) -> None:
    ticket = await resolved(puerto)
    for _ in range(5):
        await minutes_pass(puerto, 24 * 60)
    assert await answers(puerto, ticket.number) == [None]
    assert puerto.screen()[-1].startswith(NEWS)  # and asked once


async def test_thanks_alone_is_no_yes_and_the_question_stays(puerto: Town) -> None:
    ticket = await resolved(puerto)
    (thanks,) = await puerto.says("gracias")
    assert thanks.startswith("Con gusto") or "gracias" in thanks.lower() or thanks
    assert await answers(puerto, ticket.number) == [None]
    assert (await puerto.says("1"))[0].startswith("¡Qué bueno!")


async def test_who_does_not_know_is_left_in_peace_and_may_answer_later(puerto: Town, parser: ScriptedParser) -> None:
    ticket = await resolved(puerto)
    parser.known["no sé, no he pasado"] = parse("deny", language="es")
    parser.known["no sé"] = parse("deny", language="es")
    await puerto.says("no sé")
    assert (await stored(puerto, ticket.number)).reopened == 0
    assert (await puerto.presses("Sí"))[0].startswith("¡Qué bueno!")


async def test_what_is_not_understood_is_asked_once_more_and_then_it_is_something_else(puerto: Town) -> None:
    ticket = await resolved(puerto)
    (again,) = await puerto.says("asdf qwer")
    assert again.startswith(f"Reporte {ticket.number}")
    (menu,) = await puerto.says("asdf qwer")
    assert not menu.startswith(f"Reporte {ticket.number}")


@pytest.mark.parametrize("said", ["hola", "¿cómo va mi reporte?"])
async def test_whatever_else_is_said_leaves_the_question_open(puerto: Town, said: str) -> None:
    ticket = await resolved(puerto)
    await puerto.says(said)
    (rate,) = await puerto.presses("Sí")
    assert rate.startswith("¡Qué bueno!")
    assert await answers(puerto, ticket.number) == ["yes"]


async def test_a_new_report_is_a_new_report_and_no_can_be_said_in_words_later(puerto: Town) -> None:
    ticket = await resolved(puerto)
    (where,) = await puerto.says("hay basura")
    assert "Basura" in where
    await puerto.says("Molino 3")
    await puerto.says("1")
    assert len(await puerto.tickets()) == 2
    assert (await stored(puerto, ticket.number)).reopened == 0
    (asked,) = await puerto.says(BROKEN)
    assert asked.startswith(f"Lo siento. Reabrí el reporte {ticket.number}")


async def test_another_of_the_same_kind_is_a_new_report(puerto: Town) -> None:
    ticket = await resolved(puerto)
    (where,) = await puerto.says("hay otro bache que no arreglan")
    assert where.startswith("Bache")
    assert (await stored(puerto, ticket.number)).status is Status.RESOLVED


@pytest.mark.parametrize(("hours", "opens"), [(71.9, True), (72.1, False)])
async def test_the_window_counts_from_when_the_stored_ticket_was_closed(
    puerto: Town, hours: float, opens: bool
) -> None:
    ticket = await resolved(puerto)
    puerto.clock.forward(hours=hours)
    (said,) = await puerto.presses("No")
    again = await stored(puerto, ticket.number)
    assert (again.status is Status.IN_PROGRESS) is opens
    assert said.startswith("Lo siento" if opens else f"El reporte {ticket.number} se cerró el lun 23 de nov.")


async def test_too_late_and_yes_is_a_new_report_of_the_same_at_the_same_place(puerto: Town) -> None:
    ticket = await resolved(puerto)
    puerto.clock.forward(days=5)
    await puerto.says("no, sigue el hoyo")
    (receipt,) = await puerto.says("sí")
    new = await newest(puerto)
    assert new.number in receipt
    assert new.number != ticket.number
    assert (new.service, new.place) == (ticket.service, ticket.place)
    assert new.description == f"no, sigue el hoyo\n{ticket.number}: {WHOLE}"  # the clerk sees what it goes back to
    assert (await stored(puerto, ticket.number)).status is Status.RESOLVED


async def test_a_neighbour_who_sends_a_new_one_is_shown_no_word_of_the_reporters(puerto: Town) -> None:
    ticket = await file(puerto)
    await follow(puerto, ticket.number, "sms", "p2")
    await move(puerto, ticket.number)
    puerto.clock.forward(days=5)
    await puerto.says("no", style="sms", phone="p2")
    await puerto.says("sí", style="sms", phone="p2")
    new = await newest(puerto, "sms", "p2")
    assert (new.description, new.place.words) == (ticket.number, "")


async def test_yes_to_what_was_opened_again_meanwhile_is_kept_and_not_rated(puerto: Town) -> None:
    ticket = await resolved(puerto)
    await move(puerto, ticket.number, Status.IN_PROGRESS)
    (told,) = await puerto.says("sí, ya quedó bien")
    assert ticket.number in told
    assert "del 1" not in told
    assert (Event.CONFIRMED, "sí, ya quedó bien") in await history(puerto, ticket.number)
    assert (await stored(puerto, ticket.number)).status is Status.IN_PROGRESS


@pytest.mark.parametrize("by", ["citizen", "clerk"])
async def test_what_is_opened_again_is_promised_anew_and_nobody_apologises(puerto: Town, by: str) -> None:
    ticket = await file(puerto)
    puerto.clock.at = ticket.due_at - timedelta(hours=2)
    await move(puerto, ticket.number)
    await (puerto.says("no") if by == "citizen" else move(puerto, ticket.number, Status.IN_PROGRESS))
    shown = puerto.screen()
    await minutes_pass(puerto, 180)
    again = await stored(puerto, ticket.number)
    assert (again.status, again.postponed) == (Status.IN_PROGRESS, 0)
    assert again.due_at > puerto.clock.now() + timedelta(days=1)
    assert puerto.screen() == shown


async def test_too_late_and_no_is_a_goodbye(puerto: Town) -> None:
    await resolved(puerto)
    puerto.clock.forward(days=5)
    await puerto.says("no")
    await puerto.says("no")
    assert len(await puerto.tickets()) == 1


async def test_the_same_press_twice_counts_once_and_fills_nothing_else(puerto: Town) -> None:
    ticket = await resolved(puerto)
    await puerto.presses("No")
    button = next(
        c
        for b in puerto.phones["simulated_telegram"].screen("p1")
        for c in b.choices
        if c.label == "No" and "/" in c.id
    )
    (old,) = await puerto.says("No", choice=button.id)
    assert old.startswith("Ese botón era de una pregunta anterior")
    again = await stored(puerto, ticket.number)
    assert again.reopened == 1
    assert [event for event, _ in await history(puerto, ticket.number)].count(Event.COMMENTED) == 0


async def test_a_button_of_the_resolution_before_is_an_old_one(puerto: Town) -> None:
    ticket = await resolved(puerto)
    first = puerto.phones["simulated_telegram"].screen("p1")[-1].choices
    await move(puerto, ticket.number, Status.IN_PROGRESS)
    await move(puerto, ticket.number)
    (old,) = await puerto.says("Sí", choice=first[0].id)
    assert old.startswith("Ese botón era de una pregunta anterior")
    assert await answers(puerto, ticket.number) == [None]
    await puerto.presses("Sí")
    assert await answers(puerto, ticket.number) == ["yes"]


async def test_no_after_a_clerk_has_opened_it_again_is_counted_and_moves_nothing(puerto: Town) -> None:
    ticket = await resolved(puerto)
    await move(puerto, ticket.number, Status.IN_PROGRESS)
    (asked,) = await puerto.presses("No")
    assert asked.startswith("Lo siento. Reabrí")
    again = await stored(puerto, ticket.number)
    assert (again.status, again.reopened) == (Status.IN_PROGRESS, 1)


async def test_a_follower_is_asked_too_and_their_no_is_told_to_the_reporter(puerto: Town) -> None:
    ticket = await file(puerto)
    await follow(puerto, ticket.number, "sms", "p9")
    await move(puerto, ticket.number)
    assert puerto.screen("sms", "p9")[-1].endswith("1 Si\n2 No")
    (asked,) = await puerto.says("2", style="sms", phone="p9")
    assert asked.startswith("Lo siento. Reabri")
    assert puerto.screen()[-1].startswith(f"Novedades del reporte {ticket.number}")
    await puerto.says("el mío: sigue feo", style="sms", phone="p9")
    assert all("feo" not in said for said in puerto.screen())
    (told,) = await puerto.presses("Sí")  # the reporter thinks otherwise: that is kept as well, and not rated
    assert told.startswith(f"{ticket.number}, Bache: ya lo estamos atendiendo")
    assert sorted(filter(None, await answers(puerto, ticket.number))) == ["no", "yes"]


async def test_two_who_answer_at_once_are_both_heard(puerto: Town) -> None:
    ticket = await file(puerto)
    await follow(puerto, ticket.number, "sms", "p9")
    await move(puerto, ticket.number)
    await asyncio.gather(
        puerto.says("2", settle=False), puerto.says("2", style="sms", phone="p9", settle=False)
    )  # fmt: skip
    await puerto.settle()
    again = await stored(puerto, ticket.number)
    assert (again.status, again.reopened) == (Status.IN_PROGRESS, 2)
    assert await answers(puerto, ticket.number) == ["no", "no"]


def test_the_window_of_the_demo_city_is_72_hours() -> None:
    assert CITY.talk.reopen == timedelta(hours=72)
