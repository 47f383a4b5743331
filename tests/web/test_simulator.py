"""The phones of the demo."""

import asyncio
import base64
import io
import json

import pytest

from channels.message import Choice, Contact, Outbound
from tests.web.world import World
from tickets.model import Point

PHONE = "0123456789abcdef"
JPEG = b"\xff\xd8\xff\xe0 a picture"


async def say(demo: World, style: str = "telegram", **said: object) -> int:
    answer = await demo.client.post(f"/try/phones/{PHONE}/{style}", json=said)
    return answer.status


async def screens(demo: World, **after: int) -> dict[str, list[dict[str, object]]]:
    answer = await demo.client.get(f"/try/phones/{PHONE}", params={key: str(value) for key, value in after.items()})
    assert answer.status == 200
    return (await answer.json())["phones"]


async def test_there_is_no_simulator_in_earnest(world: World) -> None:
    await world.page("/try", 404)
    await world.page(f"/try/phones/{PHONE}", 404)


async def test_the_page_shows_three_phones_and_something_to_say(demo: World) -> None:
    page = await demo.page("/try?language=en")
    assert page.count('<section class="phone ') == 3
    assert "There is a huge pothole at Avenida Bolívar 12" in page
    assert 'data-west="-66.511' in page
    assert "<script>" not in page
    assert "style=" not in page.replace("data-style=", "")


@pytest.mark.parametrize("style", ["telegram", "sms", "whatsapp"])
async def test_what_is_said_is_accepted_as_any_message(demo: World, style: str) -> None:
    assert await say(demo, style, text="hay un bache", language="pt") == 204
    [message] = demo.accepted
    assert (message.sender.channel, message.sender.address) == (f"simulated_{style}", PHONE)
    assert (message.text, message.language_hint) == ("hay un bache", "pt")
    assert [bubble["text"] for bubble in (await screens(demo))[style]] == ["hay un bache"]


async def test_pins_presses_and_photos_travel(demo: World) -> None:
    assert await say(demo, point={"latitude": 14.6, "longitude": -66.5}) == 204
    assert await say(demo, choice="yes", text="Sí") == 204
    assert await say(demo, photo=base64.b64encode(JPEG).decode(), text="look") == 204
    pin, press, photo = demo.accepted
    assert pin.point == Point(latitude=14.6, longitude=-66.5)
    assert press.choice == "yes"
    assert await demo.simulators["telegram"].fetch(photo.media[0]) == JPEG


async def test_the_answer_arrives_while_the_page_waits(demo: World) -> None:
    waiting = asyncio.create_task(screens(demo))
    await asyncio.sleep(0)
    recipient = Contact(channel="simulated_sms", address=PHONE)
    choices = (Choice(id="y", label="Sí"), Choice(id="n", label="No"))
    await demo.simulators["sms"].send(Outbound(key="k", recipient=recipient, text="¿Lo envío?", choices=choices))
    [bubble] = (await waiting)["sms"]
    assert (bubble["text"], bubble["mine"], bubble["segments"]) == ("¿Lo envio?\n1 Si\n2 No", False, 1)  # GSM has no í
    await demo.simulators["sms"].send(Outbound(key="l", recipient=recipient, text="second"))
    assert [one["text"] for one in (await screens(demo, sms=1))["sms"]] == ["second"]


async def test_one_phone_does_not_see_another(demo: World) -> None:
    await say(demo, text="mine")
    other = await demo.client.post("/try/phones/fedcba9876543210/telegram", json={"text": "other"})
    assert other.status == 204
    assert [one["text"] for one in (await screens(demo))["telegram"]] == ["mine"]


async def test_the_end_of_the_server_ends_the_waiting(demo: World) -> None:
    waiting = asyncio.create_task(screens(demo))
    await demo.app.shutdown()
    assert await waiting == {"telegram": [], "sms": [], "whatsapp": []}


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"text": "x" * 5001}, 400),
        ({"text": 1}, 400),
        ({"point": {"latitude": 91, "longitude": 0}}, 400),
        ({"point": {"latitude": 9}}, 400),
        ({"photo": "not base64!"}, 400),
        ({"photo": base64.b64encode(b"<svg onload=x>").decode()}, 400),
        ({"photo": base64.b64encode(b"\xff\xd8\xff" + b"x" * 5_000_000).decode()}, 413),
        ({"photo": "A" * 8_000_000}, 413),
        ([], 400),
        ("text", 400),
    ],
)
async def test_what_the_page_would_never_send_is_refused(demo: World, said: object, status: int) -> None:
    body = io.BytesIO(json.dumps(said).encode())
    headers = {"Content-Type": "application/json"}
    answer = await demo.client.post(f"/try/phones/{PHONE}/telegram", data=body, headers=headers)
    assert answer.status == status
    assert demo.accepted == []


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Content-Type": "application/json", "Origin": "https://evil.example"}, b"{}", 403),
        ({"Content-Type": "application/json", "Origin": "null"}, b"{}", 403),
        ({"Content-Type": "application/json", "Sec-Fetch-Site": "cross-site"}, b"{}", 403),
        ({"Content-Type": "application/json", "Sec-Fetch-Site": "same-site"}, b"{}", 403),
        ({"Content-Type": "text/plain"}, b"{}", 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"text=x", 415),
        ({"Content-Type": "application/json"}, b"{", 400),
        ({"Content-Type": "application/json"}, b"\xff", 400),
        ({"Content-Type": "application/json"}, b"[" * 100_000, 400),
        ({"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}, b"{}", 204),
    ],
)
async def test_only_our_page_can_speak_for_a_phone(
    demo: World, headers: dict[str, str], body: bytes, status: int
) -> None:
    answer = await demo.client.post(f"/try/phones/{PHONE}/telegram", data=body, headers=headers)
    assert answer.status == status


@pytest.mark.parametrize(
    "path", ["/try/phones/x/telegram", f"/try/phones/{PHONE}/pigeon", f"/try/phones/{PHONE.upper()}/sms"]
)
async def test_odd_phones_are_not_found(demo: World, path: str) -> None:
    assert (await demo.client.post(path, json={"text": "x"})).status == 404


@pytest.mark.parametrize("after", ["-1", "x", "1" * 20, "²"])
async def test_odd_positions_are_refused(demo: World, after: str) -> None:
    assert (await demo.client.get(f"/try/phones/{PHONE}", params={"sms": after})).status == 400


async def test_when_nothing_can_keep_it_the_page_is_told(demo: World) -> None:
    demo.full = True
    assert await say(demo, text="x") == 503
