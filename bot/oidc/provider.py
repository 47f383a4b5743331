"""The log-in service of a city: to it, back from it, and out of it."""

import base64
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from hmac import compare_digest
from typing import Any
from urllib.parse import quote_plus

from authlib.common.urls import add_params_to_uri  # type: ignore[import-untyped]  # authlib ships no types
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]  # authlib ships no types

from bot.oidc.claims import missing, person
from bot.oidc.directory import Directory
from bot.oidc.fetching import Json, got, posted
from bot.oidc.service import Errand, NotIn, Person, Service, Why
from bot.oidc.token import UnknownKey, checked

_CODE = 4096  # characters of a code


class Provider:
    """Keeps `bot.oidc.service.Elsewhere`. `now` is the clock."""

    def __init__(self, service: Service, now: Callable[[], datetime]) -> None:
        self.service, self._now = service, now
        self._directory = Directory(service.issuer, now)

    async def begin(self, back: str, language: str) -> tuple[str, Errand]:
        """43 characters each of state, nonce and verifier: 256 bits."""
        metadata = await self._directory.metadata()
        errand = Errand(
            state=secrets.token_urlsafe(32), nonce=secrets.token_urlsafe(32), verifier=secrets.token_urlsafe(32)
        )
        asked = {
            "response_type": "code",
            "client_id": self.service.client_id,
            "redirect_uri": back,
            "scope": " ".join(self.service.scopes),
            "state": errand.state,
            "nonce": errand.nonce,
            "code_challenge": create_s256_code_challenge(errand.verifier),
            "code_challenge_method": "S256",
            "ui_locales": language,
            **({"acr_values": " ".join(self.service.acr)} if self.service.acr else {}),
        }
        return str(add_params_to_uri(metadata["authorization_endpoint"], list(asked.items()))), errand

    async def finish(self, errand: Errand, said: Mapping[str, str], back: str) -> Person:
        """A code is asked for once, and never when anything else is wrong already."""
        if not compare_digest(said.get("state", "").encode("utf-8", "replace"), errand.state.encode()):
            raise NotIn(Why.STRAY)
        metadata = await self._directory.metadata()
        self._check_sender(metadata, said)
        code = said.get("code", "")
        if "error" in said or not code or len(code) > _CODE:
            raise NotIn(Why.DENIED)
        told = await self._exchanged(metadata, code, errand, back)
        claims = await self._read(told, errand)
        if missing(self.service, claims) and (more := await self._asked(metadata, told, claims)):
            claims = {**more, **claims}
        return person(self.service, claims, told["id_token"])

    async def leave(self, hint: str, back: str) -> str | None:
        """RP-Initiated Logout 1.0, 2."""
        try:
            address = (await self._directory.metadata()).get("end_session_endpoint")
        except NotIn:
            return None
        known = {"id_token_hint": hint, "client_id": self.service.client_id, "post_logout_redirect_uri": back}
        return str(add_params_to_uri(address, list(known.items()))) if address else None

    def _check_sender(self, metadata: Json, said: Mapping[str, str]) -> None:
        """RFC 9207: that it was our service which sent them back, and no other in its name."""
        announced = metadata.get("authorization_response_iss_parameter_supported") is True
        if (announced or "iss" in said) and said.get("iss") != self.service.issuer:
            raise NotIn(Why.FALSE, "iss of the answer")

    async def _exchanged(self, metadata: Json, code: str, errand: Errand, back: str) -> Json:
        fields = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": errand.verifier
        }  # fmt: skip
        methods = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        headers: dict[str, str] = {}
        if "client_secret_basic" in methods:
            headers["Authorization"] = "Basic " + _basic(self.service)
        else:
            fields |= {"client_id": self.service.client_id, "client_secret": self.service.secret}
        status, told = await posted(metadata["token_endpoint"], fields, headers)
        if status >= 500:
            raise NotIn(Why.AWAY, f"HTTP {status}")
        if status != 200:
            raise NotIn(Why.DENIED, "code refused")
        return told

    async def _read(self, told: Json, errand: Errand) -> dict[str, Any]:
        """With its keys as we know them, or as they are now."""
        access = told.get("access_token")
        known = (self.service, errand.nonce, self._now(), access if isinstance(access, str) else None)
        try:
            return checked(told.get("id_token"), await self._directory.keys(), *known)
        except UnknownKey:
            try:
                return checked(told.get("id_token"), await self._directory.keys(again=True), *known)
            except UnknownKey:
                raise NotIn(Why.FALSE, "key unknown") from None

    async def _asked(self, metadata: Json, told: Json, claims: Mapping[str, Any]) -> Json:
        """What it tells of the same person when asked (OpenID Connect Core 1.0, 5.3)."""
        address, access = metadata.get("userinfo_endpoint"), told.get("access_token")
        if not address or not isinstance(access, str):
            return {}
        more = await got(address, access)
        if more.get("sub") != claims.get("sub"):
            raise NotIn(Why.FALSE, "sub of the user info")
        return more


def _basic(service: Service) -> str:
    """RFC 6749, 2.3.1: both are encoded as in a form first."""
    pair = f"{quote_plus(service.client_id)}:{quote_plus(service.secret)}"
    return base64.b64encode(pair.encode()).decode()
