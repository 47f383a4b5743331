"""The providers' side of the throughput bench: signed webhooks to us, and lean fakes that take what we send.

As quick as can be, for they run beside what they measure: no routes, no list of all that was sent. That real clients
accept their answers is proved by the stubs of tests/peers, whose JSON and signatures they share.
"""

import hmac
from base64 import b64encode
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, Self
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, web
from yarl import URL

from benchmarks.city import PUBLIC
from channels.message import Contact
from tests.peers.telegram_json import BOT, MORE_OF_THE_BOT, Json, message, person
from tests.peers.telegram_stub import TOKEN as TELEGRAM_TOKEN
from tests.peers.twilio_stub import SID, TOKEN

SECRET = "throughput-secret"
_NUMBER = "+15005550006"
_SIGNATURE = "X-Twilio-Signature"
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_PREFIX = {"sms": "", "whatsapp": "whatsapp:"}
_NUMBERS = count(1)  # one for all runs: a number said before would rightly be taken for a copy
Hear = Callable[[Contact, str], None]


class World:
    """`hear` is called with every message of ours, at the moment when the provider has it. `photo` is what a citizen's
    picture holds when we fetch it."""

    def __init__(self, session: ClientSession, ports: list[int], hear: Hear, photo: bytes = b"") -> None:
        self._session, self._hear, self._photo = session, hear, photo
        self._urls = [f"http://127.0.0.1:{port}" for port in ports]
        self._runner = web.ServerRunner(web.Server(self._answer, access_log=None))
        self.url = ""

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    @property
    def apis(self) -> dict[str, str]:
        return dict.fromkeys(("telegram", "sms", "whatsapp"), self.url)

    @property
    def secrets(self) -> dict[str, str]:
        return {
            "TELEGRAM_BOT_TOKEN": TELEGRAM_TOKEN, "TELEGRAM_WEBHOOK_SECRET": SECRET,
            "TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": TOKEN,
        }  # fmt: skip

    async def say(self, contact: Contact, text: str, *, pictured: bool = False) -> bool:
        """Whether we took it: a provider's webhook, as it signs it, to one process after the other."""
        number = next(_NUMBERS)
        url, path = self._urls[number % len(self._urls)], f"/channels/{contact.channel}"
        sent = (
            self._telegram(contact, text, number, pictured=pictured) if contact.channel == "telegram"
            else self._twilio(contact, text, number, path, pictured=pictured)
        )  # fmt: skip
        try:
            async with self._session.post(URL(url + path, encoded=True), **sent) as answer:
                return 200 <= answer.status < 300
        except (ClientError, TimeoutError, OSError):
            return False

    def _telegram(self, contact: Contact, text: str, number: int, *, pictured: bool) -> Mapping[str, Any]:
        chat = int(contact.address)
        size = {"file_id": f"f{number}", "file_unique_id": f"u{number}", "width": 640, "height": 480, "file_size": 1}
        content: dict[str, Any] = {"photo": [size], "caption": text} if pictured else {"text": text}
        update = {"update_id": number, "message": message(number, chat, person(chat, None), **content)}
        return {"json": update, "headers": {"X-Telegram-Bot-Api-Secret-Token": SECRET}}

    def _twilio(self, contact: Contact, text: str, number: int, path: str, *, pictured: bool) -> Mapping[str, Any]:
        sid, prefix = f"SM{number:032x}", _PREFIX[contact.channel]
        form = {
            "MessageSid": sid, "SmsMessageSid": sid, "SmsSid": sid, "SmsStatus": "received", "AccountSid": SID,
            "From": prefix + contact.address, "To": prefix + _NUMBER, "Body": text, "NumMedia": "0",
            "NumSegments": "1", "ApiVersion": "2010-04-01",
        }  # fmt: skip
        if pictured:
            form |= {"NumMedia": "1", "MediaUrl0": f"{self.url}/media/{sid}", "MediaContentType0": "image/jpeg"}
        if prefix:
            form |= {"ProfileName": "Ana", "WaId": contact.address.lstrip("+"), "MessageType": "text"}
        return {"data": urlencode(form).encode(), "headers": {_SIGNATURE: _signed(PUBLIC + path, form), **_FORM}}

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        if request.path.startswith(("/file/", "/media/")):
            return web.Response(body=self._photo, content_type="image/jpeg")
        form = await request.post() if request.content_type != "application/json" else await request.json()
        if request.path.startswith("/bot"):
            return web.json_response({"ok": True, "result": self._called(request.path.rpartition("/")[2], form)})
        sid, to = f"SM{next(_NUMBERS):032x}", str(form["To"])
        channel = "whatsapp" if to.startswith("whatsapp:") else "sms"
        self._hear(Contact(channel=channel, address=to.removeprefix("whatsapp:")), str(form["Body"]))
        return web.json_response({"sid": sid, "status": "queued", "body": "", "to": to, "error_code": None}, status=201)

    def _called(self, method: str, form: Mapping[str, Any]) -> Json | bool:
        match method.lower():
            case "sendmessage":
                chat, text = int(form["chat_id"]), str(form["text"])
                self._hear(Contact(channel="telegram", address=str(chat)), text)
                return message(next(_NUMBERS), chat, BOT, text=text)
            case "getme":
                return BOT | MORE_OF_THE_BOT
            case "getfile":
                name = str(form["file_id"])
                return {"file_id": name, "file_unique_id": name, "file_path": f"photos/{name}.jpg"}
            case _:
                return True


def _signed(url: str, form: Mapping[str, str]) -> str:
    """As Twilio signs (https://www.twilio.com/docs/usage/security): the address and the sorted fields."""
    words = url + "".join(name + form[name] for name in sorted(form))
    return b64encode(hmac.digest(TOKEN.encode(), words.encode(), "sha1")).decode()
