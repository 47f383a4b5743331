"""Asking the log-in service over HTTP, never for long and never for much."""

from collections.abc import Mapping
from typing import Any

import msgspec
from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

from bot.oidc.service import NotIn, Why

_TIME = ClientTimeout(total=8, connect=4)  # seconds; somebody waits before a blank page
_SIZE = 512 * 1024  # bytes; key sets of large services have some 20 KB
Json = dict[str, Any]


async def got(url: str, token: str = "") -> Json:
    """A JSON object. Raises NotIn (AWAY)."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    status, told = await _asked("GET", url, headers, None)
    if status != 200:
        raise NotIn(Why.AWAY, f"HTTP {status}")
    return told


async def posted(url: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, Json]:
    """Status and JSON object of the answer to a form, refusals too. Raises NotIn (AWAY)."""
    return await _asked("POST", url, headers, fields)


async def _asked(
    method: str, url: str, headers: Mapping[str, str], fields: Mapping[str, str] | None
) -> tuple[int, Json]:  # fmt: skip
    """Redirects are not followed: a secret or a code would go along."""
    sent = {"Accept": "application/json", **headers}
    try:
        async with (
            ClientSession(timeout=_TIME, auto_decompress=True) as session,
            session.request(method, url, headers=sent, data=fields, allow_redirects=False) as answer,
        ):
            return answer.status, _object(await _read(answer))
    except (ClientError, TimeoutError, OSError) as error:
        raise NotIn(Why.AWAY, type(error).__name__) from None


async def _read(answer: ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in answer.content.iter_chunked(16 * 1024):
        body += chunk
        if len(body) > _SIZE:
            raise NotIn(Why.AWAY, "answer too large")
    return bytes(body)


def _object(body: bytes) -> Json:
    try:
        return msgspec.json.decode(body, type=Json)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise NotIn(Why.AWAY, "no JSON object") from None
