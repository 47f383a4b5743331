"""Twilio's side of a hostile run: its webhooks to us (SMS, WhatsApp), what it takes from us, and its receipts.

A webhook is tried again only as its URL says, `#rc=5&rp=all`: five times more, all within 15 seconds. After that the
message is gone, and the citizen, who sees no answer, writes it again.
"""

import asyncio
import json
from collections.abc import Coroutine
from time import monotonic
from urllib.parse import unquote

from aiohttp import web

from benchmarks.hostility.dice import Dice
from benchmarks.hostility.door import Door
from benchmarks.hostility.ledger import Heard, Ledger, Said
from channels.message import Contact
from tests.peers.twilio_stub import TwilioStub

_PAUSES = (0.0, 0.25, 0.75, 1.5, 3.5, 7.0)  # seconds before each try
_ALL_WITHIN = 15.0  # seconds
_LATEST_COPY = 4.0  # seconds after the first
_STATUSES = ("queued", "sent", "delivered")
_LATEST_RECEIPT = 3.0  # seconds


class TwilioWorld:
    """Keeps benchmarks.hostility.citizens.Carrier for both channels."""

    def __init__(self, stub: TwilioStub, door: Door, dice: Dice, ledger: Ledger) -> None:
        self._stub, self._door, self._dice, self._ledger = stub, door, dice, ledger
        self._tasks: set[asyncio.Task[None]] = set()

    async def carry(self, contact: Contact, text: str, mark: str, button: str) -> bool:  # noqa: ARG002 - no buttons here
        """Whether we took it; all its copies travel on by themselves. A button is typed as its digit."""
        form = self._stub.message(contact.address, text, channel=contact.channel)
        said = Said(contact=contact, external_id=form["MessageSid"], text=text, mark=mark, first_try=monotonic())
        self._ledger.said.append(said)
        path = f"/channels/{contact.channel}"
        await asyncio.sleep(self._dice.detour())
        said.first_try = monotonic()
        for _ in range(self._dice.copies() - 1):
            self._begin(self._copy(said, path, form))
        return await self._tried(path, form, said)

    @property
    def under_way(self) -> int:
        """Copies and receipts that are still on their way to us."""
        return len(self._tasks)

    async def forge(self, contact: Contact, text: str) -> int:
        """A webhook whose signature is made with another token, or of another text."""
        form = self._stub.message(contact.address, text, channel=contact.channel)
        path = f"/channels/{contact.channel}"
        signature = self._stub.sign(path, form | {"Body": "hola"}) if self._dice.chance(2) else "Zm9yZ2Vk"
        return await self._door.post(path, {"X-Twilio-Signature": signature}, data=form)

    async def read(self, request: web.Request, answer: web.Response, *, broken: bool) -> Heard | None:
        """What we had Twilio send by this request; its receipts follow."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        if "Body" not in form:
            return None
        to, callback = form["To"], form.get("StatusCallback", "").partition("#")[0]
        channel = "whatsapp" if to.startswith("whatsapp:") else "sms"
        self._begin(self._receipts(callback, form["To"], json.loads(answer.text or "{}")["sid"]))
        return Heard(
            contact=Contact(channel=channel, address=to.removeprefix("whatsapp:")),
            key=unquote(callback.partition("key=")[2]), text=form["Body"], buttons=(), at=monotonic(), broken=broken,
        )  # fmt: skip

    async def _copy(self, said: Said, path: str, form: dict[str, str]) -> None:
        await asyncio.sleep(self._dice.seconds(_LATEST_COPY))
        await self._tried(path, form, said)

    async def _receipts(self, callback: str, to: str, sid: str) -> None:
        """One to three statuses, in any order."""
        path = callback.removeprefix(self._stub.public_url)
        chosen = self._dice.random.sample(_STATUSES, self._dice.copies())
        for status in chosen:
            await asyncio.sleep(self._dice.seconds(_LATEST_RECEIPT))
            fields = {"MessageSid": sid, "MessageStatus": status, "To": to, "AccountSid": self._stub.sid}
            await self._tried(path, fields)

    async def _tried(self, path: str, form: dict[str, str], said: Said | None = None) -> bool:
        headers = {"X-Twilio-Signature": self._stub.sign(path, form)}
        end = monotonic() + _ALL_WITHIN
        for pause in _PAUSES:
            await asyncio.sleep(pause)
            if monotonic() > end:
                break
            if 200 <= await self._door.post(path, headers, data=form) < 300:
                if said:
                    self._ledger.accept(said, monotonic())
                return True
        self._ledger.count("unreachable" if said else "receipts unreachable")
        return False

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
