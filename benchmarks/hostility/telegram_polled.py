"""Telegram without a public address: updates wait until we ask, and are ours once the offset moves past them."""

import asyncio
from itertools import count
from time import monotonic

from aiohttp import web

from benchmarks.hostility.ledger import Heard, Ledger, Said
from benchmarks.hostility.telegram_world import read_sent
from channels.message import Contact
from tests.peers.telegram_json import Json, message, person, pressed
from tests.peers.telegram_stub import TelegramStub


class PolledWorld:
    """Keeps benchmarks.hostility.citizens.Carrier. Nobody can forge what we fetch ourselves."""

    under_way = 0

    def __init__(self, stub: TelegramStub, ledger: Ledger) -> None:
        self._stub, self._ledger = stub, ledger
        self._numbers = count(1)
        self._waiting: dict[int, tuple[Said, asyncio.Event]] = {}
        stub.feed.moved = self._moved

    async def carry(self, contact: Contact, text: str, mark: str, button: str) -> bool:
        """Until our offset has moved past it."""
        chat, number = int(contact.address), next(self._numbers)
        external_id = f"c{chat}{number}" if button else f"m{chat}:{number}"
        said = Said(contact=contact, external_id=external_id, text=text, mark=mark, first_try=monotonic())
        self._ledger.said.append(said)
        self._waiting[number] = said, asyncio.Event()
        written = message(number, chat, person(chat, None), text=text or "?")
        if button:
            await self._stub.update(callback_query=pressed(f"{chat}{number}", chat, None, written, button))
        else:
            await self._stub.update(message=written)
        await self._waiting[number][1].wait()
        return True

    async def forge(self, contact: Contact, text: str) -> int:  # noqa: ARG002 - there is no way in
        return 0

    async def read(self, request: web.Request, _answer: web.Response, *, broken: bool) -> Heard | None:
        return await read_sent(request, broken=broken)

    def _moved(self, update: Json) -> None:
        written = update["message"] if "message" in update else update["callback_query"]["message"]
        said, taken = self._waiting[written["message_id"]]
        self._ledger.accept(said, monotonic())
        taken.set()
