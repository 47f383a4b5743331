"""The demo phones and the terminal."""

import asyncio
import io
from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest

from channels import Channel, Fetches, Forged, Rejected, load
from channels.console import Console
from channels.message import Attachment, Keyword, Media, Template, Webhook
from channels.simulator import BUBBLES, PHONES, PHOTOS, TRAITS, Simulator, Style
from tests.channels.world import NOW, PUBLIC_URL, choices, opened, outbound
from tickets.model import Point

PHONE = "+525512345678"


def _simulator(style: Style = "sms") -> Simulator:
    return Simulator(style, lambda: NOW)


@pytest.mark.parametrize("style", get_args(Style))
def test_simulated_phone_can_what_the_real_one_can(style: Style) -> None:
    assert TRAITS[style] == replace(opened(style).traits, callbacks=False)
    assert load(style).OPTIONS
    simulator: Channel = _simulator(style)
    assert simulator.name == f"simulated_{style}"
    assert isinstance(simulator, Fetches)


async def test_both_sides_are_shown_in_order_and_what_sms_cost() -> None:
    simulator = _simulator()
    inbound = simulator.say(PHONE, "hay un bache", language="es")
    await simulator.send(outbound(simulator.name, PHONE, "¿Dónde es?", choices=choices("Sí", "No")))
    mine, theirs = simulator.screen(PHONE)
    assert (inbound.text, inbound.sender.channel, inbound.language_hint) == ("hay un bache", "simulated_sms", "es")
    assert (mine.mine, mine.text, theirs.mine, theirs.text) == (True, "hay un bache", False, "¿Donde es?\n1 Si\n2 No")
    assert theirs.segments is not None
    assert theirs.segments.segments == 1
    assert simulator.screen(PHONE, after=mine.number) == [theirs]
    assert simulator.screen("+1999") == []


async def test_telegram_phone_shows_buttons_and_sends_the_pressed_one() -> None:
    simulator = _simulator("telegram")
    await simulator.send(outbound(simulator.name, "55", "¿Sí?", choices=choices("Sí", "No")))
    (bubble,) = simulator.screen("55")
    assert (bubble.choices, bubble.segments) == (choices("Sí", "No"), None)
    pressed = simulator.say("55", "Sí", choice="q7:0")
    assert (pressed.choice, pressed.text) == ("q7:0", "")
    assert simulator.say("55", "/start").text == "start"


async def test_photo_and_pin_reach_the_bot_and_the_photo_can_be_fetched() -> None:
    simulator = _simulator("whatsapp")
    point = Point(latitude=19.4, longitude=-99.1)
    inbound = simulator.say(PHONE, "", point=point, photo=b"\x89PNG1")
    assert (inbound.point, inbound.media[0].content_type) == (point, "image/png")
    assert await simulator.fetch(inbound.media[0]) == b"\x89PNG1"
    for number in range(PHOTOS):
        simulator.say(PHONE, "", photo=bytes([number + 1]))
    with pytest.raises(Rejected, match="not_found"):
        await simulator.fetch(inbound.media[0])
    with pytest.raises(Rejected):
        await simulator.fetch(Media(reference="x", content_type="image/png"))


async def test_twilios_words_are_answered_by_twilio_and_stop_stops() -> None:
    simulator = _simulator()
    assert simulator.say(PHONE, " stop").provider_keyword is Keyword.STOP
    assert not simulator.screen(PHONE)[-1].mine
    with pytest.raises(Rejected, match="opted_out"):
        await simulator.send(outbound(simulator.name, PHONE))
    assert simulator.say(PHONE, "START").provider_keyword is Keyword.START
    await simulator.send(outbound(simulator.name, PHONE))
    assert simulator.say(PHONE, "YES").provider_keyword is Keyword.YES
    assert _simulator("whatsapp").say(PHONE, "STOP").provider_keyword is None


async def test_page_waits_for_news_and_gives_up_in_time() -> None:
    simulator = _simulator()
    waiting = asyncio.create_task(simulator.news(PHONE, 0, 5))
    await asyncio.sleep(0)
    await simulator.send(outbound(simulator.name, PHONE, "hola"))
    (bubble,) = await waiting
    assert await simulator.news(PHONE, 0, 5) == [bubble]
    assert await simulator.news(PHONE, bubble.number, 0) == []


def test_memory_is_bounded() -> None:
    simulator = _simulator()
    for number in range(BUBBLES + 5):
        simulator.say(PHONE, str(number))
    assert [simulator.screen(PHONE)[end].number for end in (0, -1)] == [6, BUBBLES + 5]
    for number in range(PHONES):
        simulator.say(str(number), "x")
    assert simulator.screen(PHONE) == []


async def test_file_is_shown_where_the_real_channel_carries_it() -> None:
    file = Attachment(name="a.jpg", content_type="image/jpeg", content=b"x")
    telegram = _simulator("telegram")
    await telegram.send(outbound(telegram.name, "55", "x", attachments=(file,)))
    assert telegram.screen("55")[0].files == ("a.jpg",)
    with pytest.raises(Rejected, match="attachments"):
        await _simulator().send(outbound("simulated_sms", PHONE, "x", attachments=(file,)))


def test_nobody_speaks_for_a_demo_phone_by_webhook() -> None:
    webhook = Webhook(url="/channels/simulated_sms", headers={}, body=b"", now=NOW)
    for channel in (_simulator(), Console(io.StringIO())):
        with pytest.raises(Forged):
            channel.read(webhook)


async def test_terminal_prints_numbered_choices_and_reads_lines() -> None:
    out = io.StringIO()
    console = Console(out, "pt")
    later = NOW + timedelta(seconds=1)
    first, second = console.feed("/oi\x00 \n", NOW), console.feed("2", later)
    assert (first.text, first.language_hint, second.text, second.received_at) == ("oi", "pt", "2", later)
    assert first.sender == second.sender
    assert first.external_id != second.external_id
    key = await console.send(outbound("console", first.sender.address, "Certo?", choices=choices("Sim", "Não")))
    assert (key, out.getvalue()) == ("reply:12:0", "Certo?\n1 Sim\n2 Não\n")
    await console.close()
    assert PUBLIC_URL not in out.getvalue()


async def test_a_text_that_the_real_provider_would_refuse_is_refused() -> None:
    with pytest.raises(Rejected, match="too_long"):
        await Simulator("sms", lambda: NOW).send(outbound(text="a" * 1601))


async def test_whatsapp_phone_takes_free_text_for_a_day_and_templates_always() -> None:
    clock = [NOW]
    simulator = Simulator("whatsapp", lambda: clock[0])
    inbound = simulator.say(PHONE, "hola")
    assert inbound.free_until == NOW + timedelta(hours=24)
    clock[0] += timedelta(hours=24)
    with pytest.raises(Rejected, match="outside_window"):
        await simulator.send(outbound(simulator.name, PHONE))
    template = Template(name="notice", language="es", values=("7K3-9QX",))
    assert simulator.approved(template)
    await simulator.send(outbound(simulator.name, PHONE, template=template))
    assert simulator.screen(PHONE)[-1].text == "¿Dónde es?"
    assert _simulator("sms").say(PHONE, "hola").free_until is None
