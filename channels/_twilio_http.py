"""Requests to Twilio: the http client under its library, and the download of media.

The library's own async client repeats a POST after a 5xx when told to retry (a second SMS), hides Retry-After, ignores
its timeout and logs what citizens write; this one does none of that.
"""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import SplitResult, urlencode, urljoin, urlsplit

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, DummyCookieJar, encode_basic_auth
from aiohttp.client_exceptions import ClientConnectorError, ConnectionTimeoutError, InvalidURL
from twilio.http.response import Response  # type: ignore[import-untyped]  # twilio ships no types
from yarl import URL

from channels import Rejected, Throttled, Unavailable
from channels._twilio_codes import PAUSE, error
from channels.reason import Reason

_SENDING = ClientTimeout(total=15, connect=5)
_FETCHING = ClientTimeout(total=60, connect=5)
_HOPS = 3
_STORES = re.compile(r"(.+\.)?(twiliocdn\.com|s3[a-z0-9.-]*\.amazonaws\.com)")  # where Twilio keeps media
LARGEST = 20 * 1024 * 1024  # bytes of one file; WhatsApp's own limit is 16 MB


class Http:
    """The http client that twilio's `Client` is given (it asks for `is_async` and `request`). `api_url` replaces the
    library's scheme and host. The session is made inside the running loop, at the first request."""

    is_async = True

    def __init__(self, api_url: str, sid: str, token: str) -> None:
        self._api_url, self._credentials = api_url.rstrip("/"), encode_basic_auth(sid, token)
        self._session: ClientSession | None = None

    async def request(
        self, method: str, url: str, *, data: Mapping[str, object], headers: Mapping[str, str], **_: Any
    ) -> Response:
        """What twilio's library calls; raises Throttled and Unavailable itself, for the library drops the headers."""
        address = self._api_url + urlsplit(url).path
        own = {**headers, "Authorization": self._credentials}
        body = urlencode(data, doseq=True).encode()
        async with _answering(), self._open().request(
            method, address, data=body, headers=own, timeout=_SENDING, allow_redirects=False
        ) as answer:  # fmt: skip
            if answer.status == 429:
                raise Throttled(_pause(answer), whole=True)
            return Response(answer.status, await answer.text(), answer.headers)

    async def fetch(self, url: str) -> bytes:
        """A media file; Twilio redirects to a CDN, which must not see our credentials. Raises Rejected, Unavailable."""
        if not self._is_twilio(url):
            raise Rejected(Reason.NOT_FOUND)
        headers = {"Authorization": self._credentials}
        for _ in range(_HOPS):
            found = await self._get(url, headers)
            if isinstance(found, bytes):
                return found
            url, headers = _next(url, found), {}
            if not self._is_twilio(url) and not self._is_store_of_twilio(url):
                raise Rejected(Reason.NOT_FOUND)
        raise Rejected(Reason.NOT_FOUND)

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    async def _get(self, url: str, headers: Mapping[str, str]) -> bytes | str:
        """The content, or where it is instead."""
        async with _answering(), self._open().get(
            URL(url, encoded=True), headers=headers, timeout=_FETCHING, allow_redirects=False
        ) as answer:  # fmt: skip
            if answer.status in {301, 302, 303, 307, 308}:
                return answer.headers.get("Location", "")
            if answer.status != 200:
                raise _unfetched(answer.status)
            return await _limited(answer)

    def _open(self) -> ClientSession:
        if self._session is None:
            self._session = ClientSession(cookie_jar=DummyCookieJar())
        return self._session

    def _is_twilio(self, url: str) -> bool:
        host, own = _split(url).hostname or "", urlsplit(self._api_url).hostname
        return self._is_safe(url) and (host == own or host.endswith(".twilio.com"))

    def _is_store_of_twilio(self, url: str) -> bool:
        """Never an address, and never a name in somebody's own network."""
        return self._is_safe(url) and _STORES.fullmatch(_split(url).hostname or "") is not None

    def _is_safe(self, url: str) -> bool:
        """Never less protected than the API itself."""
        return _split(url).scheme in {"https", urlsplit(self._api_url).scheme}


def _split(url: str) -> SplitResult:
    """An address in its parts; one that cannot be read has none."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _next(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        return ""


@asynccontextmanager
async def _answering() -> AsyncIterator[None]:
    """A network that fails, as Unavailable: uncertain once the request may have left us."""
    try:
        yield
    except (ClientConnectorError, ConnectionTimeoutError, InvalidURL):
        raise Unavailable(Reason.NETWORK) from None
    except (ClientError, TimeoutError, OSError):
        raise Unavailable(Reason.NETWORK, uncertain=True) from None


def _pause(answer: ClientResponse) -> float:
    """Retry-After in seconds; a date there is rare and answered by our own pause."""
    seconds = answer.headers.get("Retry-After", "")
    return float(seconds) if seconds.isascii() and seconds.isdigit() else PAUSE


def _unfetched(status: int) -> Exception:
    if status in {404, 410}:
        return Rejected(Reason.NOT_FOUND, str(status))
    return Unavailable(Reason.PROVIDER) if status == 429 else error(0, status)


async def _limited(answer: ClientResponse) -> bytes:
    content = bytearray()
    async for chunk in answer.content.iter_chunked(65536):
        content += chunk
        if len(content) > LARGEST:
            raise Rejected(Reason.TOO_LARGE)
    return bytes(content)
