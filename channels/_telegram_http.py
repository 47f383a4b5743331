"""Requests to Telegram's Bot API: the http client under python-telegram-bot, by its own extension point.

The library's own client, on httpx, takes several times the CPU of aiohttp's (docs/benchmarks.md). Timeouts in seconds;
a proxy is taken from the environment (HTTPS_PROXY, NO_PROXY), as the library's own client does.
"""

import json
from collections.abc import Mapping
from math import isfinite
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, FormData
from telegram import Update
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData

_PATIENCE = 15.0  # until an answer
_CONNECTING = 5.0
_FILES = 60.0  # more, where a file goes up or comes down
_PAUSE = 5.0  # where Telegram names none
_FORM = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": BaseRequest.USER_AGENT}
_SENT = ("message_id", "date", "chat")  # of a message of ours nothing else is looked at, and the library builds it all
_PARTS = {"User-Agent": BaseRequest.USER_AGENT}


class TooManyRequests(TelegramError):
    """Telegram asks us to slow down, with the `seconds` it names."""

    def __init__(self, seconds: float) -> None:
        super().__init__("too many requests")
        self.seconds = seconds


class BotRequest(BaseRequest):
    """429 is read by us (the library warns that its own RetryAfter is deprecated) and a broken answer is not written to
    the log, for it may hold what citizens wrote. The session is made inside the running loop, at the first request."""

    def __init__(self, api_url: str) -> None:
        self._proxy = proxy_of(api_url)
        self._session: ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return _PATIENCE

    async def initialize(self) -> None:
        """Nothing is needed before the first request."""

    async def shutdown(self) -> None:
        if self._session:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = None,
        *_: Any,
        **__: Any,
    ) -> tuple[int, bytes]:
        """The library names a `read_timeout` for long polls alone; its other timeouts are ours to set."""
        patience = read_timeout if isinstance(read_timeout, int | float) else _PATIENCE
        body, headers = _body(request_data)
        more = _CONNECTING if method == "POST" and headers is _FORM else _FILES
        timeout = ClientTimeout(total=patience + more, connect=_CONNECTING, sock_read=patience)
        try:
            async with self._open().request(
                method, url, data=body, headers=headers, timeout=timeout, proxy=self._proxy, allow_redirects=False
            ) as answer:  # fmt: skip
                status, payload = answer.status, await answer.read()
        except (ClientError, TimeoutError, OSError) as failed:
            raise NetworkError(type(failed).__name__) from failed  # its own words may hold the token
        if status == 429:
            raise TooManyRequests(_seconds(payload))
        return status, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        try:
            answer = json.loads(payload)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError("the answer is not what Telegram sends")
        if isinstance(sent := answer.get("result"), dict) and "message_id" in sent:
            answer["result"] = {name: sent[name] for name in _SENT if name in sent}
        return answer

    def _open(self) -> ClientSession:
        if self._session is None:
            self._session = ClientSession(cookie_jar=DummyCookieJar())
        return self._session


class PollRequest(BotRequest):
    """Polling: an update that the library cannot read is passed over by its number. The library would refuse the whole
    answer, for ever, and write it to the log."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        answer = BotRequest.parse_json_payload(payload)
        if isinstance(answer.get("result"), list):
            answer["result"] = [_readable(item) for item in answer["result"] if _numbered(item)]
        return answer


def _body(request: RequestData | None) -> tuple[bytes | FormData | None, Mapping[str, str]]:
    """A form, in parts where it brings files."""
    if request is None:
        return None, _PARTS
    if not request.contains_files:
        return urlencode(request.json_parameters).encode(), _FORM
    form = FormData()
    for name, value in request.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, content_type) in request.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=content_type)
    return form, _PARTS


def proxy_of(url: str) -> str | None:
    """The proxy by which the environment wants this address to be reached."""
    parts = urlsplit(url)
    if proxy_bypass(parts.hostname or ""):
        return None
    known = getproxies()
    return known.get(parts.scheme) or known.get("all")


def _numbered(item: object) -> bool:
    return isinstance(item, dict) and type(item.get("update_id")) is int


def _readable(item: dict[str, Any]) -> dict[str, Any]:
    try:
        Update.de_json(item, None)
    except Exception:  # noqa: BLE001 - the library raises whatever its constructors do
        return {"update_id": item["update_id"]}
    return item


def _seconds(payload: bytes) -> float:
    try:
        seconds = float(json.loads(payload)["parameters"]["retry_after"])
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return _PAUSE
    return max(0.0, seconds) if isfinite(seconds) else _PAUSE
