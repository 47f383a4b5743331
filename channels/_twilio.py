"""What SMS and WhatsApp share, for both travel by Twilio: its signatures, its forms, its receipts and its errors.

A webhook is a form: `MessageSid From To Body NumMedia MediaUrl0 MediaContentType0 Latitude Longitude ...`; a report on
a message of ours has `MessageSid MessageStatus ErrorCode`. Source: Twilio's "webhook request", "validating signatures".
"""

import hmac
import json
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote, urlsplit

from twilio.rest import Client  # type: ignore[import-untyped]  # twilio ships no types

from channels import BadOption, Forged, Malformed, Rejected, Unavailable
from channels._twilio_codes import DELIVERIES, REASONS, error
from channels._twilio_http import Http
from channels.message import Contact, Delivery, Inbound, Kind, Media, Outbound, Receipt, Webhook
from channels.reason import Reason
from channels.words import clean
from tickets.model import Point

SECRETS = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")
API_URL = "https://api.twilio.com"
PHONE = re.compile(r"\+[1-9][0-9]{4,14}")  # E.164

_SID = re.compile(r"[A-Za-z0-9]{2,64}")
_ALGORITHMS = {"HMAC_SHA1": "sha1", "HMAC_SHA256": "sha256"}
_FIELDS, _FILES = 1000, 10  # more of either is nothing that Twilio sends
_KINDS = (
    ("audio/", Kind.VOICE),
    ("application/ogg", Kind.VOICE),
    ("text/vcard", Kind.CONTACT),
    ("text/x-vcard", Kind.CONTACT),
    ("", Kind.OTHER),
)

RETRIES = "#rc=5&rp=all"  # Twilio repeats a failed webhook only when its URL says so; it is no part of the signed URL

Form = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where and as whom we speak to Twilio. `sender` is our number, or a Messaging Service (`MG...`)."""

    channel: str
    sender: str
    api_url: str
    public_url: str
    sid: str
    token: str = field(repr=False)


def account(channel: str, options: Mapping[str, str], secrets: Mapping[str, str], public_url: str) -> Account:
    """The account of this channel; raises BadOption."""
    sender = options["from"].strip()
    if not PHONE.fullmatch(sender) and not re.fullmatch("MG[0-9a-fA-F]{32}", sender):
        raise BadOption(f"channels.{channel}.from: write a number such as +15005550006, or a Messaging Service (MG...)")
    for name in SECRETS:
        if not secrets.get(name):
            raise BadOption(f"channels.{channel} needs {name} in the environment")
    return Account(
        channel=channel, sender=sender, api_url=options["api_url"], public_url=public_url.rstrip("/"),
        sid=secrets["TWILIO_ACCOUNT_SID"], token=secrets["TWILIO_AUTH_TOKEN"],
    )  # fmt: skip


def form(webhook: Webhook, own: Account) -> Form:
    """The fields of a webhook that Twilio signed; raises Forged before it looks at any of them, then Malformed."""
    signature = webhook.headers.get("x-twilio-signature")
    if not signature or not own.public_url:
        raise Forged
    try:
        pairs = parse_qsl(webhook.body.decode(errors="replace"), keep_blank_values=True, max_num_fields=_FIELDS)
    except ValueError:
        raise Malformed from None
    if not _signed(pairs, signature, webhook, own):
        raise Forged
    if not _SID.fullmatch(dict(pairs).get("MessageSid", "")):
        raise Malformed
    return dict(pairs)


def _signed(pairs: list[tuple[str, str]], signature: str, webhook: Webhook, own: Account) -> bool:
    algorithm = _algorithm(webhook.headers.get("x-twilio-webhooks-signature-settings", ""))
    words = "".join(name + value for name, value in sorted(set(pairs)))
    given = signature.strip().encode(errors="replace")
    matches = [
        hmac.compare_digest(_signature(base + webhook.url + words, own.token, algorithm), given)
        for base in _spellings(own.public_url)
    ]
    return any(matches)


def _algorithm(settings: str) -> str:
    """The digest that `key=...,algorithm=HMAC_SHA256` names; without the header it is SHA-1."""
    named = dict(part.strip().partition("=")[::2] for part in settings.split(",")).get("algorithm", "HMAC_SHA1")
    try:
        return _ALGORITHMS[named.upper()]
    except KeyError:
        raise Forged from None


def _signature(signed: str, token: str, algorithm: str) -> bytes:
    return b64encode(hmac.digest(token.encode(), signed.encode(errors="replace"), algorithm))


def _spellings(url: str) -> Iterator[str]:
    """Our address with and without its port: Twilio's own services do not agree on which of them they sign."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    yield f"{parts.scheme}://{host}{parts.path}"
    yield f"{parts.scheme}://{host}:{port}{parts.path}"


