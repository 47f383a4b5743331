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
import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from time import time
from typing import Any, Self

from aiohttp import ClientError, ClientSession, web

from tests.peers.server import Server

TOKEN = "123456:stub-token"
_BOT = {"id": 123456, "is_bot": True, "first_name": "Vecino", "username": "vecino_bot"}
_MORE_OF_THE_BOT = {
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
    "can_connect_to_business": False,
    "has_main_web_app": False,
}

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One message that the bot sent. `choices` are the buttons' (label, data), row after row."""

    chat: int
    message_id: int
    text: str
    choices: tuple[tuple[str, str], ...] = ()
    rows: tuple[int, ...] = ()
    file: tuple[str, bytes] | None = None


@dataclass
class _Refusal:
    status: int
    description: str
    parameters: Json | None = None
    times: int = 1
    drop: bool = False  # accept, then break the connection without an answer
    delay: float = 0


@dataclass
class _Webhook:
    url: str = ""
    secret: str = ""
    last_error: str = ""
    allowed: list[str] = field(default_factory=list)


class TelegramStub:
    """See the module. `webhook_statuses` are the answers that our webhook gave, oldest first."""

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self.sent: list[Sent] = []
        self.acknowledged: list[str] = []
        self.calls: list[str] = []
        self.webhook_statuses: list[int] = []
        self._updates: deque[Json] = deque()
        self._update_ids, self._message_ids = count(1000), count(1)
        self._files: dict[str, bytes] = {}
        self._blocked: set[int] = set()
        self._refusals: dict[str, deque[_Refusal]] = {}
        self._webhook = _Webhook()
        self._polls = 0
        self._proxy = ("", "")
        self._delivering = asyncio.Lock()
        self._news = asyncio.Condition()
        app = web.Application(client_max_size=50 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        self._server = Server(app)

    @property
    def url(self) -> str:
        return self._server.url

    @property
    def pending(self) -> int:
        return len(self._updates)

    async def __aenter__(self) -> Self:
        await self._server.__aenter__()
        self._client = ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()
        await self._server.__aexit__()

    def forward(self, public_url: str, app_url: str) -> None:
        """Reach webhooks registered under `public_url` at `app_url`, as through a proxy."""
        self._proxy = (public_url, app_url)

    # what citizens do

    async def citizen_says(self, chat: int, text: str, *, language: str | None = "es") -> Json:
        entities = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}] if text[:1] == "/" else []
        return await self.citizen_sends(
            chat, language=language, text=text, **({"entities": entities} if entities else {})
        )

    async def citizen_sends_photo(self, chat: int, content: bytes, *, caption: str = "", **more: Any) -> Json:
        file_id = self._keep(content)
        sizes = [
            {"file_id": f"small-{file_id}", "file_unique_id": "s1", "width": 90, "height": 67, "file_size": 10},
            {"file_id": file_id, "file_unique_id": "b1", "width": 1280, "height": 960, "file_size": len(content)},
        ]
        return await self.citizen_sends(chat, photo=sizes, **({"caption": caption} if caption else {}), **more)

    async def citizen_sends_pin(self, chat: int, latitude: float, longitude: float, **more: Any) -> Json:
        return await self.citizen_sends(chat, location={"latitude": latitude, "longitude": longitude}, **more)

    async def citizen_sends_voice(self, chat: int) -> Json:
        voice = {"file_id": self._keep(b"voice"), "file_unique_id": "v1", "duration": 3, "mime_type": "audio/ogg"}
        return await self.citizen_sends(chat, voice=voice)

    async def citizen_sends(self, chat: int, *, language: str | None = "es", **content: Any) -> Json:
        """A message with any content in the Bot API's own words."""
        return await self._update(message=self._message(chat, _person(chat, language), **content))

    async def citizen_edits(self, chat: int, message_id: int, text: str) -> Json:
        message = self._message(chat, _person(chat, "es"), text=text, edit_date=int(time()))
        return await self._update(edited_message=message | {"message_id": message_id})

    async def citizen_presses(self, chat: int, button: tuple[str, str] | str, *, language: str | None = "es") -> Json:
        """Press a button by (label, data), or by its data alone."""
        data = button if isinstance(button, str) else button[1]
        below = next((sent for sent in reversed(self.sent) if sent.chat == chat), None)
        message = self._message(chat, _BOT, text=below.text if below else "?")
        if below:
            message["message_id"] = below.message_id
        query = {
            "id": f"{chat}{next(self._message_ids)}", "from": _person(chat, language),
            "message": message, "chat_instance": "1", "data": data,
        }  # fmt: skip
        return await self._update(callback_query=query)

    async def group_says(self, chat: int, text: str, user: int = 55) -> Json:
        message = self._message(user, _person(user, "es"), text=text)
        message["chat"] = {"id": -abs(chat), "type": "group", "title": "Vecinos"}
        return await self._update(message=message)

    async def citizen_blocks(self, chat: int) -> None:
        """Block the bot: what it sends is refused with 403 from now on."""
        self._blocked.add(chat)
        old = {"user": _BOT, "status": "member"}
        new = {"user": _BOT, "status": "kicked", "until_date": 0}
        change = {
            "chat": {"id": chat, "type": "private", "first_name": "Ana"}, "from": _person(chat, "es"),
            "date": int(time()), "old_chat_member": old, "new_chat_member": new,
        }  # fmt: skip
        await self._update(my_chat_member=change)

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
        async with self._delivering:
            while self._webhook.url and self._updates:
                status = await self._post(self._updates[0])
                self.webhook_statuses.append(status)
                if not 200 <= status < 300:
                    self._webhook.last_error = f"Wrong response from the webhook: {status}"
                    return
                self._updates.popleft()

    # the server

    async def _update(self, **content: Json) -> Json:
        update = {"update_id": next(self._update_ids), **content}
        if self._webhook.allowed and not set(content) & set(self._webhook.allowed):
            return update
        async with self._news:
            self._updates.append(update)
            self._news.notify_all()
        await self.deliver()
        return update

    async def _post(self, update: Json) -> int:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._webhook.secret} if self._webhook.secret else {}
        try:
            url = self._webhook.url.replace(*self._proxy, 1)
            async with self._client.post(url, json=update, headers=headers) as answer:
                return answer.status
        except ClientError:
            return 0

    def _message(self, chat: int, sender: Json, **content: Any) -> Json:
        return {
            "message_id": next(self._message_ids), "date": int(time()), "from": sender,
            "chat": {"id": chat, "type": "private", "first_name": "Ana"}, **content,
        }  # fmt: skip

    def _keep(self, content: bytes) -> str:
        file_id = f"file{len(self._files)}"
        self._files[file_id] = content
        return file_id

    async def _call(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != self.token:
            return _refused(401, "Unauthorized")
        method = request.match_info["method"]
        handler = _METHODS.get(method.lower())
        if handler is None:
            return _refused(404, "Not Found")
        async with self._news:
            self.calls.append(method)
            self._news.notify_all()
        refusal = self._next_refusal(method)
        if refusal and not refusal.drop:
            return _refused(refusal.status, refusal.description, refusal.parameters)
        answer = await handler(self, await _arguments(request))
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
        content = self._files.get(request.match_info["path"].removeprefix("photos/").removesuffix(".jpg"))
        if request.match_info["token"] != self.token or content is None:
            return _refused(404, "Not Found")
        return web.Response(body=content, content_type="application/octet-stream")

    async def _get_me(self, _: Json) -> web.Response:
        return _ok(_BOT | _MORE_OF_THE_BOT)

    async def _send_message(self, arguments: Json) -> web.Response:
        text = str(arguments.get("text", ""))
        if not text.strip():
            return _refused(400, "Bad Request: message text is empty")
        if len(text) > 4096:
            return _refused(400, "Bad Request: message is too long")
        return await self._accept(arguments, text, {"text": text})

    async def _send_photo(self, arguments: Json) -> web.Response:
        name, content = _upload(arguments, "photo")
        size = {"file_id": self._keep(content), "file_unique_id": "p1", "width": 800, "height": 600}
        return await self._accept_file(arguments, name, content, {"photo": [size]})

    async def _send_document(self, arguments: Json) -> web.Response:
        name, content = _upload(arguments, "document")
        document = {"file_id": self._keep(content), "file_unique_id": "d1", "file_name": name}
        return await self._accept_file(arguments, name, content, {"document": document})

    async def _accept_file(self, arguments: Json, name: str, content: bytes, shown: Json) -> web.Response:
        caption = str(arguments.get("caption", ""))
        if len(caption) > 1024:
            return _refused(400, "Bad Request: message caption is too long")
        return await self._accept(arguments, caption, shown | {"caption": caption}, (name, content))

    async def _accept(
        self, arguments: Json, text: str, shown: Json, file: tuple[str, bytes] | None = None
    ) -> web.Response:
        chat = int(arguments["chat_id"])
        if chat in self._blocked:
            return _refused(403, "Forbidden: bot was blocked by the user")
        if chat <= 0:
            return _refused(400, "Bad Request: chat not found")
        markup = json.loads(arguments.get("reply_markup") or "{}")
        rows = markup.get("inline_keyboard", [])
        choices = tuple((button["text"], button["callback_data"]) for row in rows for button in row)
        if any(not 1 <= len(data.encode()) <= 64 for _, data in choices):
            return _refused(400, "Bad Request: BUTTON_DATA_INVALID")
        message = self._message(chat, _BOT, **shown, **({"reply_markup": markup} if rows else {}))
        sent = Sent(
            chat=chat, message_id=message["message_id"], text=text, choices=choices,
            rows=tuple(len(row) for row in rows), file=file,
        )  # fmt: skip
        async with self._news:
            self.sent.append(sent)
            self._news.notify_all()
        return _ok(message)

    async def _get_updates(self, arguments: Json) -> web.Response:
        """Waits up to `timeout`; refused while a webhook is set, and a later poll ends this one."""
        if self._webhook.url:
            return _refused(409, "Conflict: can't use getUpdates method while webhook is active")
        self._polls += 1
        mine, offset = self._polls, int(arguments.get("offset") or 0)
        while self._updates and self._updates[0]["update_id"] < offset:
            self._updates.popleft()
        async with self._news:
            self._news.notify_all()
            try:
                async with asyncio.timeout(float(arguments.get("timeout") or 0)):
                    await self._news.wait_for(lambda: self._updates or self._polls != mine)
            except TimeoutError:
                return _ok([])
        if self._polls != mine:
            return _refused(409, "Conflict: terminated by other getUpdates request")
        allowed = json.loads(arguments.get("allowed_updates") or "[]")
        return _ok([u for u in list(self._updates)[:100] if not allowed or set(u) & set(allowed)])

    async def _set_webhook(self, arguments: Json) -> web.Response:
        allowed = json.loads(arguments.get("allowed_updates") or "[]")
        self._webhook = _Webhook(arguments.get("url", ""), arguments.get("secret_token", ""), allowed=allowed)
        return _ok(result=True)

    async def _delete_webhook(self, _: Json) -> web.Response:
        self._webhook = _Webhook()
        return _ok(result=True)

    async def _get_webhook_info(self, _: Json) -> web.Response:
        info = {
            "url": self._webhook.url, "has_custom_certificate": False, "pending_update_count": len(self._updates)
        }  # fmt: skip
        return _ok(info | ({"last_error_message": self._webhook.last_error} if self._webhook.last_error else {}))

    async def _get_file(self, arguments: Json) -> web.Response:
        content = self._files.get(arguments.get("file_id", ""))
        if content is None:
            return _refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if len(content) > 20 * 1024 * 1024:
            return _refused(400, "Bad Request: file is too big")
        name = arguments["file_id"]
        return _ok({
            "file_id": name, "file_unique_id": "u1", "file_size": len(content), "file_path": f"photos/{name}.jpg"
        })  # fmt: skip

    async def _answer_callback_query(self, arguments: Json) -> web.Response:
        self.acknowledged.append(str(arguments["callback_query_id"]))
        return _ok(result=True)


_METHODS: Mapping[str, Callable[[TelegramStub, Json], Awaitable[web.Response]]] = {
    "getme": TelegramStub._get_me,
    "sendmessage": TelegramStub._send_message,
    "sendphoto": TelegramStub._send_photo,
    "senddocument": TelegramStub._send_document,
    "getupdates": TelegramStub._get_updates,
    "setwebhook": TelegramStub._set_webhook,
    "deletewebhook": TelegramStub._delete_webhook,
    "getwebhookinfo": TelegramStub._get_webhook_info,
    "getfile": TelegramStub._get_file,
    "answercallbackquery": TelegramStub._answer_callback_query,
}


def _person(chat: int, language: str | None) -> Json:
    person = {"id": chat, "is_bot": False, "first_name": "Ana"}
    return person | {"language_code": language} if language else person


async def _arguments(request: web.Request) -> Json:
    """Form, multipart (files as they came) or JSON: clients differ."""
    if request.content_type == "application/json":
        found = await request.json()
        return {name: json.dumps(value) if isinstance(value, dict | list) else value for name, value in found.items()}
    return dict(await request.post()) | dict(request.query)


def _upload(arguments: Json, field_name: str) -> tuple[str, bytes]:
    """A file in a multipart field, which may be named by `attach://name` in its place."""
    value = arguments[field_name]
    if isinstance(value, str) and value.startswith("attach://"):
        value = arguments[value.removeprefix("attach://")]
    return value.filename, value.file.read()


def _ok(result: object) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _refused(status: int, description: str, parameters: Json | None = None) -> web.Response:
    """Telegram's HTTP status is its error_code; client libraries rely on it."""
    body: Json = {"ok": False, "error_code": status, "description": description}
    return web.json_response(body | ({"parameters": parameters} if parameters else {}), status=status)
