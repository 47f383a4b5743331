"""Telegram's side of a hostile run: its updates to us by webhook, until each is taken, and what it takes from us.

Nobody promises the order of updates that are under way at once, nor that one comes only once.
"""

import asyncio
import json
from collections.abc import Coroutine
from itertools import count
from time import monotonic

from aiohttp import web

from benchmarks.hostility.dice import Dice
from benchmarks.hostility.door import Door
from benchmarks.hostility.ledger import Heard, Ledger, Said
from channels.message import Contact
from tests.peers.telegram_json import Json, message, person, pressed

SECRET = "hostile-secret"
_PAUSES = (0.3, 0.6, 1.2, 2.5, 5.0)  # seconds before the next try, the last one for ever
_LATEST_COPY = 4.0  # seconds after the first
_PATH = "/channels/telegram"
_HEADER = "X-Telegram-Bot-Api-Secret-Token"


class TelegramWorld:
    """Keeps benchmarks.hostility.citizens.Carrier."""

    def __init__(self, door: Door, dice: Dice, ledger: Ledger) -> None:
        self._door, self._dice, self._ledger = door, dice, ledger
        self._updates, self._messages = count(1), count(1)
        self._tasks: set[asyncio.Task[None]] = set()

    async def carry(self, contact: Contact, text: str, mark: str, button: str) -> bool:
        """Until we took it; its copies travel on by themselves."""
        chat = int(contact.address)
        update, external_id = self._pressed(chat, button) if button else self._written(chat, text)
        said = Said(contact=contact, external_id=external_id, text=text, mark=mark, first_try=monotonic())
        self._ledger.said.append(said)
        await asyncio.sleep(self._dice.detour())
        said.first_try = monotonic()
        for _ in range(self._dice.copies() - 1):
            self._begin(self._copy(said, update))
        await self._until_taken(said, update)
        return True

    @property
    def under_way(self) -> int:
        """Copies and receipts that are still on their way to us."""
        return len(self._tasks)

    async def forge(self, contact: Contact, text: str) -> int:
        update, _ = self._written(int(contact.address), text)
        headers = {_HEADER: "not-the-secret"} if self._dice.chance(2) else {}
        return await self._door.post(_PATH, headers, json=update)

    async def read(self, request: web.Request, _answer: web.Response, *, broken: bool) -> Heard | None:
        return await read_sent(request, broken=broken)

    async def _copy(self, said: Said, update: Json) -> None:
        await asyncio.sleep(self._dice.seconds(_LATEST_COPY))
        await self._until_taken(said, update)

    async def _until_taken(self, said: Said, update: Json) -> None:
        pauses = iter(_PAUSES)
        while True:
            if 200 <= await self._door.post(_PATH, {_HEADER: SECRET}, json=update) < 300:
                break
            await asyncio.sleep(next(pauses, _PAUSES[-1]))
        self._ledger.accept(said, monotonic())

    def _written(self, chat: int, text: str) -> tuple[Json, str]:
        written = self._message(chat, text)
        return {"update_id": next(self._updates), "message": written}, f"m{chat}:{written['message_id']}"

    def _pressed(self, chat: int, button: str) -> tuple[Json, str]:
        number = f"{chat}{next(self._messages)}"
        query = pressed(number, chat, None, self._message(chat, "?"), button)
        return {"update_id": next(self._updates), "callback_query": query}, f"c{number}"

    def _message(self, chat: int, text: str) -> Json:
        return message(next(self._messages), chat, person(chat, None), text=text)

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def read_sent(request: web.Request, *, broken: bool) -> Heard | None:
    """What a call sent into a chat, if it did."""
    if request.match_info.get("method") != "sendMessage":
        return None
    form = await request.post()
    rows = json.loads(str(form.get("reply_markup") or "{}")).get("inline_keyboard", [])
    return Heard(
        contact=Contact(channel="telegram", address=str(form["chat_id"])), key="", text=str(form["text"]),
        buttons=tuple(button["callback_data"] for row in rows for button in row), at=monotonic(), broken=broken,
    )  # fmt: skip
