"""The Telegram stub is proved by another client than ours: aiogram, whose types check every answer."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup, Update

from tests.peers.telegram_stub import TelegramStub


def _client(stub: TelegramStub, token: str = "") -> Bot:
    return Bot(token or stub.token, session=AiohttpSession(api=TelegramAPIServer.from_base(stub.url)))


@pytest.fixture
async def other(telegram_stub: TelegramStub) -> AsyncIterator[Bot]:
    async with _client(telegram_stub) as client:
        yield client


async def test_aiogram_sends_texts_buttons_and_files(other: Bot, telegram_stub: TelegramStub) -> None:
    assert (await other.get_me()).username == "vecino_bot"
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Sí", callback_data="y")]])
    message = await other.send_message(55, "¿Sí?", reply_markup=keyboard)
    await other.send_photo(55, BufferedInputFile(b"jpeg", "a.jpg"), caption="foto")
    document = await other.send_document(55, BufferedInputFile(b"pdf", "a.pdf"))
    assert message.reply_markup is not None
    assert message.reply_markup.inline_keyboard[0][0].text == "Sí"
    assert document.document is not None
    assert [(sent.text, sent.file) for sent in telegram_stub.sent] == [
        ("¿Sí?", None), ("foto", ("a.jpg", b"jpeg")), ("", ("a.pdf", b"pdf")),
    ]  # fmt: skip
    assert telegram_stub.sent[0].choices == (("Sí", "y"),)


async def test_aiogram_reads_every_kind_of_update(other: Bot, telegram_stub: TelegramStub) -> None:
    await telegram_stub.citizen_says(55, "/start")
    await telegram_stub.citizen_sends_photo(55, b"jpeg", caption="bache")
    await telegram_stub.citizen_sends_pin(55, 19.4, -99.1)
    await telegram_stub.citizen_sends_voice(55)
    await telegram_stub.citizen_edits(55, 1, "dos baches")
    await telegram_stub.citizen_presses(55, "q:yes")
    await telegram_stub.group_says(-9, "hola")
    await telegram_stub.citizen_blocks(55)
    updates = await other.get_updates()
    assert [update.event_type for update in updates] == [
        "message", "message", "message", "message", "edited_message", "callback_query", "message", "my_chat_member",
    ]  # fmt: skip
    photo = updates[1].message
    assert photo is not None
    assert photo.photo is not None
    file = await other.get_file(photo.photo[-1].file_id)
    assert file.file_path is not None
    content = await other.download_file(file.file_path)
    assert content is not None
    assert content.read() == b"jpeg"
    assert await other.get_updates(offset=updates[-1].update_id + 1) == []


async def test_aiogram_sees_the_refusals_that_telegram_makes(other: Bot, telegram_stub: TelegramStub) -> None:
    await telegram_stub.citizen_blocks(55)
    with pytest.raises(TelegramForbiddenError):
        await other.send_message(55, "hola")
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await other.send_message(-5, "hola")
    with pytest.raises(TelegramBadRequest, match="too long"):
        await other.send_message(56, "x" * 4097)
    telegram_stub.throttle(9)
    with pytest.raises(TelegramRetryAfter) as slow:
        await other.send_message(56, "hola")
    assert slow.value.retry_after == 9
    telegram_stub.drop_after_accepting()
    with pytest.raises(TelegramNetworkError):
        await other.send_message(56, "hola")
    async with _client(telegram_stub, "1:wrong") as stranger:
        with pytest.raises(TelegramUnauthorizedError):
            await stranger.get_me()


async def test_polls_exclude_each_other_and_a_webhook(other: Bot, telegram_stub: TelegramStub) -> None:
    first = asyncio.create_task(other.get_updates(timeout=5))
    await telegram_stub.wait_called("getUpdates")
    second = asyncio.create_task(other.get_updates(timeout=5))
    with pytest.raises(TelegramConflictError):
        await first
    await telegram_stub.citizen_says(55, "hola")
    assert len(await second) == 1
    await other.set_webhook("http://127.0.0.1:9/hook", secret_token="s3cret")
    with pytest.raises(TelegramConflictError):
        await other.get_updates()
    info = await other.get_webhook_info()
    assert (info.url, info.pending_update_count) == ("http://127.0.0.1:9/hook", 1)
    await other.delete_webhook()
    assert len(await other.get_updates()) == 1


async def test_press_can_be_acknowledged(other: Bot, telegram_stub: TelegramStub) -> None:
    update = await telegram_stub.citizen_presses(55, "q:yes")
    query = Update.model_validate(update).callback_query
    assert query is not None
    await other.answer_callback_query(query.id)
    assert telegram_stub.acknowledged == [query.id]
