"""What providers get for what they send: 200 only for what was kept, else a plain short status."""

import pytest
from yarl import URL

from tests.web.world import World

RIGHT = {"X-Secret": "right"}
BIG = b"x" * (256 * 1024 + 1)


async def post(world: World, path: str, body: bytes = b"hola", **headers: str) -> tuple[int, str]:
    sent = {"X-Secret": "right", **headers}
    answer = await world.client.post(path, data=body, headers=sent)
    return answer.status, await answer.text()


@pytest.mark.parametrize(
    ("name", "content_type", "text"),
    [
        ("telegram", "text/plain", ""),
        ("sms", "text/xml", '<?xml version="1.0" encoding="UTF-8"?><Response/>'),
        ("whatsapp", "text/xml", '<?xml version="1.0" encoding="UTF-8"?><Response/>'),
    ],
)
async def test_a_message_is_kept_and_the_provider_told_so(
    world: World, name: str, content_type: str, text: str
) -> None:
    answer = await world.client.post(f"/channels/{name}", data=b"hola", headers=RIGHT)
    assert (answer.status, answer.content_type, await answer.text()) == (200, content_type, text)
    assert [(one.sender.channel, one.text) for one in world.accepted] == [(name, "hola")]
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("path", "body", "secret", "status"),
    [
        ("/channels/telegram", b"hola", "wrong", 403),
        ("/channels/telegram", b"broken", "right", 400),
        ("/channels/telegram", b"bug", "right", 500),
        ("/channels/pigeon", b"hola", "right", 404),
        ("/channels/pigeon/status", b"hola", "right", 404),
        ("/channels/telegram/status", b"hola", "right", 404),
        ("/channels/sms/status", b"hola", "wrong", 403),
        ("/channels/telegram", BIG, "right", 413),
        ("/channels/telegram", BIG, "wrong", 413),
    ],
)
async def test_what_is_not_kept_is_refused_shortly(
    world: World, path: str, body: bytes, secret: str, status: int
) -> None:
    told, text = await post(world, path, body, **{"X-Secret": secret})
    assert told == status
    assert len(text) < 60
    assert "Traceback" not in text
    assert "private" not in text
    assert world.accepted == []


async def test_a_body_of_unknown_length_is_measured_as_it_comes(world: World) -> None:
    async def pieces():
        for _ in range(300):
            yield b"x" * 1024

    answer = await world.client.post("/channels/telegram", data=pieces(), headers=RIGHT)
    assert answer.status == 413


async def test_when_nothing_can_keep_it_the_provider_shall_come_again(world: World) -> None:
    world.full = True
    assert await post(world, "/channels/sms") == (503, "503 Service Unavailable\n")


async def test_receipts_go_to_the_outbox(world: World) -> None:
    assert (await post(world, "/channels/sms/status", b"receipt"))[0] == 200
    assert [(channel, receipt.key) for channel, receipt in world.receipts] == [("sms", "k")]
    assert world.accepted == []


async def test_nothing_for_us_in_it_is_understood_too(world: World) -> None:
    assert (await post(world, "/channels/telegram", b""))[0] == 200


async def test_the_channel_sees_the_request_as_it_came(world: World) -> None:
    address = URL(f"{world.client.make_url('/channels/sms')}?key=a%2Fb&empty=", encoded=True)
    headers = {"X-Secret": "right", "X-Twilio-Signature": "s"}
    await world.client.session.post(address, data=b"hola", headers=headers)
    [webhook] = world.channels["sms"].heard  # type: ignore[attr-defined]
    assert webhook.url == "/channels/sms?key=a%2Fb&empty="
    assert webhook.headers["x-twilio-signature"] == "s"
    assert (webhook.body, webhook.now) == (b"hola", world.clock.now())


async def test_only_posts_are_webhooks(world: World) -> None:
    answer = await world.client.get("/channels/sms")
    assert (answer.status, answer.headers["Allow"]) == (405, "POST")


async def test_a_simulated_channel_has_no_webhook(demo: World) -> None:
    assert (await post(demo, "/channels/simulated_sms"))[0] == 404


async def test_an_error_is_logged_without_its_words(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    await post(world, "/channels/telegram", b"bug")
    logged = capsys.readouterr().out
    assert "RuntimeError" in logged
    assert "private" not in logged
    assert "+1555" not in logged


async def test_a_body_that_is_packed_wrongly_is_broken(world: World) -> None:
    assert (await post(world, "/channels/telegram", b"not gzip", **{"Content-Encoding": "gzip"}))[0] == 400
