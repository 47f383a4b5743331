"""One POST to a subscriber: to an address that was looked at and no other, never for long. Of its answer the status
counts; at most 64 KB of the rest are read, and none is kept. Redirects are not followed, no cookie is kept, no proxy is
asked."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.hooks.target import Address, Network, Refused, Trouble, check, literal, target

TIME: Final = 10.0  # seconds, all of it
_SIZE = 64 * 1024  # bytes of an answer: what has come already, so that the connection ends in peace
_LINE = 8 * 1024  # bytes of a header
_LATEST = timedelta(hours=1)  # within which a subscriber may say when it wants to be tried again
Lookup = Callable[[str], Awaitable[Sequence[Address]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: `trouble` is None where it was taken, `status` 0 where nothing came. `later`: not before then, as
    the subscriber asked."""

    status: int = 0
    trouble: Trouble | None = None
    later: timedelta | None = None


async def looked_up(host: str) -> Sequence[Address]:
    """The addresses of a name, as this machine's resolver has them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    addresses = (literal(str(where[0])) for *_, where in found)
    return list(dict.fromkeys(one for one in addresses if one is not None))


@dataclass(frozen=True, slots=True)
class Sender:
    """`allowed` are the city's networks that may be reached though they are not public."""

    allowed: Callable[[], Sequence[Network]]
    lookup: Lookup = looked_up
    seconds: float = TIME

    async def __call__(self, typed: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send it; nothing is raised."""
        try:
            async with asyncio.timeout(self.seconds):
                url = target(typed)
                return await self._post(url, await self._addresses(url), body, headers)
        except Refused as refused:
            return Answer(trouble=refused.trouble)
        except TimeoutError:
            return Answer(trouble=Trouble.TIMEOUT)
        except (ClientError, OSError, ValueError):  # ValueError: headers that are none
            return Answer(trouble=Trouble.CONNECTION)

    async def checked(self, typed: str) -> None:
        """Whether something could be sent there now; for who types it. Raises Refused."""
        try:
            async with asyncio.timeout(self.seconds):
                await self._addresses(target(typed))
        except TimeoutError:
            raise Refused(Trouble.NAME) from None

    async def _addresses(self, url: URL) -> Sequence[Address]:
        host = url.raw_host or ""
        itself = literal(host)
        try:
            found = [itself] if itself else await self.lookup(host)
        except (OSError, UnicodeError):
            found = []
        check(url, found, self.allowed())
        return found

    async def _post(self, url: URL, found: Sequence[Address], body: bytes, headers: Mapping[str, str]) -> Answer:
        connector = TCPConnector(resolver=Fixed(found), use_dns_cache=False, force_close=True)
        async with (
            ClientSession(
                connector=connector, cookie_jar=DummyCookieJar(), timeout=ClientTimeout(total=self.seconds),
                auto_decompress=False, trust_env=False, max_line_size=_LINE, max_field_size=_LINE,
            ) as session,
            session.post(url, data=body, headers=headers, allow_redirects=False) as answer,
        ):  # fmt: skip
            await answer.content.read(_SIZE)
            return answered(answer)


class Fixed(AbstractResolver):
    """Gives the connection the addresses that were looked at, whatever the name leads to by now."""

    def __init__(self, found: Sequence[Address]) -> None:
        self._found = found

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:  # fmt: skip
        return [
            ResolveResult(
                hostname=host, host=str(one), port=port, proto=0, flags=socket.AI_NUMERICHOST,
                family=socket.AF_INET if one.version == 4 else socket.AF_INET6,
            )
            for one in self._found
            if family in (socket.AF_UNSPEC, socket.AF_INET if one.version == 4 else socket.AF_INET6)
        ]  # fmt: skip

    async def close(self) -> None:
        """Nothing is open."""


def answered(answer: ClientResponse) -> Answer:
    """What a status means (Standard Webhooks: 2xx is taken, 410 wants no more, all else comes again)."""
    status = answer.status
    if 200 <= status < 300:
        return Answer(status=status)
    if status == 410:
        return Answer(status=status, trouble=Trouble.GONE)
    trouble = Trouble.REDIRECT if 300 <= status < 400 else Trouble.STATUS
    return Answer(status=status, trouble=trouble, later=_later(answer.headers.get("Retry-After", "")))


def _later(said: str) -> timedelta | None:
    """RFC 9110, 10.2.3, in seconds; a date is not read."""
    if not (said.isascii() and said.isdigit()):
        return None
    return min(timedelta(seconds=int(said[:6])), _LATEST)
