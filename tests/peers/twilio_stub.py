"""Twilio's Messages API as a server on loopback, and the webhooks it signs, as far as Vecino uses them.

    async with TwilioStub(public_url="https://city.example", app_url="http://127.0.0.1:8080") as stub:
        ...                                                  # options {"api_url": stub.url, "from": stub.number}
        assert await stub.citizen_says("+525512345678", "hay un bache") == 200
        sent = await stub.wait_sent(1)                       # sent[0].body, .status_callback
        assert await stub.report(sent[0], "delivered") == 200

Webhooks are signed for the public URL and posted to `app_url`, as through a proxy; none is repeated, as with Twilio.
"""

import asyncio
from base64 import b64encode
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Self

from aiohttp import ClientError, ClientSession, web
from aiohttp.typedefs import Middleware
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]
from yarl import URL

from tests.peers.server import Server

SID = "AC" + "0" * 30 + "77"
TOKEN = "twilio-stub-token"
_PREFIX = {"sms": "", "whatsapp": "whatsapp:"}
_MESSAGES = {
    20429: "Too Many Requests",
    21211: "The 'To' number is not a valid phone number.",
    21610: "Attempt to send to unsubscribed recipient",
    63016: "Failed to send freeform message because you are outside the allowed window.",
}


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One message that we had Twilio send. `fields` is the whole form."""

    sid: str
    to: str
    sender: str
    body: str
    status_callback: str
    fields: dict[str, str] = field(repr=False)

    @property
    def channel(self) -> str:
        return "whatsapp" if self.to.startswith("whatsapp:") else "sms"


@dataclass
class _Refusal:
    status: int
    code: int
    headers: dict[str, str]
    times: int
    drop: bool = False


class TwilioStub:
    """See the module. `app_url` may be set later; `statuses` are the answers our webhooks gave."""

    def __init__(
        self, public_url: str = "https://city.example", app_url: str = "", middlewares: Sequence[Middleware] = ()
    ) -> None:
        self.public_url, self.app_url = public_url.rstrip("/"), app_url.rstrip("/")
        self.sid, self.token, self.number = SID, TOKEN, "+15005550006"
        self.sent: list[Sent] = []
        self.statuses: list[int] = []
        self._numbers = count(1)
        self._media: dict[str, tuple[bytes, str]] = {}
        self._refusals: deque[_Refusal] = deque()
        self._news = asyncio.Condition()
        app = web.Application(middlewares=middlewares)
        app.router.add_post("/2010-04-01/Accounts/{account}/Messages.json", self._create)
        app.router.add_get("/2010-04-01/Accounts/{account}/Messages/{message}/Media/{media}", self._redirect)
        app.router.add_get("/cdn/{media}", self._cdn)
        self.server = Server(app)

    @property
    def url(self) -> str:
        return self.server.url

    async def __aenter__(self) -> Self:
        await self.server.__aenter__()
        self._client = ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()
        await self.server.__aexit__()

    # what citizens do

    async def citizen_says(self, phone: str, text: str, *, channel: str = "sms", **more: str) -> int:
        """The status that our webhook answered. `more` are further fields (Latitude, ButtonPayload, MessageSid ...)."""
        return await self.post(f"/channels/{channel}", self.message(phone, text, channel=channel, **more))

    async def citizen_sends_photo(self, phone: str, content: bytes, *, text: str = "", channel: str = "sms") -> int:
        fields = self.message(phone, text, channel=channel, NumMedia="1", MediaContentType0="image/jpeg")
        fields["MediaUrl0"] = self.keep(fields["MessageSid"], content)
        return await self.post(f"/channels/{channel}", fields)

    async def citizen_sends_pin(
        self, phone: str, latitude: float, longitude: float, *, channel: str = "whatsapp"
    ) -> int:
        return await self.citizen_says(phone, "", channel=channel, Latitude=str(latitude), Longitude=str(longitude))

    async def report(self, sent: Sent, status: str, error_code: int | None = None) -> int:
        """Tell what became of a message, at the address that came with it; the status that was answered."""
        fields = {
            "MessageSid": sent.sid, "SmsSid": sent.sid, "MessageStatus": status, "SmsStatus": status,
            "AccountSid": self.sid, "From": sent.sender, "To": sent.to, "ApiVersion": "2010-04-01",
        }  # fmt: skip
        if error_code is not None:
            fields["ErrorCode"] = str(error_code)
        address = sent.status_callback.partition("#")[0]  # connection overrides are for Twilio itself
        return await self.post(address.removeprefix(self.public_url), fields)

    def message(self, phone: str, text: str, *, channel: str = "sms", **more: str) -> dict[str, str]:
        """The form of one inbound message, for tests that send it twice or change it."""
        sid = f"SM{next(self._numbers):032x}"
        fields = {
            "MessageSid": sid, "SmsMessageSid": sid, "SmsSid": sid, "SmsStatus": "received", "AccountSid": self.sid,
            "From": _PREFIX[channel] + phone, "To": _PREFIX[channel] + self.number, "Body": text,
            "NumMedia": "0", "NumSegments": "1", "ApiVersion": "2010-04-01", "ToCity": "",
        }  # fmt: skip
        if channel == "whatsapp":
            fields |= {"ProfileName": "Ana", "WaId": phone.lstrip("+"), "MessageType": "text"}
        return fields | more

    async def post(self, path: str, fields: dict[str, str], *, signature: str | None = None) -> int:
        """Post a form to our application, signed unless told otherwise; 0 when it cannot be reached."""
        headers = {"X-Twilio-Signature": self.sign(path, fields) if signature is None else signature}
        try:
            async with self._client.post(
                URL(self.app_url + path, encoded=True), data=fields, headers=headers
            ) as answer:
                self.statuses.append(answer.status)
        except ClientError:
            self.statuses.append(0)
        return self.statuses[-1]

    def sign(self, path: str, fields: dict[str, str]) -> str:
        signature: str = RequestValidator(self.token).compute_signature(self.public_url + path, fields)
        return signature

    def keep(self, message: str, content: bytes, content_type: str = "image/jpeg") -> str:
        """Hold a media file; its address, as a webhook names it."""
        media = f"ME{next(self._numbers):032x}"
        self._media[media] = (content, content_type)
        return f"{self.url}/2010-04-01/Accounts/{self.sid}/Messages/{message}/Media/{media}"

    # what goes wrong

    def refuse(self, code: int, *, status: int = 400, times: int = 1, **headers: str) -> None:
        self._refusals.append(_Refusal(status, code, headers, times))

    def throttle(self, seconds: int, *, times: int = 1) -> None:
        self._refusals.append(_Refusal(429, 20429, {"Retry-After": str(seconds)}, times))

    def drop_after_accepting(self, *, times: int = 1) -> None:
        """The message is sent, but we are never told."""
        self._refusals.append(_Refusal(0, 0, {}, times, drop=True))

    # what tests ask

    async def wait_sent(self, number: int, seconds: float = 10) -> list[Sent]:
        """All that was sent, as soon as there are `number`; raises TimeoutError."""
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: len(self.sent) >= number)
        return list(self.sent)

    async def wait_sent_to(self, phone: str, number: int, seconds: float = 20) -> list[Sent]:
        """What was sent to one citizen, as soon as there are `number`; raises TimeoutError."""
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: len(self.sent_to(phone)) >= number)
        return self.sent_to(phone)

    def sent_to(self, phone: str) -> list[Sent]:
        return [sent for sent in self.sent if sent.to.removeprefix("whatsapp:") == phone]

    # the server

    async def _create(self, request: web.Request) -> web.Response:
        if not self._is_ours(request):
            return _refused(401, 20003, "Authenticate")
        refusal = self._next_refusal()
        if refusal and not refusal.drop:
            words = _MESSAGES.get(refusal.code, "Internal Server Error")
            return _refused(refusal.status, refusal.code, words, refusal.headers)
        fields = {name: str(value) for name, value in (await request.post()).items()}
        if not fields.get("Body") and not fields.get("ContentSid"):
            return _refused(400, 21619, "A text message body or media urls must be specified.")
        if len(fields.get("Body", "")) > 1600:
            return _refused(400, 21617, "The concatenated message body exceeds the 1600 character limit")
        sent = await self._accept(fields)
        if refusal and request.transport:
            request.transport.abort()
        return web.json_response(_resource(sent, self.sid), status=201)

    async def _accept(self, fields: dict[str, str]) -> Sent:
        sent = Sent(
            sid=f"SM{next(self._numbers):032x}", to=fields["To"],
            sender=fields.get("From", "") or fields.get("MessagingServiceSid", ""), body=fields.get("Body", ""),
            status_callback=fields.get("StatusCallback", ""), fields=fields,
        )  # fmt: skip
        async with self._news:
            self.sent.append(sent)
            self._news.notify_all()
        return sent

    def _next_refusal(self) -> _Refusal | None:
        if not self._refusals:
            return None
        self._refusals[0].times -= 1
        return self._refusals[0] if self._refusals[0].times else self._refusals.popleft()

    async def _redirect(self, request: web.Request) -> web.Response:
        if not self._is_ours(request):
            return _refused(401, 20003, "Authenticate")
        if request.match_info["media"] not in self._media:
            return _refused(404, 20404, "The requested resource was not found")
        raise web.HTTPTemporaryRedirect(f"{self.url}/cdn/{request.match_info['media']}")

    async def _cdn(self, request: web.Request) -> web.Response:
        """A storage that, like the real one, refuses a request with credentials that are not its own."""
        if "Authorization" in request.headers:
            raise web.HTTPBadRequest
        content, content_type = self._media[request.match_info["media"]]
        return web.Response(body=content, content_type=content_type)

    def _is_ours(self, request: web.Request) -> bool:
        expected = "Basic " + b64encode(f"{self.sid}:{self.token}".encode()).decode()
        return request.headers.get("Authorization") == expected and request.match_info["account"] == self.sid


def _resource(sent: Sent, account: str) -> dict[str, Any]:
    """A Message resource as Twilio shows it right after it was created."""
    path = f"/2010-04-01/Accounts/{account}/Messages/{sent.sid}"
    return {
        "account_sid": account, "api_version": "2010-04-01", "body": sent.body, "date_created": None,
        "date_sent": None, "date_updated": None, "direction": "outbound-api", "error_code": None,
        "error_message": None, "from": sent.sender, "messaging_service_sid": None, "num_media": "0",
        "num_segments": "1", "price": None, "price_unit": None, "sid": sent.sid, "status": "queued",
        "subresource_uris": {"media": f"{path}/Media.json"}, "to": sent.to, "uri": f"{path}.json",
    }  # fmt: skip


def _refused(status: int, code: int, message: str, headers: dict[str, str] | None = None) -> web.Response:
    body = {
        "code": code,
        "message": message,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    return web.json_response(body, status=status, headers=headers)
