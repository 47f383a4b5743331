"""What providers send us: webhooks of Telegram and Twilio, and mail that comes back."""

import json
from collections.abc import Sequence
from email.headerregistry import Address
from random import Random
from urllib.parse import parse_qsl, urlencode

from multidict import MultiDict
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from channels import Malformed
from channels.bounce import NoReport
from channels.bounce import read as read_bounce
from channels.message import Inbound, Receipt, Webhook
from channels.return_path import ReturnPath, keys
from tests.channels.bounces import FORMS, report
from tests.channels.world import NOW, PUBLIC_URL, TOKEN, Json, fixtures, from_telegram, opened
from tests.fuzz.shapes import form_changed, json_changed, lines
from tests.fuzz.target import Read, Target, simple

_NO_TEXT = frozenset([chr(0), *map(chr, range(0xD800, 0xE000))])
_SIGNER = RequestValidator(TOKEN)
_BACK = ReturnPath(Address(username="vecino", domain="city.example"), keys("k" * 40))
_OURS = _BACK.of(f"{'0a' * 16}@city.example")


def _judged(arrivals: "list[Inbound | Receipt]") -> str:
    """What must hold of whatever a channel lets in: short, and no character that a database refuses."""
    for one in arrivals:
        if isinstance(one, Receipt):
            return f"receipt {one.delivery} {bool(one.key)} {one.reason}"
        texts = (
            one.text,
            one.choice or "",
            one.album or "",
            one.language_hint or "",
            one.external_id,
            one.sender.address,
        )
        assert not any(_NO_TEXT & set(text) for text in texts), "a character that no database takes"
        assert len(one.external_id) < 600, "an id without end"
        assert one.point is None or abs(one.point.latitude) <= 90
        told = "".join(
            "x" if there else "."
            for there in (one.text, one.choice, one.point, one.media, one.album, one.language_hint)
        )
        return f"{one.kind} {told} {one.provider_keyword} {len(one.media)}"
    return "nothing for us"


def _telegram(data: bytes) -> str:
    try:
        return _judged(list(opened("telegram").read(from_telegram(data))))
    except Malformed:
        return "malformed"


def _twilio(channel: str) -> tuple[Read, tuple[bytes, ...]]:
    """The reader and its samples. The first line of an input is the address, the rest the form; what Twilio would sign
    is signed here, so that what follows the signature is reached."""
    reader = opened(channel)

    def read(data: bytes) -> str:
        address, _, form = data.partition(b"\n")
        url = "/" + address.decode("latin-1").lstrip("/")
        headers = {"x-twilio-signature": _signature(url, form)}
        try:
            return _judged(list(reader.read(Webhook(url=url, headers=headers, body=form, now=NOW))))
        except Malformed:
            return "malformed"

    samples = tuple(_sample(one) for one in fixtures(channel).values())
    return read, samples


def _sample(one: Json) -> bytes:
    return f"{one['url']}\n{urlencode(one['form'])}".encode()


def _signature(url: str, form: bytes) -> str:
    pairs = parse_qsl(form.decode(errors="replace"), keep_blank_values=True)
    return str(_SIGNER.compute_signature(PUBLIC_URL + url, MultiDict(pairs)))


def _changed(dice: Random, data: bytes, others: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    """The form mostly, the address seldom."""
    address, _, form = data.partition(b"\n")
    rest = [other.partition(b"\n")[2] for other in others[:50]]
    return (
        address + b"\n" + form_changed(dice, form, rest, words)
        if dice.random() < 0.9
        else lines(dice, data, others, words)
    )


def _bounce(data: bytes) -> str:
    try:
        found = read_bounce(data)
    except NoReport:
        return "no report"
    known = list(_BACK.message_ids(found.addressed, "city.example"))
    assert len(found.failed) <= 50
    return f"{len(found.failed)} {sorted({one.reason for one in found.failed})} {len(known)}"


_SMS, _SMS_SAMPLES = _twilio("sms")
_WHATSAPP, _WHATSAPP_SAMPLES = _twilio("whatsapp")
_WORDS = tuple(
    b"MessageSid From To Body NumMedia MediaUrl0 MediaContentType0 Latitude Longitude MessageStatus ErrorCode OptOutType ButtonPayload "
    b"ListId ButtonText ListTitle Label Address MessageType sticker delivered undelivered failed read 30003 63016 STOP START HELP "
    b"whatsapp:+525512345678 +525512345678 SM11111111111111111111111111111111 image/jpeg audio/ogg text/vcard 19.4 -99.1 91 181".split()
)
TARGETS = (
    Target(
        name="telegram", opened=simple(_telegram), change=json_changed,
        samples=[json.dumps(one["update"]).encode() for one in fixtures("telegram").values()],
        words=b"update_id message edited_message callback_query chat from private group id date text caption photo file_id location venue "
        b"latitude longitude voice audio sticker contact document mime_type image/jpeg media_group_id data entities is_bot /start /stop".split(),
    ),
    Target(name="sms", opened=simple(_SMS), change=_changed, samples=_SMS_SAMPLES, words=_WORDS),
    Target(name="whatsapp", opened=simple(_WHATSAPP), change=_changed, samples=_WHATSAPP_SAMPLES, words=_WORDS),
    Target(
        name="bounces", opened=simple(_bounce), change=lines, samples=[report(_OURS, "ana@city.example", form) for form in FORMS],
        words=[
            b"Content-Type: multipart/report; boundary=b", b"--b", b"--b--", b"Final-Recipient: rfc822; a@b.example", b"Action: failed",
            b"Status: 5.1.1", b"Status: 4.2.2", b"Diagnostic-Code: smtp; 550 5.1.1 no", b"message/delivery-status", b"message/rfc822",
            b"Content-Transfer-Encoding: base64", b"charset=utf-7", b"=?utf-8?b?AAAA?=", b"To: " + _OURS.encode(), b"\r\n", b" ", b"\t",
        ],
    ),
)  # fmt: skip
