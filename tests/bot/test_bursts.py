"""Albums, and reports typed in several quick messages, are one report and get one answer."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.inbox import worker as inbox
from bot.inbox.burst import Wait
from channels.message import Inbound
from nlu.parse import Parse
from tests.bot.conftest import WHOLE
from tests.town import PIN, ScriptedParser, Town, parse, town
from tickets.model import Ticket

WAIT = Wait(album=timedelta(seconds=2), thought=timedelta(seconds=4))
SECOND = "y un poste sin luz en la calle 8"
KNOWN: dict[str, Parse] = {
    "hay un bache": parse("report_pothole", language="es"),
    "enorme": parse(None),
    "en la calle molino": parse("provide_location", "en la calle molino", location="calle molino"),
    "frente al 20": parse("provide_location", "frente al 20", location="frente al 20"),
    "ayuda hay un herido": parse("emergency"),
    "quiero hablar con alguien": parse("handover"),
    "se cayó un cable y hay un herido": parse("report_lighting"),
    SECOND: parse("report_lighting", SECOND, location="calle 8"),
    WHOLE: parse("report_pothole", WHOLE, location="Av. Bolívar 123", language="es"),
}


class Reader(ScriptedParser):
    """Knows the sentences, and reads what was joined of them: the place in it, and sometimes nothing else."""

    async def parse(self, text: str) -> Parse:
        if text in self.known:
            return await super().parse(text)
        place = "calle molino frente al 20" if "frente" in text else "calle molino"
        return parse(None, text, location=place if place in text else "")


@pytest.fixture
async def city(tmp_path: Path, database_url: str) -> AsyncIterator[Town]:
    async with town(tmp_path, Reader(dict(KNOWN)), database_url=database_url, wait=WAIT) as place:
        yield place


async def typed(city: Town, *said: str | Inbound, every: float = 1.5, style: str = "telegram") -> None:
    """One message after the other, each handled as it comes."""
    for text in said:
        phone = city.phones[f"simulated_{style}"]
        await city.reception.accept([phone.say("p1", text) if isinstance(text, str) else text])
        await city.settle()
        city.clock.forward(seconds=every)
    await city.settle()


async def silence(city: Town, seconds: int = 6) -> None:
    for _ in range(seconds):
        city.clock.forward(seconds=1)
        await city.settle()


def answers(city: Town, style: str = "telegram") -> list[str]:
    """What the bot said, without the welcome."""
    bubbles = city.phones[f"simulated_{style}"].screen("p1")
    return [bubble.text for bubble in bubbles if not bubble.mine and "soy Vecino" not in bubble.text]


async def filed(city: Town) -> Sequence[Ticket]:
    await city.presses("Sí")
    return await city.tickets()


async def test_a_report_typed_in_four_quick_messages_is_one_report_with_all_words_and_one_answer(city: Town) -> None:
    await typed(city, "hay un bache", "enorme", "en la calle molino", "frente al 20")
    assert answers(city) == []
    await silence(city)
    (answer,) = answers(city)
    assert "calle molino frente al 20" in answer
    (ticket,) = await filed(city)
    assert (ticket.service, ticket.place.words) == ("pothole", "calle molino frente al 20")
    assert ticket.description == "hay un bache enorme en la calle molino frente al 20"


async def test_half_a_report_is_asked_about_once_the_citizen_is_silent(city: Town) -> None:
    await typed(city, "hay un bache")
    await silence(city)
    (answer,) = answers(city)
    assert "¿" in answer
    await typed(city, "en la calle molino", every=0)  # an answer to our question is not waited with
    assert len(answers(city)) == 2


async def test_a_report_that_says_where_is_answered_at_once(city: Town) -> None:
    await city.says(WHOLE)
    assert len(answers(city)) == 1


async def test_what_comes_later_than_the_wait_is_no_part_of_it(city: Town) -> None:
    await typed(city, "hay un bache", every=5)
    await typed(city, "en la calle molino")
    assert len(answers(city)) == 2


async def test_who_types_on_and_on_is_answered_after_three_times_the_wait(city: Town) -> None:
    await typed(city, "hay un bache", *["enorme"] * 9)
    assert answers(city)


async def test_an_emergency_ends_the_wait(city: Town) -> None:
    await typed(city, "hay un bache", "ayuda hay un herido", every=0.5)
    await silence(city, 1)
    _, emergency, *_ = answers(city)
    assert "112" in emergency


async def test_whom_to_call_is_said_at_once_also_where_the_place_is_missing(city: Town) -> None:
    said = await city.says("se cayó un cable y hay un herido")
    assert "112" in "".join(said)


async def test_who_wants_to_stop_in_the_middle_is_heard(city: Town) -> None:
    await typed(city, "hay un bache", "baja", every=0.5)
    await silence(city, 1)
    async with city.store.view() as view:
        citizen = await view.citizens.find(city.phones["simulated_telegram"].say("p1", "x").sender)
    assert citizen is not None
    assert citizen.opted_out


async def test_a_second_report_with_a_place_of_its_own_stays_a_report_of_its_own(city: Town) -> None:
    await typed(city, "hay un bache", "en la calle molino", SECOND, every=0.5)
    await silence(city)
    summary, announced, again = answers(city)
    assert "2 cosas" in announced
    assert again == summary
    for _ in range(2):
        await city.presses("Sí")
    assert [ticket.service for ticket in await city.tickets()] == ["lighting", "pothole"]


async def test_a_pin_and_a_photo_belong_to_the_report(city: Town) -> None:
    phone = city.phones["simulated_telegram"]
    await typed(city, "hay un bache", phone.say("p1", "", photo=b"\xff\xd8\xff"), phone.say("p1", "", point=PIN))
    await silence(city)
    assert len(answers(city)) == 1
    (ticket,) = await filed(city)
    assert ticket.place.point == PIN
    async with city.store.view() as view:
        assert len(await view.photos.of_ticket(ticket.number)) == 1


async def test_five_photos_of_an_album_with_a_caption_are_one_report(city: Town) -> None:
    phone = city.phones["simulated_telegram"]
    photos = [
        replace(phone.say("p1", WHOLE if n == 0 else "", photo=bytes([255, 216, 255, n])), album="a1") for n in range(5)
    ]
    await typed(city, *photos, every=0.3)
    assert answers(city) == []
    await silence(city, 3)
    assert len(answers(city)) == 1
    (ticket,) = await filed(city)
    async with city.store.view() as view:
        assert len(await view.photos.of_ticket(ticket.number)) == 5


async def test_an_album_without_words_is_asked_about_once(city: Town) -> None:
    phone = city.phones["simulated_telegram"]
    await typed(city, *(replace(phone.say("p1", "", photo=bytes([n])), album="a1") for n in range(3)), every=0.3)
    await silence(city, 3)
    assert len(answers(city)) == 1


async def test_two_albums_are_two(city: Town) -> None:
    phone = city.phones["simulated_telegram"]
    photos = [replace(phone.say("p1", "", photo=bytes([n])), album=f"a{n // 2}") for n in range(4)]
    await typed(city, *photos, every=0.3)
    await silence(city, 5)
    assert len(answers(city)) == 2


async def test_a_kill_in_the_middle_of_a_burst_loses_and_doubles_nothing(city: Town) -> None:
    await typed(city, "hay un bache", "enorme")
    city.clock.forward(seconds=4)
    async with city.store.work() as work:  # a worker that dies with the first message in its hands
        (lost,) = await work.inbox.claim("dead", city.clock.now(), inbox.LEASE, 10)
        await work.commit()
    await typed(city, "en la calle molino", every=0)
    city.clock.forward(seconds=inbox.LEASE + 1)
    await silence(city)
    assert len(answers(city)) == 2  # the place came too late for the burst, and was handled after it
    assert len(await filed(city)) == 1
    async with city.store.work() as work:
        assert not await work.inbox.answered(lost, city.clock.now())


async def test_what_piled_up_while_nobody_worked_is_joined_by_when_it_came(city: Town) -> None:
    phone = city.phones["simulated_telegram"]
    for text in ("hay un bache", "en la calle molino", "frente al 20"):
        await city.reception.accept([phone.say("p1", text)])
        city.clock.forward(seconds=1)
    city.clock.forward(minutes=30)
    await city.settle()
    assert len(answers(city)) == 1


async def test_a_message_that_breaks_the_reading_of_a_burst_is_set_aside_alone(city: Town) -> None:
    class Breaks(Reader):
        """Cannot read one of the messages."""

        async def parse(self, text: str) -> Parse:
            if "enorme" in text:
                raise ZeroDivisionError
            return await super().parse(text)

    city.inbox._understanding._parser = Breaks(dict(KNOWN))
    await typed(city, "hay un bache", "enorme")
    for _ in range(2 * inbox.MAX_ATTEMPTS):
        city.clock.forward(minutes=2)
        await city.settle()
    async with city.store.view() as view:
        (aside,) = (await view.set_aside.page(0, 10)).rows
    assert aside.text == "enorme"
    assert any("¿" in answer for answer in answers(city))


async def test_a_question_that_was_open_yesterday_is_not_what_a_burst_answers(city: Town) -> None:
    await typed(city, "hay un bache")
    await silence(city)
    city.clock.forward(hours=30)
    before = len(answers(city))
    await typed(city, "hay un bache", "enorme", "en la calle molino", "frente al 20")
    await silence(city)
    assert len(answers(city)) == before + 1


async def test_an_emergency_behind_photos_does_not_wait_for_more_of_them(city: Town) -> None:
    phone = city.phones["simulated_whatsapp"]
    photos = [replace(phone.say("p1", "", photo=bytes([255, n])), album="a1") for n in range(3)]
    await typed(city, *photos, every=0.5, style="whatsapp")
    await typed(city, "ayuda hay un herido", every=0, style="whatsapp")
    await silence(city, 1)
    asked, emergency, *_ = answers(city, "whatsapp")
    assert "¿" in asked
    assert "112" in emergency
