"""Networks that fail: nobody listens, the connection breaks, the answer never comes; and a proxy that adds a header."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import ClientSession, web

from tests.peers.server import Server


@asynccontextmanager
async def hanging_up() -> AsyncIterator[str]:
    """A server that reads the request and closes the connection without an answer."""

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@asynccontextmanager
async def answering(status: int, body: str, **headers: str) -> AsyncIterator[str]:
    """A server that answers everything alike."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, text=body, headers=headers)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with Server(app) as server:
        yield server.url


@asynccontextmanager
async def preferring(url: str, prefer: str) -> AsyncIterator[str]:
    """In front of Prism: every request is passed on with `Prefer: ...`, which chooses the answer."""

    async def forward(request: web.Request) -> web.Response:
        headers = {name: request.headers[name] for name in ("Authorization", "Content-Type")} | {"Prefer": prefer}
        async with (
            ClientSession() as client,
            client.post(url + request.path, data=await request.read(), headers=headers) as a,
        ):
            return web.Response(status=a.status, body=await a.read(), content_type="application/json")

    app = web.Application()
    app.router.add_post("/{path:.*}", forward)
    async with Server(app) as server:
        yield server.url
