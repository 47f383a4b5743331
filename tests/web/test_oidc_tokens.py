"""ID tokens that cannot be trusted, and the keys by which the others are known."""

import base64
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

from bot.ports.audit import Deed
from tests.web.elsewhere import audit, log_in
from tests.web.issuer import CLIENT, SECRET, Issuer


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def unsigned(issuer: Issuer) -> str:
    now = int(issuer.clock.now().timestamp())
    claims = {"iss": issuer.url, "aud": CLIENT, "sub": "0002", "iat": now, "exp": now + 300, "groups": ["it"]}
    return f"{part({'alg': 'none'})}.{part(claims)}."


OTHER = RSAKey.generate_key(2048, {"kid": "first"})
# what a hostile token says -> what the service is made to send
HOSTILE: dict[str, Callable[[Issuer], dict[str, Any]]] = {
    "for another client": lambda _: {"claims": {"aud": ["another"]}},
    "for us and another, of whom it was asked": lambda _: {"claims": {"aud": [CLIENT, "another"], "azp": "another"}},
    "for us and another, and nobody says by whom": lambda _: {"claims": {"aud": [CLIENT, "another"]}},
    "by another issuer": lambda _: {"claims": {"iss": "https://evil.example"}},
    "expired": lambda one: {"claims": {"exp": int(one.clock.now().timestamp()) - 61}},
    "of tomorrow": lambda one: {"claims": {"iat": int(one.clock.now().timestamp()) + 86_400}},
    "of yesterday, and still good": lambda one: {"claims": {"iat": int(one.clock.now().timestamp()) - 86_400}},
    "not yet good": lambda one: {"claims": {"nbf": int(one.clock.now().timestamp()) + 600}},
    "of another log-in": lambda _: {"claims": {"nonce": "another"}},
    "of no log-in": lambda _: {"without": ("nonce",)},
    "without an end": lambda _: {"without": ("exp",)},
    "without a time": lambda _: {"without": ("iat",)},
    "without anybody": lambda _: {"without": ("sub",)},
    "about nobody": lambda _: {"claims": {"sub": ""}},
    "about a number": lambda _: {"claims": {"sub": 5}},
    "about two lines": lambda _: {"claims": {"sub": "0001\n0002"}},
    "for an access token that is another": lambda _: {"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}},
    "signed by nobody": lambda one: {"forged": unsigned(one)},
    "signed by somebody else under the same name": lambda _: {"signer": OTHER},
    "signed with the public key as a secret": lambda one: {
        "header": {"alg": "HS256"}, "signer": one.key.as_pem(private=False),
    },
    "signed with the client's secret": lambda _: {
        "header": {"alg": "HS256"}, "signer": SECRET.encode(),
    },
    "signed as nobody agreed": lambda _: {"header": {"alg": "RS512"}},
    "signed by a key that it brings along": lambda _: {
        "header": {"kid": "mine", "jwk": OTHER.as_dict(private=False)}, "signer": OTHER,
    },
    "signed by a key at its own address": lambda _: {
        "header": {"kid": "mine", "jku": "https://evil.example/keys"}, "signer": OTHER,
    },
    "no token at all": lambda _: {"forged": ""},
    "a token of three dots": lambda _: {"forged": "..."},
    "a token without end": lambda _: {"forged": "e" * 20_000},
    "no JSON": lambda _: {"forged": "bm90.bm90.bm90"},
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
async def test_a_token_that_cannot_be_trusted_lets_nobody_in(
    make: Callable[..., Any], issuer: Issuer, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = await make()
    for name, value in HOSTILE[what](issuer).items():
        setattr(issuer, name, value)
    if issuer.header.get("alg") in ("HS256", "RS512"):
        monkeypatch.setattr("tests.web.issuer.jwt.encode", _any_algorithm)
    answer = await log_in(world)
    assert answer.status == 403, await answer.text()
    assert "cannot be trusted" in await answer.text()
    assert "vecino_desk" not in answer.cookies
    assert [one.detail.split()[0] for one in await audit(world, Deed.LOG_IN_FAILED)] == ["false"]
    async with world.store.view() as view:
        assert [one.login for one in await view.clerks.all()] == ["ana"]


def _any_algorithm(header: Any, claims: Any, key: Any, algorithms: Any) -> str:
    """With what joserfc signs for nobody: other algorithms, and a public key in place of a secret."""
    if header["alg"] != "HS256":
        return _encode(header, claims, key, algorithms, registry=JWSRegistry(algorithms=algorithms))
    said = f"{part(header)}.{part(claims)}"
    signature = hmac.digest(key, said.encode(), "sha256")
    return f"{said}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


_encode = jwt.encode


async def test_the_key_may_be_of_an_elliptic_curve_too(make: Callable[..., Any], issuer: Issuer) -> None:
    world, issuer.signer = await make(), ECKey.generate_key("P-256", {"kid": "curved", "use": "sig"})
    issuer.header = {"alg": "ES256", "kid": "curved"}
    issuer.keys = (issuer.signer,)
    assert (await log_in(world)).status == 303


async def test_keys_that_the_service_changed_are_fetched_once_and_not_for_every_foreign_one(
    make: Callable[..., Any], issuer: Issuer
) -> None:
    world = await make()
    assert (await log_in(world)).status == 303
    issuer.clock.pass_by(minutes=5)
    issuer.key = RSAKey.generate_key(2048, {"kid": "second", "use": "sig"})
    assert (await log_in(world)).status == 303
    fetched = issuer.asked.count("/keys")
    assert fetched == 2
    issuer.header, issuer.signer = {"kid": "nobody's"}, OTHER
    for _ in range(5):
        assert (await log_in(world)).status == 403
    assert issuer.asked.count("/keys") == fetched
    issuer.clock.pass_by(minutes=1)
    assert (await log_in(world)).status == 403
    assert issuer.asked.count("/keys") == fetched + 1
