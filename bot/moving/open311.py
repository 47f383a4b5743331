"""The cases of another Open311 server (GeoReport v2), by windows of 90 days and page by page.

    GET requests.json?start_date=2024-01-01T00:00:00Z&end_date=2024-03-31T00:00:00Z&page=2&page_size=200

The standard knows no pages: many servers have them, others cut a long answer off. Where page 2 is page 1 again and that
is long, the window is halved until the answers are short. JSON is optional in the standard, so XML is asked for where
there is none. A server that counts pages only so far (ours: 10,000 cases) is asked for shorter times as well. The
address is an administrator's own, so it may be a private one; answers are limited in size and time.
"""

import json
from asyncio import sleep
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import aiohttp
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from bot.moving.mapping import Column, Plan
from bot.moving.rows import Item, Reached, Row

SPAN: Final = timedelta(days=90)  # the longest that the standard lets anybody ask for
_SHORTEST: Final = timedelta(minutes=1)
_PAGE, _MOST_PAGES = 200, 10_000
_SECOND = 2
_CAPPED = 50  # cases of an answer that may have been cut off
_TIMEOUT = aiohttp.ClientTimeout(total=120, sock_connect=15)
_LARGEST, _BLOCK = 64 * 1024 * 1024, 1 << 16  # bytes of one answer, and of a piece of it
_TRIES, _LONGEST_WAIT = 5, 120.0  # s
_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_NO_JSON: Final = frozenset({404, 406, 415})
_NOT_JSON: Final = (ValueError, TypeError, RecursionError)

Wait = Callable[[float], Awaitable[None]]
Cells = Mapping[str, str]


class NoServer(Exception):
    """The other server cannot be asked; the message says what it answered."""


class _Status(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(slots=True, kw_only=True)
class Server:
    """Asked in turn, `plan.rate` questions a second at most."""

    session: aiohttp.ClientSession
    address: str
    plan: Plan
    wait: Wait = sleep
    _form: str = "json"
    _given: int = 0
    _seen: set[str] = field(default_factory=set)

    async def items(self, since: datetime, until: datetime) -> AsyncIterator[Item]:
        """Whatever was filed between these, each once, and how far that is. Raises NoServer."""
        while since < until:
            end = min(since + SPAN, until)
            async for row in self._window(since, end):
                yield row
            yield Reached(until=end)
            since = end

    async def _window(self, begin: datetime, end: datetime) -> AsyncIterator[Row]:
        first, last, numbers, cut = 0, 0, set[str](), False
        for page in range(1, _MOST_PAGES + 1):
            cases = await self._page(begin, end, page)
            if cases is None:  # behind the last page; or it counts no further, and the one before was full
                cut = last >= first and (page > _SECOND or first >= _CAPPED)
                break
            cut = bool(cases) and first >= _CAPPED  # where nothing of it is new, page 2 was page 1
            fresh = [case for case in cases if self._number(case) not in numbers]
            if not fresh:
                break
            first, last = first or len(cases), len(cases)
            numbers |= {self._number(case) for case in fresh}
            for row in self._rows(fresh):
                yield row
        if cut and end - begin > _SHORTEST:
            middle = begin + (end - begin) / 2
            for half in ((begin, middle), (middle, end)):
                async for row in self._window(*half):
                    yield row

    def _rows(self, cases: Sequence[Cells]) -> Iterator[Row]:
        """Those that no window has given: neighbours share an instant."""
        for case in cases:
            number = self._number(case)
            if number not in self._seen:
                self._given += 1
                self._seen |= {number} if number else set()
                yield Row(at=self._given, cells=case)

    def _number(self, case: Cells) -> str:
        return next((case[name] for name in self.plan.columns[Column.NUMBER] if case.get(name)), "")

    async def _page(self, begin: datetime, end: datetime, page: int) -> Sequence[Cells] | None:
        """None: this server refuses to tell a page so far behind."""
        asked = {"start_date": _written(begin), "end_date": _written(end), "page": str(page), "page_size": str(_PAGE)}
        if self.plan.jurisdiction:
            asked["jurisdiction_id"] = self.plan.jurisdiction
        try:
            return await self._cases(asked)
        except _Status as bad:
            if page > 1 and 400 <= bad.status < 500:
                return None
            raise NoServer(f"{self.address} answers {bad.status} to requests.{self._form}") from None

    async def _cases(self, asked: Mapping[str, str]) -> Sequence[Cells]:
        if self._form == "json":
            try:
                return _of_json(await self._answer("json", asked))
            except _NOT_JSON:
                self._form = "xml"
            except _Status as bad:
                if bad.status not in _NO_JSON:
                    raise
                self._form = "xml"
        try:
            return _of_xml(await self._answer("xml", asked))
        except (ParseError, DefusedXmlException, LookupError, ValueError):
            raise NoServer(f"{self.address} answers neither JSON nor XML that can be read") from None

    async def _answer(self, form: str, asked: Mapping[str, str]) -> bytes:
        """Raises _Status, or NoServer once it was asked often enough."""
        for attempt in range(_TRIES):
            await self.wait(1 / self.plan.rate if not attempt else 0)
            try:
                return await self._asked(form, asked)
            except _Busy as busy:
                await self.wait(min(busy.seconds or 2.0 ** (attempt + 1), _LONGEST_WAIT))
            except (aiohttp.ClientError, TimeoutError, OSError):
                await self.wait(2.0 ** (attempt + 1))
        raise NoServer(f"{self.address} does not answer; what was imported stays, and the next run goes on from there")

    async def _asked(self, form: str, asked: Mapping[str, str]) -> bytes:
        url = f"{self.address}requests.{form}"
        async with self.session.get(url, params=asked, timeout=_TIMEOUT, max_redirects=3) as response:
            if response.status in _AGAIN:
                raise _Busy(response.headers.get("Retry-After", ""))
            if response.status != 200:
                raise _Status(response.status)
            content = bytearray()
            async for piece in response.content.iter_chunked(_BLOCK):
                content += piece
                if len(content) > _LARGEST:
                    raise NoServer(f"{self.address} answers more than {_LARGEST >> 20} MB at once")
            return bytes(content)


class _Busy(Exception):
    def __init__(self, retry_after: str) -> None:
        super().__init__(retry_after)
        self.seconds = float(retry_after) if retry_after.isascii() and retry_after.isdigit() else 0.0


def _of_json(content: bytes) -> Sequence[Cells]:
    """Raises one of _NOT_JSON."""
    found = json.loads(content)
    if isinstance(found, dict):
        found = found.get("requests", found.get("service_requests", ()))
    if not isinstance(found, list):
        raise TypeError("no list of requests")
    return [
        {str(name): str(value) for name, value in case.items() if _is_said(value)}
        for case in found
        if isinstance(case, dict)
    ]


def _is_said(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _of_xml(content: bytes) -> Sequence[Cells]:
    """Entities are refused."""
    root = fromstring(content)
    return [{part.tag: part.text for part in case if part.text and part.text.strip()} for case in root]


def _written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def address_of(url: str) -> str:
    """The endpoint, which ends with a slash."""
    return url if url.endswith("/") else f"{url}/"
