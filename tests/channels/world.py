"""Values that the channels' tests agree on, and how a fixture's expectation is compared."""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from channels import Channel, load, telegram
from channels.message import Choice, Contact, Inbound, Outbound, Receipt, Webhook

NOW = datetime(2025, 11, 22, 12, 0, tzinfo=UTC)
PUBLIC_URL = "https://city.example"
SECRET = "s3cret-of-the-webhook"
SID, TOKEN = "AC" + "0" * 32, "token-of-twilio"
NUMBER, PHONE = "+15005550006", "+525512345678"
TEMPLATE_SID = "HX" + "a" * 32
FIXTURES = Path(__file__).parent / "fixtures"
NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody listens

Json = dict[str, Any]


def fixtures(channel: str) -> dict[str, Json]:
    """What it shows -> `update` (or `url` and `form`) and `expect`: the fields that matter, or null for nothing."""
    return {path.stem: json.loads(path.read_text()) for path in sorted((FIXTURES / channel).glob("*.json"))}


@cache
def opened(name: str, public_url: str = PUBLIC_URL) -> Channel:
    """A channel whose provider is out of reach: enough to read."""
    if name == "telegram":
        secrets = {"TELEGRAM_BOT_TOKEN": "1:x", "TELEGRAM_WEBHOOK_SECRET": SECRET}
        return telegram.open({"api_url": NOWHERE}, secrets, public_url)
    secrets = {"TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": TOKEN}
    return load(name).open({"api_url": NOWHERE, "from": NUMBER}, secrets, public_url)


def from_telegram(body: bytes, secret: str | None = SECRET) -> Webhook:
    headers = {} if secret is None else {"x-telegram-bot-api-secret-token": secret}
    return Webhook(url="/channels/telegram", headers=headers, body=body, now=NOW)


def from_twilio(url: str, form: dict[str, str], *, public_url: str = PUBLIC_URL, **headers: str) -> Webhook:
    """Signed by Twilio's own library for Python."""
    signed = {"x-twilio-signature": RequestValidator(TOKEN).compute_signature(public_url + url, form)}
    return Webhook(url=url, headers={**signed, **headers}, body=urlencode(form).encode(), now=NOW)


def city_of(channel: Channel, taken: list[Inbound | Receipt]) -> web.Application:
    """A city's web, as small as can be: what comes is read and kept in `taken`."""

    async def take(request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        taken.extend(channel.read(Webhook(url=request.raw_path, headers=headers, body=await request.read(), now=NOW)))
        return web.Response()

    app = web.Application()
    app.router.add_post("/channels/{name}", take)
    app.router.add_post("/channels/{name}/status", take)
    return app


def outbound(channel: str = "telegram", address: str = "55", text: str = "¿Dónde es?", **more: Any) -> Outbound:
    return Outbound(key="reply:12:0", recipient=Contact(channel=channel, address=address), text=text, **more)


def choices(*labels: str) -> tuple[Choice, ...]:
    return tuple(Choice(id=f"q7:{number}", label=label) for number, label in enumerate(labels))


def flat(item: Inbound | Receipt) -> Json:
    """A message or receipt in the fixtures' words."""
    if isinstance(item, Receipt):
        return {
            "key": item.key, "external_id": item.external_id, "delivery": str(item.delivery), "reason": item.reason
        }  # fmt: skip
    return {
        "sender": item.sender.address, "external_id": item.external_id, "text": item.text, "choice": item.choice,
        "point": [item.point.latitude, item.point.longitude] if item.point else None, "kind": str(item.kind),
        "media": [[media.reference, media.content_type] for media in item.media],
        "language_hint": item.language_hint, "acknowledge": item.acknowledge,
        "provider_keyword": item.provider_keyword,
    }  # fmt: skip
