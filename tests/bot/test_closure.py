"""From "it is resolved" to a rating, or to a ticket that is open again: on three channels, with a clerk at the desk."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.app import talking
from bot.i18n import Words
from bot.ports import Closure, Rating
from bot.schedule import Schedule
from channels.segments import gsm_safe
from channels.simulator import Style
from tests.bot.conftest import WHOLE
from tests.town import CITY, PIN, STYLES, ScriptedParser, Town, parse
from tickets.model import Author, Event, Status, Ticket, Update

BROKEN = "no sirve, sigue apagado"
NEWS = "¡Buenas noticias!"
ASKED = "¿Usted cómo lo ve: quedó bien?"
JPEG = b"\xff\xd8\xff\xe0"


@pytest.fixture(autouse=True)
def known(parser: ScriptedParser) -> None:
    parser.known |= {
        BROKEN: parse("reopen", language="es"),
        "hola": parse("greet", language="es"),
        "gracias": parse("thank", language="es"),
        "hay basura": parse("report_waste", language="es"),
        "el bache sigue igual": parse("report_pothole", language="es"),
        "hay otro bache que no arreglan": parse("report_pothole", language="es"),
        "Muy amables los señores": parse("thank", language="es"),
        "¿cómo va mi reporte?": parse("check_status", language="es"),
    }


def bare(text: str) -> str:
    """Without the accents that an SMS has not."""
    return gsm_safe(text)


async def file(puerto: Town, style: Style = "telegram", phone: str = "p1") -> Ticket:
    await puerto.says(WHOLE, style=style, phone=phone)
    await puerto.says("1", style=style, phone=phone)
    return await newest(puerto, style, phone)


async def newest(puerto: Town, style: Style = "telegram", phone: str = "p1") -> Ticket:
    return (await puerto.tickets(style=style, phone=phone))[0]


async def move(puerto: Town, number: str, to: Status = Status.RESOLVED, note: str = "") -> None:
    ticket = await stored(puerto, number)
    await puerto.desk.move(number=number, to=to, version=ticket.version, login="rosa", note=note)
    await puerto.settle()


async def stored(puerto: Town, number: str) -> Ticket:
    async with puerto.store.view() as view:
        found = await view.tickets.get(number)
    assert found
    return found


async def resolved(puerto: Town, style: Style = "telegram", phone: str = "p1") -> Ticket:
    ticket = await file(puerto, style, phone)
    await move(puerto, ticket.number)
    return await stored(puerto, ticket.number)


async def follow(puerto: Town, number: str, style: Style, phone: str) -> None:
    """Somebody who has written before joins it."""
    await puerto.says("hola", style=style, phone=phone)
    async with puerto.store.work() as work:
        ticket = await work.tickets.get(number)
        citizen = await work.citizens.find(puerto.phones[f"simulated_{style}"].say(phone, "x").sender)
        assert ticket
        assert citizen
        await work.followers.add(number, citizen.id, puerto.clock.now())
        joined = replace(ticket, followers=ticket.followers + 1, version=ticket.version + 1)
        update = Update(
            number=number, version=joined.version, at=puerto.clock.now(), actor=(await work.tickets.history(number))[0].actor,
            event=Event.FOLLOWED,
        )  # fmt: skip
        await work.tickets.change(joined, update)
        await work.commit()


async def minutes_pass(puerto: Town, minutes: float = 1) -> None:
    puerto.clock.forward(minutes=minutes)
    await Schedule(puerto.store, puerto.clock, talking(CITY, Words(CITY))).look()
    await puerto.settle()


async def history(puerto: Town, number: str) -> list[tuple[Event, str]]:
    async with puerto.store.view() as view:
        updates = await view.tickets.history(number)
    return [(update.event, update.note) for update in updates if update.actor.author is Author.CITIZEN]


async def answers(puerto: Town, number: str) -> list[str | None]:
    async with puerto.store.view() as view:
        return [closure.answer for closure in await view.closures.of_ticket(number)]


async def closures(puerto: Town, number: str) -> list[Closure]:
    async with puerto.store.view() as view:
        return list(await view.closures.of_ticket(number))


async def ratings(puerto: Town, number: str) -> list[Rating]:
    async with puerto.store.view() as view:
        return list(await view.ratings.of_ticket(number))


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


@pytest.mark.parametrize("said", ["un 4", "4 de 5", "le pongo un 4"])
async def test_a_rating_in_words_is_no_address_and_no_emergency(
    puerto: Town, parser: ScriptedParser, said: str
) -> None:
    ticket = await resolved(puerto)
    parser.known[said] = parse("emergency", language="es")
    await puerto.says("1")
    await puerto.says(said)
    assert [rating.score for rating in await ratings(puerto, ticket.number)] == [4]


@pytest.mark.parametrize(
    ("word", "kept"), [("brilliant work guys", True), ("muchas gracias", False), ("thanks mate", False)]
)
async def test_a_word_of_praise_is_kept_and_a_bare_thanks_is_answered(
    puerto: Town, parser: ScriptedParser, word: str, kept: bool
) -> None:  # fmt: skip
    ticket = await resolved(puerto)
    parser.known[word] = parse("thank")
    await puerto.says("1")
    await puerto.says("5")
    await puerto.says(word)
    assert [rating.word for rating in await ratings(puerto, ticket.number)] == [word if kept else None]


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


async def test_two_ones_in_a_row_by_sms_are_a_yes_and_no_rating(puerto: Town) -> None:
    ticket = await resolved(puerto, "sms")
    phone = puerto.phones["simulated_sms"]
    await puerto.reception.accept([phone.say("p1", "1")])
    await puerto.reception.accept([phone.say("p1", "1")])
    puerto.clock.forward(seconds=1)  # answered a moment later
    await puerto.settle()
    assert await ratings(puerto, ticket.number) == []
    assert puerto.screen("sms")[-1] == "¡Qué bueno! ¿Como lo hicimos, del 1 (mal) al 5 (muy bien)?"
    await puerto.says("5", style="sms")
    assert [rating.score for rating in await ratings(puerto, ticket.number)] == [5]


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


async def test_in_a_report_the_question_waits_until_that_is_over_and_is_asked_once(puerto: Town) -> None:
    ticket = await file(puerto)
    await puerto.says("hay basura")
    await move(puerto, ticket.number)
    assert "[Sí]" not in puerto.screen()[-1]
    await minutes_pass(puerto)
    await puerto.says("Molino 3")
    await minutes_pass(puerto)
    await puerto.says("1")
    seen = len(puerto.screen())
    for _ in range(3):
        await minutes_pass(puerto)
    (asked,) = puerto.screen()[seen:]
    assert asked == f"Reporte {ticket.number}, Bache, Av. Bolívar 123: ¿quedó bien? [Sí] [No]"
    assert (await puerto.presses("Sí"))[0].startswith("¡Qué bueno!")


async def test_a_message_that_waits_for_its_answer_comes_first(puerto: Town) -> None:
    ticket = await file(puerto)
    await puerto.says("hay basura", settle=False)
    await move(puerto, ticket.number)
    assert all("[Sí] [No]" not in said for said in puerto.screen()[-2:])
    assert (await closures(puerto, ticket.number))[0].due is not None


async def test_two_tickets_are_asked_about_one_after_the_other(puerto: Town) -> None:
    one = await file(puerto)
    await puerto.says(WHOLE)
    await puerto.says("2")  # the same place again: one of their own, not that one
    other = await newest(puerto)
    await move(puerto, one.number)
    await move(puerto, other.number)
    assert [said.endswith("[Sí] [No]") for said in puerto.screen()[-2:]] == [True, False]
    await minutes_pass(puerto)
    assert not puerto.screen()[-1].endswith("[Sí] [No]")
    await puerto.presses("Sí")
    await puerto.presses("5")
    await puerto.says("no gracias")
    await minutes_pass(puerto)
    assert puerto.screen()[-1].startswith(f"Reporte {other.number}")


@pytest.mark.parametrize("what", ["opened", "late"])
async def test_what_is_open_again_or_long_past_is_never_asked_about(puerto: Town, what: str) -> None:
    ticket = await file(puerto)
    await puerto.says("hay basura")
    await move(puerto, ticket.number)
    if what == "opened":
        await move(puerto, ticket.number, Status.IN_PROGRESS)
    else:
        puerto.clock.forward(hours=72)
    await puerto.says("Molino 3")
    await puerto.says("1")
    seen = len(puerto.screen())
    await minutes_pass(puerto)
    assert puerto.screen()[seen:] == []
    assert [closure.due for closure in await closures(puerto, ticket.number)] == [None]


async def test_who_said_stop_is_asked_nothing(puerto: Town) -> None:
    ticket = await file(puerto)
    await puerto.says("STOP")
    seen = len(puerto.screen())
    await move(puerto, ticket.number)
    await minutes_pass(puerto)
    assert puerto.screen()[seen:] == []


async def test_outside_whatsapps_window_no_question_is_begun_and_an_answer_still_counts(puerto: Town) -> None:
    ticket = await file(puerto, "whatsapp")
    puerto.clock.forward(hours=25)
    await move(puerto, ticket.number)
    assert puerto.screen("whatsapp")[-1].startswith(NEWS)
    (asked,) = await puerto.says("no", style="whatsapp")
    assert asked.startswith("Lo siento. Reabrí")


async def test_what_had_to_wait_is_not_asked_outside_whatsapps_window(puerto: Town) -> None:
    ticket = await file(puerto, "whatsapp")
    await puerto.says("hay basura", style="whatsapp")
    await move(puerto, ticket.number)
    async with puerto.store.work() as work:
        citizen = await work.citizens.find(puerto.phones["simulated_whatsapp"].say("p1", "x").sender)
        assert citizen
        await work.dialogues.save(citizen.id, None, puerto.clock.now())
        await work.commit()
    seen = len(puerto.screen("whatsapp"))
    puerto.clock.forward(hours=25)
    await minutes_pass(puerto)
    assert puerto.screen("whatsapp")[seen:] == []
    assert (await closures(puerto, ticket.number))[0].due is not None


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


async def test_the_bare_no_once_more_adds_nothing(puerto: Town) -> None:
    ticket = await resolved(puerto, "sms")
    await puerto.says("2", style="sms")
    (asked,) = await puerto.says("2", style="sms")
    assert asked.startswith("Lo siento. Reabri")
    assert (await stored(puerto, ticket.number)).reopened == 1
    assert (await history(puerto, ticket.number))[-1] == (Event.REOPENED, "")


@pytest.mark.parametrize("said", ["7", "0", "99"])
async def test_a_digit_that_means_nothing_asks_again(puerto: Town, said: str) -> None:
    ticket = await resolved(puerto, "sms")
    (again,) = await puerto.says(said, style="sms")
    assert again.startswith(bare(f"Reporte {ticket.number}, Bache, Av. Bolívar 123: ¿quedó bien?"))
    (rate,) = await puerto.says("1", style="sms")
    (once_more,) = await puerto.says(said, style="sms")
    assert once_more == rate
    assert await ratings(puerto, ticket.number) == []


async def test_a_huge_word_is_cut_for_the_rating_and_stays_with_the_answer(puerto: Town) -> None:
    ticket = await resolved(puerto)
    await puerto.says("1")
    await puerto.says("5")
    (kept,) = await puerto.says("qué maravilla " * 300)
    assert kept == "Gracias, el equipo lo va a leer."
    (rating,) = await ratings(puerto, ticket.number)
    assert rating.word is not None
    assert len(rating.word) <= 500


async def test_a_rating_that_is_not_understood_is_asked_for_once_more(puerto: Town) -> None:
    ticket = await resolved(puerto)
    await puerto.says("1")
    (again,) = await puerto.says("dies")
    assert again.startswith("¡Qué bueno!")
    (other,) = await puerto.says("dies")
    assert not other.startswith("¡Qué bueno!")
    assert await ratings(puerto, ticket.number) == []


@pytest.mark.parametrize("said", ["-1", "4.5", "- 3"])
async def test_less_than_none_and_a_part_of_one_are_no_rating(puerto: Town, parser: ScriptedParser, said: str) -> None:
    ticket = await resolved(puerto)
    await puerto.says("sí")
    parser.known[said] = parse("provide_location", said, location=said, language="es")
    assert "del 1" in (await puerto.says(said))[-1]
    assert await ratings(puerto, ticket.number) == []
    await puerto.says("4")
    assert [rating.score for rating in await ratings(puerto, ticket.number)] == [4]


async def test_a_thank_you_with_more_in_it_is_asked_about_once_more(puerto: Town, parser: ScriptedParser) -> None:
    ticket = await resolved(puerto)
    parser.known["gracias mil por pasar"] = parse("thank", language="es")
    (again,) = await puerto.says("gracias mil por pasar")
    assert again.startswith(f"Reporte {ticket.number}")
    (thanks,) = await puerto.says("gracias mil por pasar")
    assert not thanks.startswith("Reporte")
    assert (await puerto.presses("Sí"))[0].startswith("¡Qué bueno!")


async def test_a_rating_of_ten_days_ago_is_not_what_a_digit_means(puerto: Town) -> None:
    ticket = await resolved(puerto)
    await puerto.says("1")
    puerto.clock.forward(days=10)
    await puerto.says("5")
    assert await ratings(puerto, ticket.number) == []


def test_the_window_of_the_demo_city_is_72_hours() -> None:
    assert CITY.talk.reopen == timedelta(hours=72)
