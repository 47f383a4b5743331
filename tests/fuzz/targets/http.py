"""What stands open to the internet, asked over a connection of its own: never a 5xx, never a trace, always an answer.

An input of `open311-post` is the kind of body, a line feed, and the body; of `open311-query` path and query; of `pages`
path and query, then headers line by line; of `links` what stands behind the address of a link, then a body.
"""

import asyncio
import json
import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from urllib.parse import quote_from_bytes
from xml.etree.ElementTree import ParseError

import structlog
from defusedxml.ElementTree import fromstring

from bot.ports.keys import Key, Scope
from store.migrate import migrate
from tests.fuzz.shapes import form_changed, lines
from tests.fuzz.target import Change, Read, Target
from tests.web.open311.town import OURS, TOWN, fill, number, ticket
from tests.web.world import NOW, World, begin

_SECRET = "secret"
_SAFE = bytes(set(range(0x21, 0x7F)) - set(b'"<>\\^`{|}#'))  # what an address may hold as it is
Request = tuple[bytes, bytes, "list[bytes]", bytes]  # method, path with query, headers, body


class _Line:
    """One connection to the city, opened anew whenever it was closed."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, request: Request) -> tuple[int, str, bytes]:
        """Status, content type and body."""
        method, path, headers, body = request
        head = [method + b" " + path + b" HTTP/1.1", b"Host: city.example", *headers, b"Content-Length: %d" % len(body)]
        if self._writer is None or self._writer.is_closing():
            address = self._world.client.server
            self._reader, self._writer = await asyncio.open_connection(address.host, address.port)
        assert self._reader is not None
        self._writer.write(b"\r\n".join(head) + b"\r\n\r\n" + body)
        try:
            async with asyncio.timeout(900):
                return await self._answer(method)
        except BaseException:
            await self.close()
            raise

    async def _answer(self, method: bytes) -> tuple[int, str, bytes]:
        assert self._reader is not None
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        told = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
        status = int(head[0].split()[1])
        body = b""
        if method != b"HEAD" and status not in (204, 304):
            body = (
                await self._reader.readexactly(int(told["content-length"]))
                if "content-length" in told
                else await self._chunks()
            )
        if told.get("connection") == "close" or status == 400:
            await self.close()
        return status, told.get("content-type", ""), body

    async def _chunks(self) -> bytes:
        assert self._reader is not None
        body = b""
        while size := int((await self._reader.readline()).strip() or b"0", 16):
            body += (await self._reader.readexactly(size + 2))[:-2]
        await self._reader.readline()
        return body

    async def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


def _city(
    asked: Callable[[bytes], Request], judged: Callable[[int, str, bytes], None], between: int = 1
) -> Callable[[], Iterator[Read]]:
    """A city that publishes, with a few tickets and a key, on a loopback port. `between`: seconds of the city's clock
    from one request to the next, so that nobody asks too often."""

    def opened() -> Iterator[Read]:
        with tempfile.TemporaryDirectory(prefix="vecino-fuzz-") as folder, _silently(), asyncio.Runner() as runner:
            world = runner.run(_begun(Path(folder)))
            line = _Line(world)

            def read(data: bytes) -> str:
                world.clock.pass_by(seconds=between)
                status, kind, body = runner.run(line.ask(asked(data)))
                assert status < 500, f"status {status}"
                assert b"Traceback" not in body
                assert b'.py", line' not in body
                judged(status, kind, body)
                return f"{status} {kind} {_gist(body) if status >= 400 else len(body).bit_length()}"

            yield read
            runner.run(_ended(world, line))

    return opened


@contextmanager
def _silently() -> Iterator[None]:
    """Every refusal is logged."""
    before = structlog.get_config()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL), cache_logger_on_first_use=False
    )
    try:
        yield
    finally:
        structlog.configure(**before)


async def _begun(folder: Path) -> World:
    empty = folder / "empty.sqlite"
    await migrate(f"sqlite:///{empty}")
    world = await begin(folder, empty=empty, city=TOWN)
    await fill(world, *(ticket(n) for n in range(12)))
    async with world.store.work() as work:
        await work.keys.add(Key(name="app", scopes=frozenset(Scope), rate=10**6, made_at=NOW, made_by="ana"), _SECRET)
        await work.commit()
    return world


async def _ended(world: World, line: _Line) -> None:
    await line.close()
    await world.client.close()
    await world.store.close()


def _gist(body: bytes) -> str:
    """Of an error what it says, without what the request said."""
    return body.decode("utf-8", "replace").partition("description")[2][:40].strip('"></: ')


def _document(status: int, kind: str, body: bytes) -> None:
    """Open311 answers by documents, errors too."""
    if kind.startswith("text/xml"):
        try:
            root = fromstring(body)
        except ParseError:
            raise AssertionError("no XML") from None
        assert status < 400 or root.tag == "errors"
    elif body and kind.startswith("application/json"):
        told = json.loads(body)
        assert status < 400 or told[0]["code"] == status
    else:
        assert kind.startswith("text/plain") and status == 400, (
            f"an answer of the kind {kind}"
        )  # of aiohttp's own parser


def _page(status: int, kind: str, body: bytes) -> None:
    """A way to somewhere else is asked for, and never given."""
    assert b"evil.example" not in body or b'href="https://evil.example' not in body


def _post(data: bytes) -> Request:
    kind, _, body = data.partition(b"\n")
    where, _, kind = kind.partition(b" ")
    path = b"/open311/v2/servicerequestupdates" if where == b"update" else b"/open311/v2/requests"
    form = b".xml" if len(data) % 2 else b".json"
    return b"POST", path + form, [b"Api-Key: " + _SECRET.encode(), b"Content-Type: " + _header(kind)], body


def _query(data: bytes) -> Request:
    return b"GET", b"/open311/v2/" + _address(data), [], b""


def _pages(data: bytes) -> Request:
    path, *headers = data.split(b"\n")
    return b"GET", b"/" + _address(path), [_header(header) for header in headers[:20] if b":" in header[1:]], b""


def _link(data: bytes) -> Request:
    address, _, body = data.partition(b"\n")
    headers = [b"Content-Type: application/x-www-form-urlencoded"] if body else []
    return b"POST" if body else b"GET", b"/" + _address(address), headers, body


def _address(data: bytes) -> bytes:
    return quote_from_bytes(data, safe=_SAFE).encode() if data else b""


def _header(data: bytes) -> bytes:
    """Without what ends a header: then the next one would be another's."""
    return bytes(byte for byte in data if byte >= 0x20 or byte == 9)[:4000]


