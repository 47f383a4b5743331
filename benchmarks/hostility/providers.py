"""What goes wrong at a provider when we send: a middleware in front of each stub, and the provider's outage."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from benchmarks.hostility.dice import ANSWERED, TAKEN, Dice, Luck
from benchmarks.hostility.ledger import Heard, Ledger
from tests.peers.server import Server

_LATE = 1.5  # seconds of a slow answer, at most


class World(Protocol):
    """One provider's side of the run."""

    async def read(self, request: web.Request, answer: web.Response, *, broken: bool) -> Heard | None:
        """What was sent by this request, None where it sent nothing. `broken`: we shall not be told."""
        ...


class Provider:
    """`world` has to be set before the first request; `heard` is called with every message that was taken."""

    world: World

    def __init__(self, name: str, dice: Dice, ledger: Ledger) -> None:
        self.name, self._dice, self._ledger = name, dice, ledger
        self.heard: Callable[[Heard], None] = lambda _: None
        self._out = False

    async def outage(self, server: Server, seconds: float) -> None:
        """No new connection is taken, and those that are open break."""
        self._out = True
        await server.shut_door()
        await asyncio.sleep(seconds)
        await server.open_door()
        self._out = False

    def middleware(self) -> Middleware:
        @web.middleware
        async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
            if self._out:
                return _broken(request)
            luck = self._dice.luck()
            if luck not in TAKEN:
                return _refusal(request, luck)
            try:
                answer = await handler(request)
            except ConnectionError:  # whoever asked was killed while asking
                return _broken(request)
            if isinstance(answer, web.Response):
                await self._note(request, answer, broken=luck not in ANSWERED)
            if luck is Luck.SLOW:
                await asyncio.sleep(self._dice.seconds(_LATE))
            return answer if luck in ANSWERED else _refusal(request, luck)

        return around

    async def _note(self, request: web.Request, answer: web.Response, *, broken: bool) -> None:
        if answer.status not in {200, 201}:
            self._ledger.count(f"refused by {self.name} with {answer.status}")
            return
        heard = await self.world.read(request, answer, broken=broken)
        if heard:
            self._ledger.heard.append(heard)
            self.heard(heard)


def _refusal(request: web.Request, luck: Luck) -> web.Response:
    """In the words of both providers at once: each client reads its own."""
    if luck is Luck.THROTTLED:
        body = {
            "ok": False, "error_code": 429, "description": "Too Many Requests: retry after 1", "code": 20429,
            "message": "Too Many Requests", "status": 429, "parameters": {"retry_after": 1},
        }  # fmt: skip
        return web.json_response(body, status=429, headers={"Retry-After": "1"})
    if luck in {Luck.BROKEN, Luck.BROKEN_TAKEN}:
        return web.Response(status=500, text="Internal Server Error")
    return _broken(request)


def _broken(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response(status=500)
