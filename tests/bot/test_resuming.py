"""A report that was left lying is brought up again once, and dropped with a word at last."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.i18n import Words
from bot.resuming import EVERY, Resuming
from bot.schedule import Job, Schedule, every
from channels.simulator import Style
from tests.town import CITY, ScriptedParser, Town, parse, town
from tickets.model import Event

HOLE = "hay un bache en la calle molino"
TREE = "un árbol caído en la calle 8"


@pytest.fixture
async def city(tmp_path: Path, database_url: str) -> AsyncIterator[Town]:
    parser = ScriptedParser(
        {
            HOLE: parse("report_pothole", HOLE, location="calle molino", language="es"),
            TREE: parse("report_tree", TREE, location="la calle 8", language="es"),
            "bache": parse("report_pothole", language="es"),
            "hola": parse("greet", language="es"),
            "quiero hablar con alguien": parse("handover", language="es"),
        }
    )
    async with town(tmp_path, parser, database_url=database_url) as place:
        yield place


async def looked(city: Town) -> None:
    """A process that looks what is due."""
    step = Resuming(city=CITY, render=Words(CITY)).step
    await Schedule(city.store, city.clock, [Job(name="resuming", due=every(EVERY), step=step)]).look()


async def later(city: Town, style: Style = "telegram", **span: float) -> list[str]:
    """What the phone shows after this time, of two processes that both look."""
    seen = len(city.screen(style))
    city.clock.forward(**span)
    for _ in range(2):
        await looked(city)
    await city.settle()
    return city.screen(style)[seen:]


@pytest.mark.parametrize("style", ["telegram", "sms", "whatsapp"])
async def test_after_a_silence_the_open_question_comes_again_once(city: Town, style: Style) -> None:
    *_, asked = await city.says(HOLE, style=style)
    assert await later(city, style, minutes=20) == []
    up, again = await later(city, style, minutes=11)
    assert "Bache" in up
    assert again == asked
    assert await later(city, style, hours=5) == []
    await city.says("1", style=style)
    assert len(await city.tickets(style=style)) == 1


async def test_the_buttons_shown_before_still_answer(city: Town) -> None:
    await city.says(HOLE)
    old = next(b.choices[0].id for b in city.phones["simulated_telegram"].screen("p1") if b.choices)
    await later(city, minutes=31)
    await city.says("Sí", choice=old)
    assert len(await city.tickets()) == 1


async def test_a_draft_is_dropped_with_a_last_word_and_nothing_of_it_is_filed(city: Town) -> None:
    await city.says(HOLE, photo=b"\xff\xd8\xff")
    await later(city, minutes=31)
    (last,) = await later(city, hours=23)
    assert "Bache" in last
    assert "¿" not in last
    assert await later(city, hours=5) == []
    await city.says("sí")
    assert await city.tickets() == []


async def test_a_greeting_after_a_silence_brings_it_up(city: Town) -> None:
    *_, asked = await city.says("bache")
    city.clock.forward(minutes=40)
    up, again = await city.says("hola")
    assert "Bache" in up
    assert again == asked


async def test_nobody_is_reminded_after_stop(city: Town) -> None:
    await city.says(HOLE)
    await city.says("baja")
    assert await later(city, minutes=31) == []
    assert await later(city, hours=30) == []


async def test_nobody_is_reminded_while_a_person_talks_with_them(city: Town) -> None:
    await city.says(HOLE)
    await city.says("quiero hablar con alguien")
    assert await later(city, minutes=31) == []


async def test_nobody_is_reminded_while_a_message_of_theirs_waits(city: Town) -> None:
    await city.says(HOLE)
    await city.says("sí", settle=False)
    city.clock.forward(minutes=31)
    await looked(city)
    await city.settle()
    assert not any("Estábamos" in said for said in city.screen())
    assert len(await city.tickets()) == 1


async def test_gibberish_is_not_brought_up(city: Town) -> None:
    await city.says("asdf")
    assert await later(city, minutes=31) == []
    assert await later(city, hours=24) == []


async def test_on_whatsapp_nothing_is_sent_outside_its_window(city: Town) -> None:
    await city.says(HOLE, style="whatsapp")
    assert await later(city, "whatsapp", hours=30) == []


async def test_in_their_own_language(city: Town) -> None:
    text = "there is a pothole on market street"
    city.inbox._understanding._parser.known[text] = parse(  # type: ignore[attr-defined]
        "report_pothole", text, location="market street", language="en"
    )
    await city.says(text)
    up, asked = await later(city, minutes=31)
    assert up == "We were talking about this: Pothole."
    assert asked.startswith("Pothole, at: market street.")


async def test_a_report_in_the_middle_of_which_a_code_was_asked_for_comes_up_again(city: Town) -> None:
    *_, asked = await city.says(HOLE)
    code = (await city.says("borrar mis datos"))[-1].rpartition(" ")[2]
    up, again = await later(city, minutes=31)
    assert ("Bache" in up, again) == (True, asked)
    assert "borrados" not in " ".join(await city.says(code))


@pytest.mark.parametrize("style", ["telegram", "sms", "whatsapp"])
async def test_a_photo_whose_report_is_never_told_goes_into_the_newest_once(city: Town, style: Style) -> None:
    for text in (HOLE, TREE):
        await city.says(text, style=style)
        await city.says("1", style=style)
    newest = (await city.tickets(style=style))[0]
    city.clock.forward(hours=3)
    await city.says("", photo=b"\xff\xd8 a photo", style=style)
    assert await later(city, style, hours=20) == []
    (told,) = await later(city, style, hours=3, minutes=10)
    assert newest.number in told
    async with city.store.view() as view:
        photos = await view.photos.of_ticket(newest.number)
        events = [update.event for update in await view.tickets.history(newest.number)]
    assert (len(photos), events) == (1, [Event.FILED, Event.COMMENTED])
    assert await later(city, style, hours=24) == []
