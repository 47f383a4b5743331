"""Telegram against its stub: sending, polling, files, webhooks, and what goes wrong."""

import asyncio
import logging
from dataclasses import replace

import pytest

from channels import Acknowledges, Fetches, Polls, Registers, Rejected, Throttled, Unavailable, load
from channels._telegram_http import proxy_of
from channels.message import Attachment, Choice, Inbound, Kind, Media, Receipt
from channels.telegram import LARGEST, Telegram
from tests.channels.world import NOWHERE, choices, city_of, outbound
from tests.peers import faults
from tests.peers.server import Server
from tests.peers.telegram_stub import TelegramStub

SERVICES = ("Bache", "Banqueta", "Basura", "Alumbrado", "Agua y drenaje", "Árboles", "Grafiti", "Vehículo abandonado",
            "Semáforo o señal", "Ruido", "Animales", "Otro")  # fmt: skip


async def test_text_is_sent_as_it_is_and_gives_the_message_id(bot: Telegram, telegram_stub: TelegramStub) -> None:
    text = "¿Dónde es? <b>no</b> *markup* _here_ https://x.example 🕳"
    external_id = await bot.send(outbound(text=text))
    (sent,) = telegram_stub.sent
    assert (str(sent.message_id), sent.chat, sent.text) == (external_id, 55, text)


async def test_twelve_services_fit_as_buttons(bot: Telegram, telegram_stub: TelegramStub) -> None:
    await bot.send(outbound(choices=choices(*SERVICES)))
    (sent,) = telegram_stub.sent
    assert [label for label, _ in sent.choices] == list(SERVICES)
    assert sent.choices[3][1] == "q7:3"
    assert sum(sent.rows) == len(SERVICES) <= bot.traits.buttons


@pytest.mark.parametrize(
    ("labels", "rows"),
    [
        (("Sí", "No"), (2,)),
        (("Servicio", "Lugar", "Dejarlo"), (3,)),
        (("Cambiar el lugar", "Sí"), (1, 1)),
        (("x" * 60,), (1,)),
    ],
)
async def test_short_labels_stand_side_by_side(
    bot: Telegram, telegram_stub: TelegramStub, labels: tuple[str, ...], rows: tuple[int, ...]
) -> None:
    await bot.send(outbound(choices=choices(*labels)))
    assert telegram_stub.sent[0].rows == rows


@pytest.mark.parametrize("content_type", ["image/jpeg", "application/pdf"])
async def test_one_file_goes_with_the_text(bot: Telegram, telegram_stub: TelegramStub, content_type: str) -> None:
    file = Attachment(name="bache.bin", content_type=content_type, content=b"\x89content")
    await bot.send(outbound(text="Así quedó", attachments=(file,), choices=choices("Bien", "Mal")))
    (sent,) = telegram_stub.sent
    assert (sent.text, sent.file) == ("Así quedó", ("bache.bin", b"\x89content"))
    assert telegram_stub.calls == ["sendPhoto" if content_type == "image/jpeg" else "sendDocument"]


@pytest.mark.parametrize(("files", "text", "reason"), [(2, "x", "attachments"), (1, "x" * 1025, "too_long")])
async def test_what_would_take_two_messages_is_refused(
    bot: Telegram, telegram_stub: TelegramStub, files: int, text: str, reason: str
) -> None:
    file = Attachment(name="a", content_type="image/png", content=b"x")
    with pytest.raises(Rejected, match=reason):
        await bot.send(outbound(text=text, attachments=(file,) * files))
    assert telegram_stub.sent == []


@pytest.mark.parametrize(
    ("status", "description", "reason"),
    [
        (403, "Forbidden: bot was blocked by the user", "blocked"),
        (403, "Forbidden: user is deactivated", "gone"),
        (403, "Forbidden: bot can't initiate conversation with a user", "blocked"),
        (400, "Bad Request: chat not found", "not_found"),
        (400, "Bad Request: message is too long", "too_long"),
        (400, "Bad Request: BUTTON_DATA_INVALID", "refused"),
    ],
)
async def test_refusal_for_good_names_its_reason(
    bot: Telegram, telegram_stub: TelegramStub, status: int, description: str, reason: str
) -> None:
    telegram_stub.refuse("sendMessage", status, description)
    with pytest.raises(Rejected) as refused:
        await bot.send(outbound())
    assert refused.value.reason == reason


async def test_who_blocked_us_is_told_apart_from_who_has_not(bot: Telegram, telegram_stub: TelegramStub) -> None:
    await telegram_stub.citizen_blocks(55)
    with pytest.raises(Rejected, match="blocked"):
        await bot.send(outbound())
    await bot.send(outbound(address="56"))


