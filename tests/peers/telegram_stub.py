"""Telegram's Bot API as a server on loopback, as far as Vecino uses it. aiogram is run against it (test_telegram_stub).

    async with TelegramStub() as stub:
        ...                                      # Telegram(stub.url, stub.token)
        await stub.citizen_says(55, "hay un bache")
        sent = await stub.wait_sent(1)           # sent[0].text, .choices
        await stub.citizen_presses(55, sent[0].choices[0])

Updates wait for getUpdates, or go to the webhook that was set, in order; one that is not answered with 2xx stays
pending and goes again, before the next, when the next update comes or `deliver()` is called. Telegram does the same.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from time import time
from typing import Any, Self

from aiohttp import ClientSession, web
from aiohttp.typedefs import Middleware

from tests.peers.server import Server
from tests.peers.telegram_chats import Chats, Sent
from tests.peers.telegram_feed import Feed
from tests.peers.telegram_json import (
    BOT,
    MORE_OF_THE_BOT,
    Json,
    arguments_of,
    message,
    ok,
    person,
    pressed,
    refused,
)

TOKEN = "123456:stub-token"


@dataclass
class _Refusal:
    status: int
    description: str
    parameters: Json | None = None
    times: int = 1
    drop: bool = False  # accept, then break the connection without an answer


class TelegramStub:
    """See the module. `feed` are the updates on their way to the bot; `middlewares` stand around every call."""

    def __init__(self, token: str = TOKEN, middlewares: Sequence[Middleware] = ()) -> None:
        self.token = token
        self.calls: list[str] = []
        self._message_ids = count(1)
        self._refusals: dict[str, deque[_Refusal]] = {}
        self._news = asyncio.Condition()
        self.feed = Feed(self._news)
        self._chats = Chats(self._news, partial(next, self._message_ids))
        self._methods = _methods(self.feed, self._chats)
        app = web.Application(client_max_size=50 * 1024 * 1024, middlewares=middlewares)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        self.server = Server(app)

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def sent(self) -> list[Sent]:
        return self._chats.sent

    @property
    def acknowledged(self) -> list[str]:
        return self._chats.acknowledged

    @property
    def webhook_statuses(self) -> list[int]:
        """The answers that our webhook gave, oldest first."""
        return self.feed.statuses

    @property
    def pending(self) -> int:
        return len(self.feed.pending)

    async def __aenter__(self) -> Self:
        await self.server.__aenter__()
        self.feed.client = ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self.feed.client:
            await self.feed.client.close()
        await self.server.__aexit__()

    def forward(self, public_url: str, app_url: str) -> None:
        """Reach webhooks registered under `public_url` at `app_url`, as through a proxy."""
        self.feed.proxy = (public_url, app_url)

    # what citizens do

    async def citizen_says(self, chat: int, text: str, *, language: str | None = "es") -> Json:
        entities = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}] if text[:1] == "/" else []
        return await self.citizen_sends(
            chat, language=language, text=text, **({"entities": entities} if entities else {})
        )

    async def citizen_sends_photo(self, chat: int, content: bytes, *, caption: str = "", **more: Any) -> Json:
        file_id = self._chats.keep(content)
        sizes = [
            {"file_id": f"small-{file_id}", "file_unique_id": "s1", "width": 90, "height": 67, "file_size": 10},
            {"file_id": file_id, "file_unique_id": "b1", "width": 1280, "height": 960, "file_size": len(content)},
        ]
        return await self.citizen_sends(chat, photo=sizes, **({"caption": caption} if caption else {}), **more)

    async def citizen_sends_pin(self, chat: int, latitude: float, longitude: float, **more: Any) -> Json:
        return await self.citizen_sends(chat, location={"latitude": latitude, "longitude": longitude}, **more)

    async def citizen_sends_voice(self, chat: int) -> Json:
        voice = {"file_id": self._chats.keep(b"voice"), "file_unique_id": "v1", "duration": 3, "mime_type": "audio/ogg"}
        return await self.citizen_sends(chat, voice=voice)

    async def citizen_sends(self, chat: int, *, language: str | None = "es", **content: Any) -> Json:
        """A message with any content in the Bot API's own words."""
        return await self.update(message=self._message(chat, person(chat, language), **content))

    async def citizen_edits(self, chat: int, message_id: int, text: str) -> Json:
        message = self._message(chat, person(chat, "es"), text=text, edit_date=int(time()))
        return await self.update(edited_message=message | {"message_id": message_id})

    async def citizen_presses(self, chat: int, button: tuple[str, str] | str, *, language: str | None = "es") -> Json:
        """Press a button by (label, data), or by its data alone."""
        data = button if isinstance(button, str) else button[1]
        below = next((sent for sent in reversed(self.sent) if sent.chat == chat), None)
        message = self._message(chat, BOT, text=below.text if below else "?")
        if below:
            message["message_id"] = below.message_id
        query = pressed(f"{chat}{next(self._message_ids)}", chat, language, message, data)
        return await self.update(callback_query=query)

    async def group_says(self, chat: int, text: str, user: int = 55) -> Json:
        message = self._message(user, person(user, "es"), text=text)
        message["chat"] = {"id": -abs(chat), "type": "group", "title": "Vecinos"}
        return await self.update(message=message)

    async def citizen_blocks(self, chat: int) -> None:
        """Block the bot: what it sends is refused with 403 from now on."""
        self._chats.blocked.add(chat)
        old = {"user": BOT, "status": "member"}
        new = {"user": BOT, "status": "kicked", "until_date": 0}
        change = {
            "chat": {"id": chat, "type": "private", "first_name": "Ana"}, "from": person(chat, "es"),
            "date": int(time()), "old_chat_member": old, "new_chat_member": new,
        }  # fmt: skip
        await self.update(my_chat_member=change)

    # what goes wrong

    def refuse(self, method: str, status: int, description: str, *, times: int = 1, **parameters: Any) -> None:
        """The next `times` calls of this method are refused."""
        refusal = _Refusal(status, description, parameters or None, times)
        self._refusals.setdefault(method, deque()).append(refusal)

    def throttle(self, seconds: int, *, times: int = 1, method: str = "sendMessage") -> None:
        self.refuse(method, 429, f"Too Many Requests: retry after {seconds}", times=times, retry_after=seconds)

    def drop_after_accepting(self, *, times: int = 1, method: str = "sendMessage") -> None:
        """The message is sent, but the bot is never told."""
        self._refusals.setdefault(method, deque()).append(_Refusal(0, "", times=times, drop=True))

    # what tests ask

    async def wait_sent(self, number: int, seconds: float = 10) -> list[Sent]:
        """All that was sent, as soon as there are `number`; raises TimeoutError."""
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: len(self.sent) >= number)
        return list(self.sent)

    async def wait_called(self, method: str, seconds: float = 10) -> None:
        """Until the bot has called this method; raises TimeoutError."""
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: method in self.calls)

    async def wait_sent_to(self, chat: int, number: int, seconds: float = 20) -> list[Sent]:
        """What was sent to one citizen, as soon as there are `number`; raises TimeoutError."""
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: len(self.sent_to(chat)) >= number)
        return self.sent_to(chat)

    def sent_to(self, chat: int) -> list[Sent]:
        return [sent for sent in self.sent if sent.chat == chat]

    async def deliver(self) -> None:
        """Post what is pending to the webhook, oldest first, until it refuses one."""
        await self.feed.deliver()

    async def update(self, **content: Json) -> Json:
        """An update with any content."""
        return await self.feed.add(**content)

    # the server

    def _message(self, chat: int, sender: Json, **content: Any) -> Json:
        return message(next(self._message_ids), chat, sender, **content)

    async def _call(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != self.token:
            return refused(401, "Unauthorized")
        method = request.match_info["method"]
        handler = self._methods.get(method.lower())
        if handler is None:
            return refused(404, "Not Found")
        async with self._news:
            self.calls.append(method)
            self._news.notify_all()
        refusal = self._next_refusal(method)
        if refusal and not refusal.drop:
            return refused(refusal.status, refusal.description, refusal.parameters)
        answer = await handler(await arguments_of(request))
        if refusal and request.transport:
            request.transport.abort()
        return answer

    def _next_refusal(self, method: str) -> _Refusal | None:
        waiting = self._refusals.get(method)
        if not waiting:
            return None
        waiting[0].times -= 1
        return waiting[0] if waiting[0].times else waiting.popleft()

    async def _download(self, request: web.Request) -> web.Response:
        content = self._chats.content(request.match_info["path"].removeprefix("photos/").removesuffix(".jpg"))
        if request.match_info["token"] != self.token or content is None:
            return refused(404, "Not Found")
        return web.Response(body=content, content_type="application/octet-stream")


async def _get_me(_: Json) -> web.Response:
    return ok(BOT | MORE_OF_THE_BOT)


def _methods(feed: Feed, chats: Chats) -> Mapping[str, Callable[[Json], Awaitable[web.Response]]]:
    """By their names in lower case: Telegram's are case-insensitive."""
    return {
        "getme": _get_me,
        "sendmessage": chats.send_message,
        "sendphoto": chats.send_photo,
        "senddocument": chats.send_document,
        "getfile": chats.get_file,
        "answercallbackquery": chats.answer_callback_query,
        "getupdates": feed.get_updates,
        "setwebhook": feed.set_webhook,
        "deletewebhook": feed.delete_webhook,
        "getwebhookinfo": feed.get_webhook_info,
    }
