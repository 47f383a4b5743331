"""Whether a process serves at all: only with a model that was trained on its own data."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.commands.serving import Proven, Unfit, serve
from nlu.client import Address, Client, Fixed
from nlu.parse import NluUnavailable
from nlu.train import data_hash
from tests.bot.test_commands import DEMO, loaded

PARSE = {"text": "hi", "intent": {"name": "greet", "confidence": 0.9}, "intent_ranking": [], "entities": []}


@asynccontextmanager
async def rasa(trained_on: str) -> AsyncIterator[str]:
    """A Rasa that says which data its model was trained on, and how often it was asked to parse; its address."""

    async def status(_: web.Request) -> web.Response:
        return web.json_response({"data_hash": trained_on})

    async def parse(_: web.Request) -> web.Response:
        return web.json_response(PARSE | {"language": {"name": "en", "confidence": 1.0}})

    app = web.Application()
    app.add_routes([web.get("/status", status), web.post("/model/parse", parse)])
    async with TestServer(app, host="127.0.0.1") as server:
        yield str(server.make_url("")).rstrip("/")


async def test_a_model_that_was_trained_on_other_data_is_refused_at_the_start(tmp_path: Path) -> None:
    async with rasa("0123456789abcdef") as url:
        config = await loaded(tmp_path, (DEMO, f"{DEMO}\nnlu_url: {url}\nport: 0"))
        with pytest.raises(Unfit, match=r"trained on other data \(0123456789abcdef\).*train it anew"):
            await serve(config)


@pytest.mark.parametrize(
    ("trained_on", "ours"), [(data_hash(), True), (f"{data_hash()}-taught", True), ("0123", False)]
)
async def test_no_message_is_read_by_a_model_of_other_data(trained_on: str, ours: bool) -> None:
    async with rasa(trained_on) as url, aiohttp.ClientSession() as session:
        parser = Proven(Client(session, Fixed(at=Address(url=url, token="t")), clock=monotonic))
        if ours:
            assert (await parser.parse("hi")).intent == "greet"
        else:
            with pytest.raises(NluUnavailable):
                await parser.parse("hi")
