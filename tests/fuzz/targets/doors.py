"""What stands at a door: headers, ways back, sealed tokens, tokens of a log-in service, URLs, pictures."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urljoin, urlsplit

from aiohttp.web import Request
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from multidict import CIMultiDict
from PIL import Image

from bot.hooks.target import Refused, check, is_public, literal, target
from bot.oidc.claims import missing, person
from bot.oidc.service import Lot, NotIn, Service, safe
from bot.oidc.token import UnknownKey, checked
from channels.mailbox import sender, wrong
from store.seal import Seal
from store.tokens import opened as unsealed
from store.tokens import sealed
from tests.fuzz.shapes import json_changed, said
from tests.fuzz.target import Read, Target, simple, size, text_of
from web.case.pictures import NoPicture, kind_of, stripped
from web.language import accepted
from web.login import inside

_NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
_STAMP = int(_NOW.timestamp())
_HERE = "https://city.example"


def _headers(data: bytes) -> str:
    """The first line is Accept-Language, the second a way back."""
    language, way = (*(text_of(line) for line in data.split(b"\n")), "", "")[:2]
    request = cast(Request, SimpleNamespace(headers=CIMultiDict({"Accept-Language": language})))
    wishes = list(accepted(request))
    back = inside(way)
    there = urljoin(_HERE + "/desk/login", back)  # as a browser reads it: `\\` is `/`, and blanks at the ends are none
    assert urlsplit(there.replace("\\", "/")).netloc == "city.example", "a way to somewhere else"
    assert not set(back) & set("\r\n\t\0"), "a way that ends a header"
    return f"{size(len(wishes))} {back == way} {len(set(wishes) & {'es', 'pt', 'en', 'fr', '*'})}"


@contextmanager
def _tokens() -> Iterator[Read]:
    """Nothing but what we sealed for this purpose, and only until its end."""
    seal = Seal("k" * 40)
    good = sealed(seal, "unsubscribed.link", "ana@city.example", _NOW + timedelta(days=1))

    def read(data: bytes) -> str:
        given = text_of(data).replace("GOOD", good)
        found = unsealed(seal, "unsubscribed.link", given, _NOW)
        assert found in (None, "ana@city.example"), "a token of nobody's making"
        assert unsealed(seal, "another", given, _NOW) is None
        assert unsealed(seal, "unsubscribed.link", given, _NOW + timedelta(days=2)) is None
        return f"{found} {size(len(given))} {given.isascii()}"

    yield read


@cache
def _keys() -> tuple[RSAKey, ECKey]:
    return RSAKey.generate_key(2048, {"kid": "r"}), ECKey.generate_key("P-256", {"kid": "e"})


_SERVICE = Service(
    issuer="https://login.example", client_id="vecino", secret="between-us", roles=Lot(claim="groups", values=(("it", "admin"), ("dispatch", "clerk"))),
    departments=Lot(claim="realm.of", values=(("r", "roads"),)), amr=("mfa",),
)  # fmt: skip
_CLAIMS: dict[str, Any] = {
    "iss": "https://login.example", "aud": "vecino", "sub": "0001", "iat": _STAMP, "exp": _STAMP + 300, "nonce": "n", "amr": ["mfa"], "groups": ["dispatch"],
    "realm": {"of": ["r"]}, "preferred_username": "rosa", "name": "Rosa Díaz", "locale": "es-MX", "email": "rosa@city.example", "at_hash": "x", "azp": "vecino", "nbf": _STAMP,
}  # fmt: skip


def _known() -> "list[dict[str, Any]]":
    return [dict(key.as_dict(private=False)) for key in _keys()]


def _token(data: bytes) -> str:
    """A token as it came. No one was signed by us, so nobody may come in by one that was changed."""
    try:
        claims = checked(text_of(data), _known(), _SERVICE, "n", _NOW)
    except NotIn as no:
        return no.detail
    except UnknownKey:
        return "unknown key"
    assert claims == _told({}), "a changed token was taken"
    return "in"


def _told(more: "dict[str, Any]") -> "dict[str, Any]":
    return {name: value for name, value in {**_CLAIMS, **more}.items() if name != "at_hash"}


def _signed(claims: Any, header: "dict[str, Any] | None" = None) -> str:
    return jwt.encode(header or {"alg": "ES256", "kid": "e"}, claims, _keys()[1])


def _claims(data: bytes) -> str:
    """Claims and keys as a service that errs, or is not ours, might send them. An input is claims, or [claims, keys]."""
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return "no JSON"
    claims, keys = (said[0], said[1]) if isinstance(said, list) and len(said) == 2 else (said, _known())
    if not isinstance(claims, dict):
        return "no claims"
    if not isinstance(keys, list) or not all(isinstance(one, dict) for one in keys):
        return "no keys"  # refused where they are fetched
    try:
        token = _signed(claims)
    except Exception:
        return "cannot be signed"
    try:
        found = checked(token, keys, _SERVICE, "n", _NOW, "access")
        somebody = person(_SERVICE, found, token)
    except NotIn as no:
        return f"{no.why} {no.detail[:20]}"
    except UnknownKey:
        return "unknown key"
    assert somebody.subject.startswith(_SERVICE.issuer)
    return f"{somebody.role} {bool(somebody.department)} {missing(_SERVICE, found)} {bool(somebody.language)}"


def _hook(data: bytes) -> str:
    """What is taken leads where the client that sends goes, and an address inside is never among what may be reached."""
    typed = text_of(data)
    safe(typed)
    try:
        url = target(typed)
    except Refused as refused:
        return str(refused.trouble)
    assert url.scheme in ("http", "https")
    read = urlsplit(typed)
    host, address = read.hostname or "", literal(url.raw_host or "")
    assert literal(host) == address, "two readings of one URL"
    assert address or host.lower() == (url.raw_host or "").lower(), "two readings of one URL"
    if address is None:
        return f"name {url.scheme}"
    try:
        check(url, [address], ())
    except Refused as refused:
        return f"{refused.trouble} {address.version}"
    assert is_public(address) and address.is_global, "an address inside is reached"
    return f"public {address.version}"


def _mailbox(data: bytes) -> str:
    """A header is made of it: it holds no line's end."""
    text = text_of(data)
    advice = wrong(text)
    assert advice or not set(text) & set("\r\n\t <>,;"), "what ends an address"
    try:
        found = sender(text)
    except ValueError:
        return advice
    assert not set(str(found)) & set("\r\n\0"), "what ends a header"
    return f"{bool(found.display_name)} {advice}"


