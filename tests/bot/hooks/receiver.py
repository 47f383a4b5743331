"""A subscriber on loopback: it keeps what it is sent, answers as it is told, and checks signatures by itself, straight
from the specification (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md)."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer


@dataclass
class Receiver:
    """`answers` are given one after the other, then `usual`; what is of the ticket that it `refuses` is never taken."""

    url: str = ""
    answers: list[tuple[int, Mapping[str, str]]] = field(default_factory=list)
    usual: int = 204
    refuses: str = ""
    taken: list[dict[str, Any]] = field(default_factory=list)
    seen: list[tuple[Mapping[str, str], bytes]] = field(default_factory=list)

    async def _post(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.seen.append(({name.lower(): value for name, value in request.headers.items()}, body))
        status, headers = self.answers.pop(0) if self.answers else (self.usual, {})
        if self.refuses and self.refuses.encode() in body:
            status = 400
        if 200 <= status < 300:
            self.taken.append(json.loads(body))
        return web.Response(status=status, headers=headers)

    def order(self) -> list[tuple[str, str]]:
        """What it took: ids and types."""
        return [(one["id"], one["type"]) for one in self.taken]


def verified(headers: Mapping[str, str], body: bytes, shown: str) -> bool:
    """By one secret, `whsec_` and base64."""
    key = base64.b64decode(shown.removeprefix("whsec_"))
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mark = base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    versions = [one.split(",", 1) for one in headers["webhook-signature"].split(" ")]
    return any(version == "v1" and hmac.compare_digest(mark, given) for version, given in versions)


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """One that listens."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver._post)
    async with TestServer(app) as server:
        receiver.url = str(server.make_url("/hook"))
        yield receiver