def _after_line(change: Change) -> Change:
    """The first line stays mostly."""

    def changed(dice: Random, data: bytes, others: Sequence[bytes], words: Sequence[bytes]) -> bytes:
        first, _, rest = data.partition(b"\n")
        if dice.random() < 0.1:
            return lines(dice, data, others, words)
        return first + b"\n" + change(dice, rest, [other.partition(b"\n")[2] for other in others[:40]], words)

    return changed


_FORM = b"application/x-www-form-urlencoded"
_PARTS = b"""multipart/form-data; boundary=b
--b\r
Content-Disposition: form-data; name="service_code"\r
\r
pothole\r
--b\r
Content-Disposition: form-data; name="lat"\r
\r
14.597\r
--b\r
Content-Disposition: form-data; name="long"\r
\r
-66.495\r
--b\r
Content-Disposition: form-data; name="media"; filename="a.gif"\r
Content-Type: image/gif\r
\r
GIF89a\x01\x00\x01\x00\x80\x01\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;\r
--b--\r
"""
_XML = b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><requests><request>&b;</request></requests>"
_NAMES = (
    b"api_key jurisdiction_id service_code lat long address_string address_id description phone media_url email attribute[fault] attribute[since] "
    b"attribute[fault][] service_request_id update_id status media pothole lighting noise power off leans open closed 14.6 -66.5 +34600000000 "
    b"--b --b-- Content-Disposition: form-data; name= filename= filename*=utf-8''a Content-Transfer-Encoding: base64 quoted-printable "
    b"Content-Encoding: gzip multipart/mixed charset=utf-16 charset=idna boundary= \r\n \r\n\r\n GIF89a"
).split(b" ")
_ASKED = [
    *b"? & = , service_request_id service_code status open closed start_date end_date updated_after updated_before closed_after closed_before bbox lat long radius area page page_size after extensions true locale es jurisdiction_id service_requests. requests.json requests.xml tokens/ discovery.json services.xml services/lighting.json 2026-11-01T00:00:00Z 2026-11-01 -66.6,14.5,-66.4,14.7 1e5 centro 1763000000_7K3-9QX".split(
        b" "
    ),
    OURS.encode(),
    number(1).encode(),
]
TARGETS = (
    Target(
        name="open311-post", opened=contextmanager(_city(_post, _document)), change=_after_line(form_changed), words=_NAMES, seconds=0.25,
        samples=[
            b"file " + _FORM + b"\nservice_code=pothole&lat=14.597&long=-66.495&description=a+hole&phone=%2B34600000000",
            b"file " + _FORM + b"\nservice_code=lighting&address_string=Calle+Molino+8&attribute[fault]=off&attribute[since]=ayer",
            b"file " + _FORM + b"; charset=utf-8\nservice_code=noise&lat=14.6&long=-66.5&email=a@b.example&media_url=http://127.0.0.1/",
            b"update " + _FORM + b"\nservice_request_id=" + number(2).encode() + b"&update_id=7&status=closed&description=done",
            b"file " + _PARTS, b"update " + _PARTS, b"file text/xml\n" + _XML, b"file application/json\n{}",
        ],
    ),
    Target(
        name="open311-query", opened=contextmanager(_city(_query, _document)), change=lines, words=_ASKED, seconds=0.25,
        samples=[
            b"requests.json?start_date=2026-11-01T00:00:00Z&end_date=2026-11-23&status=open&service_code=pothole,noise",
            b"requests.xml?bbox=-66.6,14.5,-66.4,14.7&page=1&page_size=5&extensions=true", b"requests.json?lat=14.6&long=-66.5&radius=500&area=centro",
            b"requests.json?updated_after=2026-11-01T00:00:00-04:00&after=1763000000_7K3-9QX", b"requests/" + number(1).encode() + b".json",
            b"requests.xml?service_request_id=" + number(1).encode() + b"," + number(2).encode(), b"services.json?locale=pt&jurisdiction_id=x",
            b"services/lighting.xml", b"tokens/abc.json", b"servicerequestupdates.json?start_date=2026-11-01T00:00:00Z", b"discovery.xml", b"openapi.json",
        ],
    ),
    Target(
        name="pages", opened=contextmanager(_city(_pages, _page)), change=lines, seconds=0.25,
        words=b"desk/login city feeds open data ?next= /desk //evil.example https://evil.example \\evil language= es near=14.6,-66.5 area=centro page= which=solved q= "
        b"Accept-Language: es-MX;q=0.9,*;q=0 Cookie: vecino_language= vecino_session= X-Forwarded-For: 1.2.3.4 Sec-Fetch-Site: Origin: If-None-Match: W/\"a\" "
        b"If-Modified-Since: Range: bytes=0- Accept-Encoding: gzip User-Agent: Firefox/1 Accept: Last-Event-ID:".split(b" "),
        samples=[
            b"desk/login?next=/desk/tickets/7K3-9QX%3Fa\nAccept-Language: es-MX,es;q=0.9,en;q=0.8\nCookie: vecino_language=pt", b"?area=centro&near=14.6,-66.5&page=2",
            b"desk/login?next=//evil.example\nX-Forwarded-For: 1.2.3.4, 5.6.7.8", b"find?q=calle+molino", b"r/" + number(1).encode(), b"follow?area=centro", b"sitemap.xml", b"report?service=pothole", b"poster", b"figures",
            b"feeds/area/centro.atom\nIf-None-Match: \"abc\"\nAccept-Encoding: gzip;q=0.5, br", b"data/", b"feeds/service/pothole.atom", b"photos/public/abc", b"desk", b"robots.txt", b"healthz", b"readyz",
        ],
    ),
    Target(
        name="links", opened=contextmanager(_city(_link, _page, 60)), change=lines, seconds=0.25, words=b"verdict=done&word=ok %00 %2e%2e/ ../ A== - _ ? /photos/1".split(b" "),
        samples=[
            b"digest/unsubscribe/" + b"QUJD" * 20, b"digest/unsubscribe/" + b"QUJD" * 20 + b"\na=b", b"outside/" + b"QUJD" * 10, b"outside/" + b"QUJD" * 10 + b"\nverdict=done&word=ok",
            b"outside/" + b"QUJD" * 10 + b"/photos/1", b"data/../../etc/passwd", b"channels/telegram\n{}", b"channels/sms/status?key=a\nMessageSid=SM11&MessageStatus=sent", b"me/AAAA",
        ],
    ),
)  # fmt: skip