async def test_too_many_requests_says_for_how_long(bot: Telegram, telegram_stub: TelegramStub) -> None:
    telegram_stub.throttle(17)
    with pytest.raises(Throttled) as slow:
        await bot.send(outbound())
    assert slow.value.seconds == 17
    await bot.send(outbound())


@pytest.mark.parametrize(("status", "reason"), [(500, "network"), (502, "network"), (401, "unauthorized")])
async def test_error_of_theirs_is_to_be_retried(
    bot: Telegram, telegram_stub: TelegramStub, status: int, reason: str
) -> None:
    telegram_stub.refuse("sendMessage", status, "Internal Server Error")
    with pytest.raises(Unavailable) as down:
        await bot.send(outbound())
    assert down.value.reason == reason


async def test_nobody_listening_is_certain_and_a_lost_answer_is_not(bot: Telegram, telegram_stub: TelegramStub) -> None:
    nowhere = Telegram(NOWHERE, "1:x")
    with pytest.raises(Unavailable) as before:
        await nowhere.send(outbound())
    await nowhere.close()
    telegram_stub.drop_after_accepting()
    with pytest.raises(Unavailable) as after:
        await bot.send(outbound())
    assert (before.value.uncertain, after.value.uncertain, len(telegram_stub.sent)) == (False, True, 1)


@pytest.mark.parametrize(
    ("environment", "proxy"),
    [
        ({"https_proxy": "http://proxy.example:3128"}, "http://proxy.example:3128"),
        ({"https_proxy": "http://proxy.example:3128", "no_proxy": "api.example"}, None),
        ({"http_proxy": "http://proxy.example:3128"}, None),
    ],
)
def test_a_proxy_is_taken_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], proxy: str | None
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert proxy_of("https://api.example/x") == proxy


async def test_answer_that_is_no_json_is_to_be_retried_and_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for body in ("<html>secreto</html>", "[]", '"secreto"'):
        async with faults.answering(200, body) as url:
            broken = Telegram(url, "1:x")
            with pytest.raises(Unavailable):
                await broken.send(outbound())
            await broken.close()
    assert "secreto" not in caplog.text


