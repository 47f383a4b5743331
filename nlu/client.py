"""The client of `/model/parse`: keeps bot.ports.Parser. Bounded in time and in text, and quick to give up.

client = Client(session, server, clock=time.monotonic), where `server` is a Child, or a Fixed one started by others.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

import aiohttp

from nlu.answer import Foreign, read, read_status
from nlu.breaker import Breaker
from nlu.cleaning import clean
from nlu.parse import NluUnavailable, Parse

_SHORT = 60  # characters; what people write again and again is short
_REMEMBERED = 2_000  # short texts whose parses are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where Rasa listens, such as `http://127.0.0.1:5005`, and the token it wants."""

    url: str
    token: str = field(repr=False)


class Server(Protocol):
    def address(self) -> Address:
        """Raises NluStarting while it loads, NluUnavailable when it does not come up."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """A Rasa somewhere else, started by others."""

    at: Address

    def address(self) -> Address:
        return self.at


class Client:
    """`session` is the caller's and stays open. `counts` has `answered`, `remembered`, `failed` and `foreign`."""

    def __init__(
        self, session: aiohttp.ClientSession, server: Server, *, clock: Callable[[], float], timeout: float = 1.5
    ) -> None:
        self._session = session
        self._server = server
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._breaker = Breaker(clock)
        self._known: OrderedDict[tuple[str, str], Parse] = OrderedDict()
        self.counts: Counter[str] = Counter()

    async def parse(self, text: str) -> Parse:
        """Raises NluStarting or NluUnavailable; lasts no longer than the timeout."""
        sent, cut = clean(text)
        address = self._server.address()
        key = (address.url, sent)  # a restarted child listens elsewhere: what another model said is not reused
        parse = self._known.get(key) or await self._ask(address, sent)
        self._remember(key, parse)
        return _moved(parse, cut)

    async def trained_on(self) -> str:
        """The data hash of the served model; raises as `parse` does."""
        body = await self._request(self._server.address(), "GET", "/status", None)
        try:
            return read_status(body)
        except Foreign as why:
            raise NluUnavailable(str(why)) from None

    def _remember(self, key: tuple[str, str], parse: Parse) -> None:
        if key in self._known:
            self.counts["remembered"] += 1
            self._known.move_to_end(key)
        elif len(key[1]) <= _SHORT:
            self._known[key] = parse
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)

    async def _ask(self, address: Address, text: str) -> Parse:
        body = await self._request(address, "POST", "/model/parse", {"text": text})
        try:
            parse = read(body)
        except Foreign as why:
            self.counts["foreign"] += 1
            raise NluUnavailable(f"Rasa's answer breaks the contract: {why}") from None
        self.counts["answered"] += 1
        return parse

    async def _request(self, address: Address, method: str, path: str, body: dict[str, str] | None) -> bytes:
        if not self._breaker.lets_through():
            raise NluUnavailable("Rasa failed several times in a row and is left alone for some seconds")
        try:
            async with self._session.request(
                method, address.url + path, params={"token": address.token}, json=body,
                timeout=self._timeout, allow_redirects=False,
            ) as response:  # fmt: skip
                content = await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise self._failure("Rasa does not answer") from None
        if response.status != 200:
            raise self._failure(f"Rasa answers with status {response.status}")
        self._breaker.succeeded()
        return content

    def _failure(self, sentence: str) -> NluUnavailable:
        self._breaker.failed()
        self.counts["failed"] += 1
        return NluUnavailable(sentence)


def _moved(parse: Parse, by: int) -> Parse:
    """The parse with its offsets in the text as the citizen wrote it."""
    if not by:
        return parse
    entities = tuple(replace(entity, start=entity.start + by, end=entity.end + by) for entity in parse.entities)
    return replace(parse, entities=entities)
