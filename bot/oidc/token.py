"""Whether an ID token is what our service says to us about this log-in (OpenID Connect Core 1.0, 3.1.3.7)."""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]  # authlib ships no types
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from bot.oidc.fetching import Json
from bot.oidc.service import NotIn, Service, Why

# what each needs of a key, so that no public key is ever taken for a shared secret, nor nothing for a signature
_ALGORITHMS = {"RS256": "RSA", "ES256": "EC"}
_LONGEST = 16 * 1024  # characters of a token
_LEEWAY = 60  # seconds by which two clocks may differ
_OLDEST = 600  # seconds between a token and now: it comes straight from the service
_SHORTEST_RSA = 2048  # bits


class UnknownKey(Exception):
    """None of these keys is the one that the token names."""


def checked(
    token: object, keys: Sequence[Json], service: Service, nonce: str, now: datetime, access_token: str | None = None
) -> dict[str, Any]:
    """Its claims. Raises NotIn (FALSE) or UnknownKey."""
    if not isinstance(token, str) or len(token) > _LONGEST:
        raise NotIn(Why.FALSE, "no ID token")
    header = _header(token)
    algorithm = header.get("alg")
    if algorithm not in _ALGORITHMS or header.get("crit"):
        raise NotIn(Why.FALSE, "alg")
    key = _key(keys, algorithm, header.get("kid"))
    try:
        read = jwt.decode(token, key, algorithms=[algorithm])
        _validate(read.claims, read.header, service, nonce, now, access_token)
    except (JoseError, ValueError, TypeError) as wrong:
        raise NotIn(Why.FALSE, type(wrong).__name__) from None
    return dict(read.claims)


def _validate(
    claims: dict[str, Any], header: dict[str, Any], service: Service, nonce: str, now: datetime, access: str | None
) -> None:  # fmt: skip
    wanted = {
        "iss": {"essential": True, "value": service.issuer},
        "aud": {"essential": True, "value": service.client_id},
        "sub": {"essential": True},
        "exp": {"essential": True},
        "iat": {"essential": True},
        "nonce": {"essential": True, "value": nonce},
    }
    known = {"nonce": nonce, "client_id": service.client_id, "access_token": access}
    stamp = int(now.timestamp())
    CodeIDToken(claims, header, wanted, known).validate(now=stamp, leeway=_LEEWAY)
    if stamp - claims["iat"] > _OLDEST:
        raise ValueError("iat")


def _header(token: str) -> dict[str, Any]:
    first = token.partition(".")[0]
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)), type=dict[str, Any])
    except (binascii.Error, ValueError, msgspec.MsgspecError, RecursionError):
        raise NotIn(Why.FALSE, "header") from None


def _key(keys: Sequence[Json], algorithm: str, kid: object) -> RSAKey | ECKey:
    """The one that is named, or the only one there is."""
    fitting = [one for one in keys if _fits(one, algorithm) and (kid is None or one.get("kid") == kid)]
    if len(fitting) != 1:
        raise UnknownKey
    try:
        key = RSAKey.import_key(fitting[0]) if algorithm == "RS256" else ECKey.import_key(fitting[0])
    except (JoseError, ValueError, TypeError, KeyError):
        raise NotIn(Why.FALSE, "key") from None
    if isinstance(key, RSAKey) and key.raw_value.key_size < _SHORTEST_RSA:
        raise NotIn(Why.FALSE, "key too short")
    return key


def _fits(key: Json, algorithm: str) -> bool:
    return (
        key.get("kty") == _ALGORITHMS[algorithm]
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and (algorithm != "ES256" or key.get("crv") == "P-256")
    )
