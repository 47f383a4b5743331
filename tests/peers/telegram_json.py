"""The JSON of Telegram's Bot API: people, messages, answers; and the arguments of a call in each form clients use."""

import json
from time import time
from typing import Any

from aiohttp import web

Json = dict[str, Any]
BOT: Json = {"id": 123456, "is_bot": True, "first_name": "Vecino", "username": "vecino_bot"}
MORE_OF_THE_BOT: Json = {
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
    "can_connect_to_business": False,
    "has_main_web_app": False,
}


def person(chat: int, language: str | None) -> Json:
    known = {"id": chat, "is_bot": False, "first_name": "Ana"}
    return known | {"language_code": language} if language else known


def message(number: int, chat: int, sender: Json, **content: Any) -> Json:
    """A message in a private chat, with any content in the Bot API's own words."""
    return {
        "message_id": number, "date": int(time()), "from": sender,
        "chat": {"id": chat, "type": "private", "first_name": "Ana"}, **content,
    }  # fmt: skip


def pressed(query: str, chat: int, language: str | None, below: Json, data: str) -> Json:
    """A callback query: a button under the message `below` was pressed."""
    return {
        "id": query, "from": person(chat, language), "message": below, "chat_instance": "1", "data": data
    }  # fmt: skip


def ok(result: object) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def refused(status: int, description: str, parameters: Json | None = None) -> web.Response:
    """Telegram's HTTP status is its error_code; client libraries rely on it."""
    body: Json = {"ok": False, "error_code": status, "description": description}
    return web.json_response(body | ({"parameters": parameters} if parameters else {}), status=status)


async def arguments_of(request: web.Request) -> Json:
    """Form, multipart (files as they came) or JSON: clients differ."""
    if request.content_type == "application/json":
        found = await request.json()
        return {name: json.dumps(value) if isinstance(value, dict | list) else value for name, value in found.items()}
    return dict(await request.post()) | dict(request.query)


def upload(arguments: Json, field_name: str) -> tuple[str, bytes]:
    """A file in a multipart field, which may be named by `attach://name` in its place."""
    value = arguments[field_name]
    if isinstance(value, str) and value.startswith("attach://"):
        value = arguments[value.removeprefix("attach://")]
    return value.filename, value.file.read()