def _picture(data: bytes) -> str:
    kind_of(data)
    try:
        plain = stripped(data, 64)
    except NoPicture as none:
        return type(none).__name__
    with Image.open(BytesIO(plain)) as again:
        assert max(again.size) <= 64
        return f"{again.format} {again.size} {len(again.getexif())}"


def _drawn(form: str, **more: Any) -> bytes:
    kept = BytesIO()
    Image.new("RGB", (24, 16), "red").save(kept, form, **more)
    return kept.getvalue()


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


TARGETS = (
    Target(
        name="headers", opened=simple(_headers), change=said, samples=[b"es-MX,es;q=0.9,en;q=0.8\n/desk/tickets?a=b", b"*;q=0\n//evil.example"],
        words=[b"es", b"pt-BR", b"*", b";q=", b"0.5", b"nan", b"inf", b"1e999", b",", b"/desk", b"//evil.example", b"/desk/..//evil.example", b"/\\evil.example", b"/desk?", b"https:", b"@", b"\n"],
    ),
    Target(name="tokens", opened=_tokens, samples=[b"GOOD", b"GOOD=", b"GOOD%3D", b"QUJD" * 20], words=[b"=", b"==", b"-", b"_", b"+", b"/", b"AAAA", b"\n", "é".encode()]),
    Target(
        name="oidc-token", opened=simple(_token), samples=[_signed(_told({})).encode(), f"{_part({'alg': 'none'})}.{_part(_told({}))}.".encode(), b"...", f"{_part({'alg': 'ES256'})}.e.e".encode()],
        words=[b".", b"=", _part({"alg": "HS256", "kid": "e"}).encode(), _part({"alg": "ES256", "kid": []}).encode(), _part({"alg": "RS256", "crit": ["a"]}).encode(), _part([]).encode(), _part("a").encode(), b"-", b"_"],
    ),
    Target(
        name="oidc-claims", opened=simple(_claims), change=json_changed, samples=[json.dumps(_told({})).encode(), json.dumps(_CLAIMS).encode(), json.dumps([_told({}), _known()]).encode()],
        words=b"iss aud sub iat exp nonce amr groups realm of locale name azp nbf at_hash acr kty crv alg use kid x y n e RSA EC oct sig enc P-256 admin it vecino".split(),
    ),
    Target(
        name="hook-urls", opened=simple(_hook), change=said,
        samples=[b"https://hooks.example/a?b=c", b"https://[2001:4860::8888]:8443/a", b"http://127.0.0.1/", b"https://93.184.215.14/", b"https://a.example:443"],
        words=b"https:// http:// / \\ @ : # ? % . [ ] ::1 ::ffff:127.0.0.1 64:ff9b::7f00:1 127.1 0x7f.1 2130706433 017700000001 10.0.0.1 169.254.169.254 localhost "
        b"hooks.example xn--a %2e %00 %0d%0a user:pw@ 0 65536 -1 1e3 fe80::1%25lo \xe3\x80\x82 \xe2\x91\xa0 \xc2\xad".split(b" "),
    ),
    Target(
        name="mailboxes", opened=simple(_mailbox), change=said, samples=[b"Ana Gomez <ana@city.example>", b"ana@city.example", b'"Gomez, Ana" <ana@city.example>'],
        words=[b"<", b">", b'"', b"@", b".", b" ", b",", b"ana", b"city.example", b"\\", "é".encode(), b"xn--a", b"\r\nBcc: a@b.example", b"+b-"],
    ),
    Target(
        name="pictures", opened=simple(_picture), seconds=2.0, samples=[_drawn("JPEG"), _drawn("PNG"), _drawn("GIF"), _drawn("WEBP"), _drawn("JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0")],
        words=[b"\xff\xd8", b"\xff\xd9", b"\xff\xe1", b"\x89PNG\r\n\x1a\n", b"IHDR", b"IDAT", b"IEND", b"acTL", b"zTXt", b"iCCP", b"GIF89a", b"RIFF", b"WEBP", b"VP8X", b"EXIF", b"ftypheic", b"\xff\xff\xff\x7f", b"\0\0\0\0", b"Exif\0\0II*\0"],
    ),
)  # fmt: skip
