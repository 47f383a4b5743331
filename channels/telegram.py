"""Telegram's Bot API.

    POST /channels/telegram     X-Telegram-Bot-Api-Secret-Token: <our secret>
    {"update_id": 7, "message": {"message_id": 3, "date": 1763793000, "text": "hay un bache",
     "chat": {"id": 55, "type": "private"}, "from": {"id": 55, "is_bot": false, "language_code": "es", ...}}}

Without a public URL the same updates are polled. Only private chats are answered. Source: core.telegram.org/bots/api.
"""

import hmac
import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Update
from telegram.error import TelegramError

from channels import BadOption, Channel, Forged, Malformed, Rejected, Traits, Unavailable
from channels._telegram_http import BotRequest, PollRequest
from channels._telegram_refusals import answering
from channels._telegram_update import CHANNEL, UPDATES, inbound
from channels.message import Choice, Inbound, Media, Outbound, Receipt, Webhook
from channels.reason import Reason

# Telegram bears 30 messages a second in all, and one a second to a chat.
OPTIONS: Mapping[str, str] = {"api_url": "https://api.telegram.org", "rate": "30", "chat_rate": "1"}
SECRETS: tuple[str, ...] = ("TELEGRAM_BOT_TOKEN",)
SECRETS_PUBLIC: tuple[str, ...] = ("TELEGRAM_WEBHOOK_SECRET",)
SECRETS_OPTIONAL: tuple[str, ...] = ()

LONG_POLL = 25  # seconds
LARGEST = 20 * 1024 * 1024  # bytes; more than this Telegram does not hand out either
_PHOTOS = frozenset({"image/jpeg", "image/png"})
_LARGEST_PHOTO = 10 * 1024 * 1024  # bytes; a larger picture goes as a document
_ROW = 30  # characters of labels that fit side by side on a small phone
_TOKEN = re.compile(r"([1-9][0-9]{0,17}):\S+")  # the bot's own id stands first
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # what Telegram allows
_BROKEN = (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError, RecursionError)


def open(options: Mapping[str, str], secrets: Mapping[str, str], public_url: str) -> Channel:  # noqa: A001  # the contract's word
    """One bot; raises BadOption. Its library's logger is quietened, for it writes the token and citizens' words."""
    logging.getLogger("telegram").setLevel(logging.WARNING)
    token, secret = secrets.get("TELEGRAM_BOT_TOKEN", ""), secrets.get("TELEGRAM_WEBHOOK_SECRET", "")
    if not token:
        raise BadOption("channels.telegram needs TELEGRAM_BOT_TOKEN in the environment")
    if not _TOKEN.fullmatch(token):
        raise BadOption("channels.telegram: TELEGRAM_BOT_TOKEN must be a token as BotFather gives it: 123456:ABC-...")
    if public_url and not _SECRET.fullmatch(secret):
        raise BadOption("channels.telegram: set TELEGRAM_WEBHOOK_SECRET to 1-256 letters, digits, _ or -")
    return Telegram(options["api_url"].rstrip("/"), token, secret)


