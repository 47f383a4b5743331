"""The chats of the stub: what the bot sends into them, the files it sends and fetches, and who has blocked it."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.peers.telegram_json import BOT, Json, message, ok, refused, upload


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One message that the bot sent. `choices` are the buttons' (label, data), row after row."""

    chat: int
    message_id: int
    text: str
    choices: tuple[tuple[str, str], ...] = ()
    rows: tuple[int, ...] = ()
    file: tuple[str, bytes] | None = None


class Chats:
    """`number` gives the next message its number."""

    def __init__(self, news: asyncio.Condition, number: Callable[[], int]) -> None:
        self._news, self._number = news, number
        self.sent: list[Sent] = []
        self.acknowledged: list[str] = []
        self.blocked: set[int] = set()
        self._files: dict[str, bytes] = {}

    def keep(self, content: bytes) -> str:
        """Hold a file; its id."""
        file_id = f"file{len(self._files)}"
        self._files[file_id] = content
        return file_id

    def content(self, file_id: str) -> bytes | None:
        return self._files.get(file_id)

    async def send_message(self, arguments: Json) -> web.Response:
        text = str(arguments.get("text", ""))
        if not text.strip():
            return refused(400, "Bad Request: message text is empty")
        if len(text) > 4096:
            return refused(400, "Bad Request: message is too long")
        return await self._accept(arguments, text, {"text": text})

    async def send_photo(self, arguments: Json) -> web.Response:
        name, content = upload(arguments, "photo")
        size = {"file_id": self.keep(content), "file_unique_id": "p1", "width": 800, "height": 600}
        return await self._accept_file(arguments, name, content, {"photo": [size]})

    async def send_document(self, arguments: Json) -> web.Response:
        name, content = upload(arguments, "document")
        document = {"file_id": self.keep(content), "file_unique_id": "d1", "file_name": name}
        return await self._accept_file(arguments, name, content, {"document": document})

    async def get_file(self, arguments: Json) -> web.Response:
        name = arguments.get("file_id", "")
        content = self.content(name)
        if content is None:
            return refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if len(content) > 20 * 1024 * 1024:
            return refused(400, "Bad Request: file is too big")
        return ok({
            "file_id": name, "file_unique_id": "u1", "file_size": len(content), "file_path": f"photos/{name}.jpg"
        })  # fmt: skip

    async def answer_callback_query(self, arguments: Json) -> web.Response:
        self.acknowledged.append(str(arguments["callback_query_id"]))
        return ok(result=True)

    async def _accept_file(self, arguments: Json, name: str, content: bytes, shown: Json) -> web.Response:
        caption = str(arguments.get("caption", ""))
        if len(caption) > 1024:
            return refused(400, "Bad Request: message caption is too long")
        return await self._accept(arguments, caption, shown | {"caption": caption}, (name, content))

    async def _accept(
        self, arguments: Json, text: str, shown: Json, file: tuple[str, bytes] | None = None
    ) -> web.Response:
        chat = int(arguments["chat_id"])
        if chat in self.blocked:
            return refused(403, "Forbidden: bot was blocked by the user")
        if chat <= 0:
            return refused(400, "Bad Request: chat not found")
        markup: dict[str, Any] = json.loads(arguments.get("reply_markup") or "{}")
        rows = markup.get("inline_keyboard", [])
        choices = tuple((button["text"], button["callback_data"]) for row in rows for button in row)
        if any(not 1 <= len(data.encode()) <= 64 for _, data in choices):
            return refused(400, "Bad Request: BUTTON_DATA_INVALID")
        written = message(self._number(), chat, BOT, **shown, **({"reply_markup": markup} if rows else {}))
        sent = Sent(
            chat=chat, message_id=written["message_id"], text=text, choices=choices,
            rows=tuple(len(row) for row in rows), file=file,
        )  # fmt: skip
        async with self._news:
            self.sent.append(sent)
            self._news.notify_all()
        return ok(written)
