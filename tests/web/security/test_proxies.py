"""Behind nginx and Caddy as deploy/ sets them up: what reaches Vecino, what does not, and who is taken for whom."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import ClientSession, ClientTimeout, TCPConnector, web
from aiohttp.test_utils import TestServer
from yarl import URL

from tests.peers.proxies import Proxy, caddy, nginx
from tests.web.test_live import LIST, Reader
from tests.web.world import World, begin

BOTH = pytest.mark.parametrize("proxy", [nginx, caddy])
MB = 1_000_000
PHOTOS = 32 * MB  # a form of a clerk: docs/desk.md
SOON = ClientTimeout(total=60)


class Behind:
    """What came through."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.headers: list[dict[str, list[str]]] = []
        self.sizes: list[int] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.paths.append(request.raw_path)
        self.headers.append({name: request.headers.getall(name) for name in request.headers})
        self.sizes.append(len(await request.read()))
        return web.Response(text="here", headers={"Strict-Transport-Security": "max-age=1", "X-Ours": "1"})


@asynccontextmanager
async def behind(proxy: Proxy, folder: Path) -> AsyncIterator[tuple[str, Behind]]:
    """The proxy's address, and who stands behind it."""
    there, app = Behind(), web.Application(client_max_size=100 * MB)
    app.router.add_route("*", "/{any:.*}", there.answer)
    async with TestServer(app, host="127.0.0.1") as server:
        with proxy(folder, server.port or 0) as at:
            yield at, there


def asking(*, of: str = "127.0.0.1") -> ClientSession:
    """Somebody who asks from an address of this machine."""
    return ClientSession(connector=TCPConnector(ssl=False, local_addr=(of, 0)), timeout=SOON)


@BOTH
async def test_the_address_that_a_provider_signed_arrives_unchanged(proxy: Proxy, tmp_path: Path) -> None:
    signed = "/channels/sms?a=%20+%2B~b&c=%C3%B1%2f..%2F&d=%e9;&e"
    async with behind(proxy, tmp_path) as (at, there), asking() as session:
        await session.post(URL(at + signed, encoded=True), data=b"Body=hola", headers={"X-Twilio-Signature": "s"})
    assert there.paths == [signed]
    assert there.headers[0]["X-Twilio-Signature"] == ["s"]


@BOTH
async def test_figures_for_machines_are_not_given_away(proxy: Proxy, tmp_path: Path) -> None:
    async with behind(proxy, tmp_path) as (at, there), asking() as session:
        assert (await session.get(f"{at}/metrics")).status == 404
    assert there.paths == []


@BOTH
async def test_a_form_full_of_photos_passes_and_what_is_larger_is_refused(proxy: Proxy, tmp_path: Path) -> None:
    async with behind(proxy, tmp_path) as (at, there), asking() as session:
        assert (await session.post(f"{at}/desk", data=BytesIO(bytes(PHOTOS)))).status == 200
        assert there.sizes == [PHOTOS]
        large = await session.post(f"{at}/desk", data=BytesIO(bytes(40 * MB)))
        assert large.status in (413, 502)  # Caddy breaks off on the way, for it knows only then
    assert max(there.sizes) <= 34 * MB


@BOTH
async def test_vecino_hears_whom_the_proxy_saw_and_nobody_else(proxy: Proxy, tmp_path: Path) -> None:
    async with behind(proxy, tmp_path) as (at, there), asking(of="127.0.0.2") as session:
        answer = await session.get(f"{at}/", headers={"X-Forwarded-For": "198.51.100.1"})
    assert there.headers[0]["X-Forwarded-For"] == ["127.0.0.2"]
    assert there.headers[0]["Host"][0].startswith("127.0.0.1")
    assert answer.headers.getall("Strict-Transport-Security") == ["max-age=1"]
    assert answer.headers["X-Ours"] == "1"


@asynccontextmanager
async def town(proxy: Proxy, folder: Path) -> AsyncIterator[tuple[str, World]]:
    """A whole Vecino behind it."""
    world = await begin(folder, public_url="http://city.example")
    try:
        with proxy(folder, world.client.server.port or 0) as at:
            yield at, world
    finally:
        await world.client.close()
        await world.store.close()


@BOTH
async def test_who_writes_another_address_into_the_header_is_the_same_caller(proxy: Proxy, tmp_path: Path) -> None:
    async with town(proxy, tmp_path) as (at, _), asking() as one, asking(of="127.0.0.2") as other:
        for n in range(30):
            guess = await one.get(f"{at}/r/wrong{n}", headers={"X-Forwarded-For": f"198.51.100.{n}"})
            assert guess.status == 404
        assert (await one.get(f"{at}/r/wrong", headers={"X-Forwarded-For": "198.51.100.99"})).status == 429
        assert (await other.get(f"{at}/r/wrong")).status == 404


@BOTH
async def test_news_of_the_desk_arrive_at_once(proxy: Proxy, tmp_path: Path) -> None:
    async with town(proxy, tmp_path) as (at, world), asking() as session:
        await world.log_in()
        cookies = {one.key: one.value for one in world.client.session.cookie_jar}
        asked = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "Accept-Encoding": "gzip, zstd",
        }
        async with session.get(at + LIST, headers=asked) as answer:
            assert answer.status == 200
            assert await Reader(answer).news("waiting") == [0, 0]