def is_report(fields: Form) -> bool:
    """A report on a message of ours; what citizens send has the status `received`."""
    return fields.get("MessageStatus", "received") not in {"received", "receiving"}


def receipt(fields: Form, webhook: Webhook) -> Receipt:
    """What became of a message of ours. The key stands in the address that we gave for its reports."""
    delivery = DELIVERIES.get(fields["MessageStatus"])
    if delivery is None:
        raise Malformed
    key = clean(parse_qs(webhook.url.partition("?")[2]).get("key", [""])[0])
    reason = _reason(fields.get("ErrorCode", "")) if delivery is Delivery.FAILED else ""
    return Receipt(key=key or None, external_id=fields["MessageSid"], delivery=delivery, reason=reason)


def _reason(code: str) -> Reason:
    known = code.isascii() and code.isdigit() and len(code) < 9
    return REASONS.get(int(code), Reason.REFUSED) if known else Reason.REFUSED


def inbound(fields: Form, webhook: Webhook, sender: Contact) -> Inbound:
    """What a citizen sent: words, pictures, a pin, a voice note, or something that is only kept."""
    files = tuple(_files(fields))
    pictures = tuple(file for file in files if file.content_type.startswith("image/"))
    sounds = tuple(file for file in files if file.is_sound)
    text, point = clean(fields.get("Body")), _point(fields)
    unread = files and not (pictures or text or point)
    return Inbound(
        sender=sender, external_id=fields["MessageSid"], received_at=webhook.now, text=text, point=point,
        media=pictures + sounds, kind=_kind(files[0].content_type) if unread else Kind.MESSAGE,
    )  # fmt: skip


def _files(fields: Form) -> Iterator[Media]:
    for number in range(_FILES):
        if url := fields.get(f"MediaUrl{number}"):
            yield Media(reference=url, content_type=clean(fields.get(f"MediaContentType{number}")).lower()[:100])


def _kind(content_type: str) -> Kind:
    return next(kind for prefix, kind in _KINDS if content_type.startswith(prefix))


def _point(fields: Form) -> Point | None:
    try:
        latitude, longitude = float(fields.get("Latitude", "")), float(fields.get("Longitude", ""))
    except ValueError:
        return None
    on_earth = isfinite(latitude) and isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180
    return Point(latitude=latitude, longitude=longitude) if on_earth else None


class Sender:
    """Sends by twilio's client over our own http client, and fetches media. The library's `messages` are passed by: the
    first use of them loads every resource that Twilio has, 6 MB."""

    def __init__(self, own: Account) -> None:
        self._own, self._http = own, Http(own.api_url, own.sid, own.token)
        self._client = Client(own.sid, own.token, http_client=self._http)
        self._address = f"{API_URL}/2010-04-01/Accounts/{own.sid}/Messages.json"

    async def send(self, outbound: Outbound, *, to: str, sender: str, **content: str) -> str:
        """`content` is a body, with which a picture may go, or a template's sid and variables. Raises Rejected,
        Throttled or Unavailable."""
        if outbound.attachments:
            raise Rejected(Reason.ATTACHMENTS)  # Twilio takes public addresses of files, and these have none
        ours = {"messaging_service_sid" if sender.startswith("MG") else "from_": sender}
        picture = outbound.picture.url if outbound.picture and "body" in content else ""
        media = {"media_url": picture} if picture else {}
        return await self._create(to=to, **ours, **self._reports(outbound.key), **content, **media)

    async def fetch(self, media: Media) -> bytes:
        return await self._http.fetch(media.reference)

    async def close(self) -> None:
        await self._http.close()

    def _reports(self, key: str) -> dict[str, str]:
        if not self._own.public_url:
            return {}
        address = f"{self._own.public_url}/channels/{self._own.channel}/status?key={quote(key, safe='')}{RETRIES}"
        return {"status_callback": address}

    async def _create(self, **fields: str) -> str:
        """Twilio's sid of the new message; its parameters are written `StatusCallback`."""
        form = {"".join(word.title() for word in name.split("_")): value for name, value in fields.items()}
        answer = await self._client.request_async("POST", self._address, data=form)
        message = _read(answer.text)
        if not 200 <= answer.status_code < 300:
            code = message.get("code")
            raise error(code if isinstance(code, int) else 0, answer.status_code)
        sid = message.get("sid")
        if not isinstance(sid, str):
            raise Unavailable(Reason.PROVIDER, uncertain=True)
        return sid


def _read(answer: str) -> dict[str, Any]:
    try:
        payload = json.loads(answer)
    except (ValueError, RecursionError):
        return {}
    return payload if isinstance(payload, dict) else {}
