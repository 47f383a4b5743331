"""A small server that answers `/model/parse` and `/status` as told."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

TOKEN = "a-token"


def answer(intent: str = "report_pothole", *, ranking: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    names = ranking or (intent,)
    guesses = [{"name": name, "confidence": 0.9 / (i + 1)} for i, name in enumerate(names)]
    return {"text": "", "intent": guesses[0], "intent_ranking": guesses, "entities": [], "language": None, **more}


@dataclass
class FakeRasa:
    """`says` is the body of every answer, `status` its HTTP status; `asked` are the texts that came."""

    says: Any = field(default_factory=answer)
    status: int = 200
    hangs: bool = False
    asked: list[str] = field(default_factory=list)

    async def parse(self, request: web.Request) -> web.Response:
        if request.query.get("token") != TOKEN:
            return web.Response(status=401)
        self.asked.append((await request.json())["text"])
        if self.hangs:
            await asyncio.Event().wait()
        return web.json_response(self.says, status=self.status)

    async def tell_status(self, request: web.Request) -> web.Response:
        return web.json_response({"data_hash": "abc"} if self.status == 200 else {}, status=self.status)

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes([web.post("/model/parse", self.parse), web.get("/status", self.tell_status)])
        return app