async def test_neither_token_nor_words_nor_chat_are_logged_or_shown(
    bot: Telegram, telegram_stub: TelegramStub, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    telegram_stub.refuse("sendMessage", 403, "Forbidden: bot was blocked by the user")
    with pytest.raises(Rejected) as refused:
        await bot.send(outbound(address="5512345678"))
    await bot.send(outbound(address="5512345678", text="mi secreto"))
    shown = caplog.text + repr(bot) + str(vars(refused.value)) + repr(refused.value)
    for hidden in (telegram_stub.token, "stub-token", "s3cret", "mi secreto", "5512345678"):
        assert hidden not in shown


async def test_polling_gives_messages_once_and_moves_the_offset(bot: Telegram, telegram_stub: TelegramStub) -> None:
    await telegram_stub.citizen_says(55, "hay un bache")
    await telegram_stub.group_says(-9, "hola")
    await telegram_stub.citizen_says(56, "hola", language="pt-br")
    arrivals, after = await bot.poll(0)
    again, _ = await bot.poll(0)
    assert [(item.sender.address, item.text, item.language_hint) for item in arrivals if isinstance(item, Inbound)] == [
        ("55", "hay un bache", "es"), ("56", "hola", "pt-br"),
    ]  # fmt: skip
    assert [item.external_id for item in again] == [item.external_id for item in arrivals]
    waiting = asyncio.create_task(bot.poll(after))
    await telegram_stub.citizen_says(55, "sí")
    later, further = await waiting
    assert ([item.text for item in later if isinstance(item, Inbound)], further) == (["sí"], after + 1)


@pytest.mark.parametrize("message", [5, {"text": "secreto"}, {"date": "x", "chat": [], "message_id": 1}])
async def test_a_polled_update_that_cannot_be_read_is_passed_over_and_not_written_to_the_log(
    bot: Telegram, telegram_stub: TelegramStub, caplog: pytest.LogCaptureFixture, message: object
) -> None:
    await telegram_stub.update(message=message)
    await telegram_stub.citizen_says(55, "hay un bache")
    arrivals, after = await bot.poll(0)
    assert [arrival.text for arrival in arrivals if isinstance(arrival, Inbound)] == ["hay un bache"]
    assert after == 1002
    assert "secreto" not in caplog.text


async def test_first_poll_removes_the_webhook_that_was_set(bot: Telegram, telegram_stub: TelegramStub) -> None:
    await bot.register("http://127.0.0.1:9/channels/telegram")
    await telegram_stub.citizen_says(55, "hola")
    assert telegram_stub.webhook_statuses == [0]
    arrivals, after = await bot.poll(0)
    assert len(arrivals) == 1
    await telegram_stub.citizen_says(55, "hola otra vez")
    await bot.poll(after)
    assert telegram_stub.calls.count("deleteWebhook") == 1


async def test_two_pollers_are_a_conflict_to_wait_for(bot: Telegram, telegram_stub: TelegramStub) -> None:
    first = asyncio.create_task(bot.poll(0))
    await telegram_stub.wait_called("getUpdates")
    other = Telegram(telegram_stub.url, telegram_stub.token)
    second = asyncio.create_task(other.poll(0))
    with pytest.raises(Unavailable, match="conflict"):
        await first
    await telegram_stub.citizen_says(55, "hola")
    assert len((await second)[0]) == 1
    await other.close()


async def test_refused_poll_is_to_be_retried(bot: Telegram, telegram_stub: TelegramStub) -> None:
    for status in (400, 403, 500):
        telegram_stub.refuse("getUpdates", status, "Bad Request")
        with pytest.raises(Unavailable):
            await bot.poll(0)


async def test_what_is_not_for_us_moves_the_offset_too(bot: Telegram, telegram_stub: TelegramStub) -> None:
    await telegram_stub.group_says(-9, "hola")
    assert await bot.poll(0) == ([], 1001)


async def test_webhook_is_registered_with_our_secret_and_read(bot: Telegram, telegram_stub: TelegramStub) -> None:
    taken: list[Inbound | Receipt] = []

    async with Server(city_of(bot, taken)) as city:
        await bot.register(f"{city.url}/channels/telegram")
        await telegram_stub.citizen_sends_photo(55, b"jpeg", caption="bache")
        await telegram_stub.citizen_sends_pin(55, 19.4, -99.1)
        await telegram_stub.citizen_sends_voice(55)
        await bot.send(outbound(choices=choices("Sí", "No")))
        await telegram_stub.citizen_presses(55, telegram_stub.sent[0].choices[0])
    assert telegram_stub.webhook_statuses == [200] * 4
    photo, pin, voice, press = [item for item in taken if isinstance(item, Inbound)]
    assert (photo.text, await bot.fetch(photo.media[0])) == ("bache", b"jpeg")
    assert (pin.point is not None, voice.kind, press.choice) == (True, Kind.VOICE, "q7:0")


async def test_press_is_acknowledged_and_failing_to_is_no_trouble(bot: Telegram, telegram_stub: TelegramStub) -> None:
    await telegram_stub.citizen_presses(55, "q7:yes")
    ((press,), _) = await bot.poll(0)
    assert isinstance(press, Inbound)
    await bot.acknowledge(press)
    assert telegram_stub.acknowledged == [press.acknowledge]
    telegram_stub.refuse("answerCallbackQuery", 400, "Bad Request: query is too old")
    await bot.acknowledge(press)
    telegram_stub.throttle(3, method="answerCallbackQuery")
    await bot.acknowledge(press)
    await bot.acknowledge(replace(press, acknowledge=None))
    assert len(telegram_stub.acknowledged) == 1


async def test_file_that_is_gone_or_too_large_is_refused(bot: Telegram, telegram_stub: TelegramStub) -> None:
    with pytest.raises(Rejected, match="not_found"):
        await bot.fetch(Media(reference="unknown", content_type="image/jpeg"))
    await telegram_stub.citizen_sends_photo(55, bytes(LARGEST + 1))
    ((photo,), _) = await bot.poll(0)
    assert isinstance(photo, Inbound)
    with pytest.raises(Rejected, match="too_large"):
        await bot.fetch(photo.media[0])


def test_telegram_can_do_all_that_a_channel_may(bot: Telegram) -> None:
    for ability in (Fetches, Polls, Acknowledges, Registers):
        assert isinstance(bot, ability)
    assert load("telegram").SECRETS_PUBLIC == ("TELEGRAM_WEBHOOK_SECRET",)


async def test_choice_ids_come_back_as_they_were_sent(bot: Telegram, telegram_stub: TelegramStub) -> None:
    longest = Choice(id="7K3-9QX:" + "é" * 28, label="Sí")
    await bot.send(outbound(choices=(longest,)))
    await telegram_stub.citizen_presses(55, telegram_stub.sent[0].choices[0])
    ((press,), _) = await bot.poll(0)
    assert isinstance(press, Inbound)
    assert press.choice == longest.id