class Telegram:
    """One bot. Reads webhooks only when it has a secret, polls only when asked to: the two exclude each other."""

    name = CHANNEL
    traits = Traits(buttons=100, text_limit=4096, attachments=1, caption_limit=1024)

    def __init__(
        self, api_url: str, token: str, secret: str = "", clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._requests = PollRequest(api_url), BotRequest(api_url)
        self._bot = Bot(
            token, base_url=f"{api_url}/bot", base_file_url=f"{api_url}/file/bot",
            get_updates_request=self._requests[0], request=self._requests[1],
        )  # fmt: skip
        self._secret, self._clock, self._polling = secret, clock, False
        self.account = int(token.partition(":")[0])  # the `id` of getMe, known without asking

    def read(self, webhook: Webhook) -> Sequence[Inbound | Receipt]:
        """At most one message; raises Forged or Malformed."""
        given = webhook.headers.get("x-telegram-bot-api-secret-token", "")
        if not self._secret or not hmac.compare_digest(given.encode(errors="replace"), self._secret.encode()):
            raise Forged
        return list(_arrivals(_update(webhook.body), webhook.now))

    async def send(self, outbound: Outbound) -> str:
        """Telegram's message_id; raises Rejected, Unavailable, Throttled. One request, so nothing is sent by halves."""
        to: dict[str, Any] = {"chat_id": outbound.recipient.address, "reply_markup": _keyboard(outbound.choices)}
        async with answering():
            if outbound.attachments:
                return await self._send_file(outbound, to)
            preview = LinkPreviewOptions(is_disabled=True)
            message = await self._bot.send_message(text=outbound.text, link_preview_options=preview, **to)
            return str(message.message_id)

    async def poll(self, after: int) -> tuple[Sequence[Inbound | Receipt], int]:
        """What came from this offset on, and the next offset; waits up to LONG_POLL. Raises Unavailable, Throttled."""
        try:
            updates = await self._updates(after)
        except Rejected as refused:  # asking is never wrong for good
            raise Unavailable(refused.reason) from None
        now = self._clock()
        arrivals = [arrival for update in updates for arrival in _readable(update, now)]
        return arrivals, max([after, *(update.update_id + 1 for update in updates)])

    async def fetch(self, media: Media) -> bytes:
        """A photo; raises Rejected (gone, too large) or Unavailable."""
        async with answering():
            file = await self._bot.get_file(media.reference)
            if (file.file_size or 0) > LARGEST:
                raise Rejected(Reason.TOO_LARGE)
            content = bytes(await file.download_as_bytearray())
        if len(content) > LARGEST:
            raise Rejected(Reason.TOO_LARGE)
        return content

    async def acknowledge(self, inbound: Inbound) -> None:
        """Stop the pressed button's spinning: a courtesy, so its failure holds nothing up."""
        with suppress(TelegramError):
            if inbound.acknowledge:
                await self._bot.answer_callback_query(inbound.acknowledge)

    async def register(self, url: str) -> None:
        """Have updates sent to this address with our secret; raises as `send` does."""
        async with answering():
            await self._bot.set_webhook(url, secret_token=self._secret, allowed_updates=UPDATES)
        self._polling = False

    async def close(self) -> None:
        for request in self._requests:
            await request.shutdown()

    async def _updates(self, after: int) -> tuple[Update, ...]:
        async with answering():
            if not self._polling:
                await self._bot.delete_webhook()  # Telegram refuses to be polled while it has one
                self._polling = True
            return await self._bot.get_updates(offset=after, timeout=LONG_POLL, allowed_updates=UPDATES)

    async def _send_file(self, outbound: Outbound, to: dict[str, Any]) -> str:
        if len(outbound.attachments) > self.traits.attachments:
            raise Rejected(Reason.ATTACHMENTS)
        if len(outbound.text) > self.traits.caption_limit:
            raise Rejected(Reason.TOO_LONG)
        file = outbound.attachments[0]
        if file.content_type in _PHOTOS and len(file.content) <= _LARGEST_PHOTO:
            message = await self._bot.send_photo(photo=file.content, filename=file.name, caption=outbound.text, **to)
        else:
            message = await self._bot.send_document(
                document=file.content, filename=file.name, caption=outbound.text, **to
            )  # fmt: skip
        return str(message.message_id)


def _update(body: bytes) -> Update:
    try:
        return Update.de_json(json.loads(body), None)
    except _BROKEN:
        raise Malformed from None


def _arrivals(update: Update, now: datetime) -> Iterator[Inbound]:
    try:
        if arrival := inbound(update, now):
            yield arrival
    except _BROKEN:
        raise Malformed from None


def _readable(update: Update, now: datetime) -> Sequence[Inbound]:
    """The same when polled: one that cannot be read is passed over, or it would come back for ever."""
    try:
        return list(_arrivals(update, now))
    except Malformed:
        return []


def _keyboard(choices: Sequence[Choice]) -> InlineKeyboardMarkup | None:
    """Buttons below the message, short labels side by side."""
    if not choices:
        return None
    columns = min(3, max(1, _ROW // max(len(choice.label) for choice in choices)))
    buttons = [InlineKeyboardButton(choice.label, callback_data=choice.id) for choice in choices]
    return InlineKeyboardMarkup([buttons[start : start + columns] for start in range(0, len(buttons), columns)])
