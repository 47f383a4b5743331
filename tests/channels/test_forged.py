"""Webhooks that are forged, unsigned, broken or enormous: Forged or Malformed, and never anything else."""

import base64
import hashlib
import hmac
import json
import shutil
import subprocess
from contextlib import suppress
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels import Forged, Malformed
from channels.message import Inbound, Receipt, Webhook
from tests.channels.world import (
    NOW,
    NUMBER,
    PHONE,
    PUBLIC_URL,
    SECRET,
    TOKEN,
    from_telegram,
    from_twilio,
    opened,
)  # fmt: skip
from tests.peers import npm

TEXT = b'{"update_id":7,"message":{"message_id":3,"date":1,"chat":{"id":55,"type":"private"},"text":"x"}}'
FORM = {
    "MessageSid": "SM" + "1" * 32,
    "From": PHONE,
    "To": NUMBER,
    "Body": "¡hay un bache! 🕳",
    "ToCity": "",
    "A": "b c",
}


def _update(**message: object) -> bytes:
    whole = {"message_id": 3, "date": 1, "chat": {"id": 55, "type": "private"}, "text": "x", **message}
    return json.dumps({"update_id": 7, "message": whole}).encode()


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET[:-1], "contraseña", "\ud800"])
def test_telegram_without_our_secret_is_forged_even_when_broken(secret: str | None) -> None:
    for body in (TEXT, b"not json", b""):
        with pytest.raises(Forged):
            opened("telegram").read(from_telegram(body, secret))


def test_telegram_without_a_public_url_takes_no_webhook() -> None:
    from channels.telegram import Telegram

    polled = Telegram("http://127.0.0.1:9", "1:x")
    for secret in (None, ""):
        with pytest.raises(Forged):
            polled.read(from_telegram(TEXT, secret))


BROKEN = [
    b"", b"null", b"{}", b"[]", b"7", b'"x"', b"not json", b"\xff\xfe", b"[" * 100_000,
    b'{"update_id":7,"message":7}', b'{"update_id":7,"message":{}}', b'{"update_id":7,"callback_query":{"id":"1"}}',
    _update(chat={"id": "55", "type": "private"}),
    _update(chat={"id": 10**40, "type": "private"}),
    _update(chat={"type": "private"}),
    _update(chat=[]),
    _update(message_id="3"),
    _update(message_id=True),
    _update(date=10**30),
    _update(date="x"),
    _update(**{"from": "x"}),
    _update(photo="x"),
    _update(photo=[{}]),
    _update(photo=[{"file_id": "", "file_unique_id": "u", "width": 1, "height": 1}]),
    _update(location={"latitude": 1}),
    _update(location={"latitude": "north", "longitude": 1}),
    _update(location={"latitude": None, "longitude": None}),
]  # fmt: skip


@pytest.mark.parametrize("body", BROKEN, ids=lambda body: body[-40:].decode(errors="replace"))
def test_broken_telegram_body_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        opened("telegram").read(from_telegram(body))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", 7),
        ("text", {"a": 1}),
        ("text", "\ud83d"),
        ("caption", [1]),
        ("text", "\x00" * 1000),
        ("text", "x" * 200_000),
    ],
    ids=lambda value: str(value)[:10],
)
def test_odd_telegram_text_is_read_as_what_can_be_stored(field: str, value: object) -> None:
    for item in opened("telegram").read(from_telegram(_update(**{field: value}))):
        assert isinstance(item, Inbound)
        item.text.encode()
        assert "\x00" not in item.text


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
@pytest.mark.parametrize(
    "change", ["no header", "empty", "wrong", "not ascii", "other url", "other body", "other host"]
)
def test_twilio_without_its_signature_is_forged(channel: str, change: str) -> None:
    good = from_twilio(f"/channels/{channel}", FORM)
    signature = {
        "no header": None, "empty": "", "wrong": "A" * 28, "not ascii": "é" * 28
    }.get(change, good.headers["x-twilio-signature"])  # fmt: skip
    webhook = replace(
        good,
        headers={} if signature is None else {"x-twilio-signature": signature},
        url=good.url + "?key=other" if change == "other url" else good.url,
        body=good.body + b"&Body=more" if change == "other body" else good.body,
    )
    city = "https://other.example" if change == "other host" else PUBLIC_URL
    with pytest.raises(Forged):
        opened(channel, city).read(webhook)


def test_twilio_without_a_public_url_of_ours_is_forged() -> None:
    with pytest.raises(Forged):
        opened("sms", "").read(from_twilio("/channels/sms", FORM, public_url=""))


@pytest.mark.parametrize("signed_as", ["https://city.example", "https://city.example:443"])
@pytest.mark.parametrize("ours", ["https://city.example", "https://city.example:443", "https://city.example/"])
def test_twilio_may_sign_with_the_port_or_without(signed_as: str, ours: str) -> None:
    assert len(opened("sms", ours).read(from_twilio("/channels/sms", FORM, public_url=signed_as))) == 1


def test_the_requests_own_host_is_never_asked() -> None:
    webhook = from_twilio("/channels/sms", FORM, host="evil.example")
    assert len(opened("sms").read(webhook)) == 1


def _sha256(words: str) -> str:
    return base64.b64encode(hmac.new(TOKEN.encode(), words.encode(), hashlib.sha256).digest()).decode()


