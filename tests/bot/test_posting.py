"""Reports that other programs file: tickets as any other, and reporters who are asked before they are told."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from bot.desk.posting import Posting, Sent
from bot.i18n import Words
from channels.message import Contact
from store.tables import untold
from tests.bot.conftest import WHOLE
from tests.town import CITY, PIN, OneStreet, Town
from tickets.model import Event, Priority, Status, Ticket

PHONE = "+525587654321"


def posting(town: Town) -> Posting:
    return Posting(
        store=town.store, render=Words(CITY), clock=town.clock, city=CITY, places=OneStreet(), random=Random(5),
        sms="simulated_sms",
    )  # fmt: skip


def sent(name: str = "one", **more: object) -> Sent:
    service = CITY.service("pothole")
    assert service
    base = Sent(
        service=service, place=OneStreet().locate(PIN, ""), words="a hole", language="es", phone=PHONE,
        sent=("same", "1", name),
    )  # fmt: skip
    return replace(base, **more)  # type: ignore[arg-type]


async def filed(town: Town, name: str = "one", **more: object) -> Ticket:
    number = await posting(town).file(sent(name, **more))
    await town.settle()
    return await ticket(town, number)


async def ticket(town: Town, number: str) -> Ticket:
    async with town.store.view() as view:
        found = await view.tickets.get(number)
    assert found
    return found


def heard(town: Town) -> list[str]:
    return town.screen("sms", PHONE)


async def answers(town: Town, text: str) -> list[str]:
    return await town.says(text, style="sms", phone=PHONE)


async def resolves(town: Town, one: Ticket) -> None:
    now = await ticket(town, one.number)
    await town.desk.move(number=one.number, to=Status.RESOLVED, version=now.version, login="rosa", note="")
    await town.settle()


async def test_a_report_of_a_program_is_a_ticket_as_any_other(puerto: Town) -> None:
    one = await filed(puerto, phone="")
    assert (one.service, one.department, one.channel, one.status) == ("pothole", "roads", "open311", Status.RECEIVED)
    assert (one.place.street, one.place.area) == (OneStreet().locate(PIN, "").street, OneStreet().locate(PIN, "").area)
    assert one.due_at > one.filed_at
    async with puerto.store.view() as view:
        assert [update.event for update in await view.tickets.history(one.number)] == [Event.FILED]


async def test_words_that_tell_of_danger_make_it_an_emergency(puerto: Town) -> None:
    one = await filed(puerto, phone="", words="cable caído con chispas y hay gente herida, auxilio")
    assert one.priority is Priority.EMERGENCY
    assert CITY.lines.emergency in posting(puerto).warning("me estoy muriendo, ayuda, hay un incendio", "es")
    assert posting(puerto).warning("a hole", "es") == ""


async def test_who_never_wrote_is_asked_once_and_hears_nothing_else(puerto: Town) -> None:
    one = await filed(puerto)
    (question,) = heard(puerto)
    assert one.number in question
    assert "BAJA" in question
    await resolves(puerto, one)
    await filed(puerto, "two")
    assert heard(puerto) == [question]


@pytest.mark.parametrize("yes", ["SI", "sí", "Yes", "sim", "OUI"])
async def test_a_yes_makes_the_report_theirs_and_news_come(puerto: Town, yes: str) -> None:
    one, other = await filed(puerto), await filed(puerto, "two")
    *_, said = await answers(puerto, yes)
    assert one.number in said
    assert {mine.number for mine in await puerto.tickets(style="sms", phone=PHONE)} == {one.number, other.number}
    before = len(heard(puerto))
    await resolves(puerto, one)
    assert one.number in heard(puerto)[before]


async def test_after_a_yes_the_next_report_is_told_at_once(puerto: Town) -> None:
    await filed(puerto)
    await answers(puerto, "sí")
    before = len(heard(puerto))
    another = await filed(puerto, "two")
    (receipt,) = heard(puerto)[before:]
    assert another.number in receipt
    assert receipt.startswith("¡Listo!")


async def test_a_no_is_kept_and_nobody_asks_again(puerto: Town) -> None:
    one = await filed(puerto)
    await answers(puerto, "no")
    before = len(heard(puerto))
    puerto.clock.forward(days=40)
    await filed(puerto, "two")
    await resolves(puerto, one)
    assert heard(puerto)[before:] == []


async def test_a_stop_wins(puerto: Town) -> None:
    one = await filed(puerto)
    await answers(puerto, "BAJA")
    before = len(heard(puerto))
    puerto.clock.forward(days=40)
    await filed(puerto, "two")
    await resolves(puerto, one)
    assert heard(puerto)[before:] == []


async def test_a_stop_by_whatsapp_holds_for_the_number(puerto: Town) -> None:
    await puerto.says("BAJA", style="whatsapp", phone=PHONE)
    await filed(puerto)
    assert heard(puerto) == []


async def test_a_citizen_who_wrote_to_us_is_told_at_once(puerto: Town) -> None:
    await answers(puerto, "hola")
    before = len(heard(puerto))
    one = await filed(puerto)
    (receipt,) = heard(puerto)[before:]
    assert one.number in receipt
    assert [mine.number for mine in await puerto.tickets(style="sms", phone=PHONE)] == [one.number]


async def test_no_program_floods_who_is_told_at_once(puerto: Town) -> None:
    await answers(puerto, "hola")
    before = len(heard(puerto))
    for n in range(9):
        await filed(puerto, str(n))
    assert len(heard(puerto)[before:]) == 5


async def test_a_contact_is_asked_at_most_once_a_week_also_after_an_erasure(puerto: Town) -> None:
    await filed(puerto)
    code = (await answers(puerto, "borrar mis datos"))[-1].rpartition(" ")[2]
    await answers(puerto, code)
    before = len(heard(puerto))
    await filed(puerto, "two")
    assert heard(puerto)[before:] == []
    puerto.clock.forward(days=8)
    await filed(puerto, "three")
    assert len(heard(puerto)[before:]) == 1


async def test_an_erasure_reaches_the_words_that_a_program_sent_for_them(puerto: Town) -> None:
    one = await filed(puerto, words="zanahoria")
    code = (await answers(puerto, "borrar mis datos"))[-1].rpartition(" ")[2]
    await answers(puerto, code)
    left = await ticket(puerto, one.number)
    assert left.description == ""
    async with puerto.store.work() as work:
        assert (await work._tx.execute(untold.select())).all() == []


async def test_another_answer_is_about_something_else_and_the_question_stays(puerto: Town) -> None:
    one = await filed(puerto)
    await answers(puerto, "¿quién es?")
    *_, said = await answers(puerto, "si")
    assert one.number in said


async def test_a_report_of_their_own_goes_its_way_before_they_answer(puerto: Town) -> None:
    await filed(puerto)
    replies = await answers(puerto, WHOLE)
    assert "Av. Bolivar 123" in replies[-1]  # as SMS writes it


async def test_the_same_sent_again_is_the_same_report_and_later_another(puerto: Town) -> None:
    one, again = await filed(puerto), await filed(puerto)
    assert one.number == again.number
    puerto.clock.forward(minutes=11)
    assert (await filed(puerto)).number != one.number


async def test_the_same_sent_twice_at_once_is_one_report(puerto: Town) -> None:
    numbers = await asyncio.gather(*(posting(puerto).file(sent()) for _ in range(5)))
    assert len(set(numbers)) == 1
    await puerto.settle()
    assert len(heard(puerto)) == 1


async def test_before_they_say_yes_they_cannot_read_what_was_filed_under_their_number(puerto: Town) -> None:
    one = await filed(puerto, words="zanahoria")
    await answers(puerto, "hola")
    assert await puerto.tickets(style="sms", phone=PHONE) == []
    told = await answers(puerto, one.number)
    assert "zanahoria" not in " ".join(told)


async def test_who_says_nothing_for_a_month_is_forgotten_with_the_report(puerto: Town) -> None:
    one = await filed(puerto)
    now = puerto.clock.now() + timedelta(days=31)
    async with puerto.store.work() as work:
        await work.housekeeping.rest(now, now - timedelta(days=30))
        await work.commit()
    async with puerto.store.view() as view:
        citizen = await view.citizens.find(Contact(channel="simulated_sms", address=PHONE))
        assert citizen
        assert await view.askings.waiting(citizen.id) == []
    assert (await ticket(puerto, one.number)).description == "a hole"
