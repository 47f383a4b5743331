"""What the log-in service tells of itself: its addresses and its keys, kept for a while."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from authlib.oidc.discovery import get_well_known_url  # type: ignore[import-untyped]  # authlib ships no types

from bot.oidc.fetching import Json, got
from bot.oidc.service import NotIn, Why, safe

_FRESH = timedelta(hours=1)
_TURN = timedelta(minutes=1)  # between two looks for a key that nobody has heard of
_PAUSE = timedelta(seconds=5)  # after a failure: who logs in meanwhile is told so at once
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_OTHERS = ("userinfo_endpoint", "end_session_endpoint")


class Directory:
    """Of one issuer. `now` is the clock."""

    def __init__(self, issuer: str, now: Callable[[], datetime]) -> None:
        self._issuer = issuer
        self._metadata = _Kept(self._fetch_metadata, now)
        self._keys = _Kept(self._fetch_keys, now)

    async def metadata(self) -> Json:
        """Its addresses (OpenID Connect Discovery 1.0, 3). Raises NotIn."""
        return await self._metadata.get(_FRESH)

    async def keys(self, *, again: bool = False) -> list[Json]:
        """Its public keys (RFC 7517); `again`: one is missing, as after it changed them. Asked for that at most once a
        minute, for anybody can send tokens with other keys. Raises NotIn."""
        return list((await self._keys.get(_TURN if again else _FRESH))["keys"])

    async def _fetch_metadata(self) -> Json:
        found = await got(get_well_known_url(self._issuer, external=True))
        if found.get("issuer") != self._issuer:
            raise NotIn(Why.AWAY, "its issuer is another")
        wrong = [name for name in _NEEDED if not self._safe(found.get(name))]
        wrong += [name for name in _OTHERS if name in found and not self._safe(found[name])]
        if wrong:
            raise NotIn(Why.AWAY, f"its {wrong[0]}")
        return found

    async def _fetch_keys(self) -> Json:
        found = await got((await self.metadata())["jwks_uri"])
        keys = found.get("keys")
        if not isinstance(keys, list) or not all(isinstance(one, dict) for one in keys):
            raise NotIn(Why.AWAY, "its keys")
        return found

    def _safe(self, address: object) -> bool:
        """Over TLS, or as the issuer itself without it on this machine."""
        plain = self._issuer.startswith("http:")
        return isinstance(address, str) and safe(address) and (plain or address.startswith("https:"))


class _Kept:
    """One document. What was fetched before goes on to serve while the service is away."""

    def __init__(self, fetch: Callable[[], Awaitable[Json]], now: Callable[[], datetime]) -> None:
        self._fetch, self._now, self._lock = fetch, now, asyncio.Lock()
        self._document: Json | None = None
        self._at = self._failed = _LONG_AGO

    async def get(self, longest: timedelta) -> Json:
        """Younger than that, where it can be had; several at once ask once."""
        async with self._lock:
            if self._document is None or self._now() - self._at >= longest:
                await self._renew()
            if self._document is None:
                raise NotIn(Why.AWAY)
            return self._document

    async def _renew(self) -> None:
        if self._now() - self._failed < _PAUSE:
            return
        try:
            self._document = await self._fetch()
            self._at = self._now()
        except NotIn:
            self._failed = self._now()
            if self._document is None:
                raise