@pytest.mark.parametrize(
    ("algorithm", "accepted"), [("HMAC_SHA256", True), ("hmac_sha256", True), ("HMAC_SHA1", False), ("HMAC_MD5", False)]
)
def test_newer_signature_header_names_the_digest(algorithm: str, accepted: bool) -> None:
    words = PUBLIC_URL + "/channels/sms" + "".join(name + FORM[name] for name in sorted(FORM))
    settings = {
        "x-twilio-signature": _sha256(words),
        "x-twilio-webhooks-signature-settings": f"key=webhooks_sharedkey_1,algorithm={algorithm}",
    }
    webhook = from_twilio("/channels/sms", FORM, **settings)
    if accepted:
        assert len(opened("sms").read(webhook)) == 1
    else:
        with pytest.raises(Forged):
            opened("sms").read(webhook)


@pytest.mark.parametrize(
    "form",
    [
        {"From": PHONE, "Body": "no sid"},
        {**FORM, "MessageSid": ""},
        {**FORM, "MessageSid": "x" * 500},
        {"MessageSid": FORM["MessageSid"], "MessageStatus": "teleported"},
        {},
    ],
)
def test_signed_but_broken_twilio_form_is_malformed(form: dict[str, str]) -> None:
    with pytest.raises(Malformed):
        opened("sms").read(from_twilio("/channels/sms", form))


def test_form_with_thousands_of_fields_is_malformed() -> None:
    with pytest.raises(Malformed):
        opened("sms").read(from_twilio("/channels/sms", {f"f{n}": "" for n in range(2000)}))


def test_signatures_of_twilios_own_node_library_are_accepted() -> None:
    npm.installed()
    forms = [
        ("/channels/sms", FORM),
        ("/channels/sms/status?key=reply%3A12%3A0", {"MessageSid": "SM1", "MessageStatus": "sent", "ErrorCode": ""}),
        ("/channels/sms", {**FORM, "Body": "línea 1\nlínea 2 & más = 100 % 👍🏽", "z": "", "Ñ": "ñ"}),
    ]
    requests = [{"token": TOKEN, "url": PUBLIC_URL + url, "params": form} for url, form in forms]
    node = subprocess.run(
        [shutil.which("node") or "node", npm.HERE / "sign.js"],
        input=json.dumps(requests), capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    for (url, form), signature in zip(forms, json.loads(node.stdout), strict=True):
        body = urlencode(form).encode()
        webhook = Webhook(url=url, headers={"x-twilio-signature": signature}, body=body, now=NOW)
        assert len(opened("sms").read(webhook)) == 1


def test_twilios_published_vector() -> None:
    from channels._twilio import _signature

    form = {"CallSid": "CA1234567890ABCDE", "Digits": "1234", "From": "+14158675309", "Caller": "+14158675309"}
    form["To"] = "+18005551212"
    words = "https://mycompany.com/myapp.php?foo=1&bar=2" + "".join(name + form[name] for name in sorted(form))
    assert _signature(words, "12345", "sha1") == b"RSOYDt4T1cUTdK1PDd93/VVr8B8="


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
_FIELDS = [
    "message_id",
    "date",
    "chat",
    "from",
    "text",
    "photo",
    "location",
    "venue",
    "voice",
    "caption",
    "document",
    "entities",
]
_PRIVATE = st.just({"id": 55, "type": "private"})
_MESSAGES = st.dictionaries(st.sampled_from(_FIELDS), _JSON, max_size=6).flatmap(
    lambda message: st.tuples(_PRIVATE | _JSON, st.just(message)).map(lambda pair: {**pair[1], "chat": pair[0]})
)
_UPDATES = st.builds(
    lambda kind, message: {"update_id": 7, kind: message},
    st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member"]),
    _MESSAGES | _JSON,
)
_BODIES = st.binary(max_size=200) | (_JSON | _UPDATES).map(lambda value: json.dumps(value).encode())
_TELEGRAM, _SMS, _WHATSAPP = opened("telegram"), opened("sms"), opened("whatsapp")


def _storable(items: list[Inbound | Receipt]) -> None:
    for item in items:
        words = repr(item) + (item.text + item.sender.address if isinstance(item, Inbound) else item.external_id)
        assert "\x00" not in words
        words.encode()


@given(_BODIES)
def test_any_body_from_telegram_is_malformed_or_read(body: bytes) -> None:
    with suppress(Malformed):
        _storable(list(_TELEGRAM.read(from_telegram(body))))


_NAMES = [
    "MessageSid",
    "From",
    "Body",
    "MessageStatus",
    "ErrorCode",
    "Latitude",
    "Longitude",
    "MediaUrl0",
    "MediaContentType0",
]
_FORMS = st.dictionaries(
    st.sampled_from([*_NAMES, "ButtonPayload"]) | st.text(max_size=8), st.text(max_size=20), max_size=8
)


@given(_FORMS, st.booleans(), st.sampled_from([_SMS, _WHATSAPP]))
def test_any_signed_form_is_malformed_or_read(form: dict[str, str], named: bool, channel: object) -> None:
    whole = {**form, "MessageSid": "SM1", "From": PHONE} if named else form
    with suppress(Malformed):
        _storable(list(channel.read(from_twilio("/channels/sms?key=%00x", whole))))  # type: ignore[attr-defined]


@given(st.binary(max_size=200), st.text(max_size=40))
def test_any_unsigned_body_is_forged(body: bytes, signature: str) -> None:
    webhook = Webhook(url="/channels/sms", headers={"x-twilio-signature": signature}, body=body, now=NOW)
    with pytest.raises(Forged):
        _SMS.read(webhook)
