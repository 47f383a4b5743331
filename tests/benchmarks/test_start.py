"""The bench of the start times what it says."""

import json
import sys
from asyncio import StreamReader, create_subprocess_exec
from pathlib import Path

import pytest
import yaml
from aiohttp import ClientSession

from benchmarks import start
from benchmarks.fleet import NotStarted, free_port
from benchmarks.rush.world import World
from benchmarks.start import Asked, Start, middle
from bot.config import load
from bot.i18n import Words
from channels.message import Contact
from handlers.say import Say, ServiceName, say
from tickets.model import Place

ROOT = Path(__file__).parents[2]
CONFIRM = Words(load(ROOT / "config.yml", {}).city)(
    say(Say.CONFIRM, service=ServiceName("pothole"), place=Place(words="Los Pinos 12")), "es"
)


def begun(answered: float) -> Start:
    return Start(listening=1, ready=1.5, understands=answered - 1, answered=answered)


def test_the_middle_is_of_each_part_by_itself() -> None:
    found = middle([begun(5), begun(30), begun(6)])
    assert (found.answered, found.understands, found.listening) == (6, 5, 1)


async def test_only_the_question_that_needs_the_model_counts_as_an_answer() -> None:
    citizen = Asked()
    citizen.hear(citizen.contact, "Hola, soy Vecino")
    citizen.hear(Contact(channel="sms", address="+525500000000"), CONFIRM)
    assert not citizen.at.done()
    citizen.hear(citizen.contact, CONFIRM)
    assert citizen.at.done()


async def test_what_the_bot_says_of_itself_is_found_among_its_lines() -> None:
    lines = StreamReader()
    lines.feed_data(b"web: here\nready: messages are understood (model 1)\n")
    lines.feed_eof()
    assert await start._says(lines) > 0
    with pytest.raises(NotStarted):
        await start._says(lines)


async def test_a_bot_that_ends_is_not_waited_for() -> None:
    process = await create_subprocess_exec(sys.executable, "-c", "")
    await process.wait()
    async with ClientSession() as session:
        with pytest.raises(NotStarted):
            await start._answers(session, f"http://127.0.0.1:{free_port()}/healthz", process)


async def test_each_start_has_a_rasa_of_its_own(tmp_path: Path) -> None:
    async with ClientSession() as session, World(session, [], lambda *_: None) as world:
        config = yaml.safe_load(start._config(tmp_path, 8_123, world).read_text(encoding="utf-8"))
    assert config["nlu_url"] == ""
    assert json.dumps(config["channels"]["sms"]).count(world.url) == 1
