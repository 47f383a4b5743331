"""Whole dialogues in four languages through the running program and the model's process, and everything that goes
wrong beside them; then nothing of what citizens said, and of who they are, stands in any output of either.

The program is `python -m bot serve` itself, a process of its own, so that what Python and the libraries print by
themselves is seen too. Without a trained model a server in its place answers, or fails, as it is told.
"""

import asyncio
import json
import os
import re
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from benchmarks.fleet import free_port
from channels.message import Contact
from nlu.child import NoRasa, command, environment
from nlu.train import data_hash, model_path
from tests.nlu.fake_rasa import FakeRasa
from tests.peers.telegram_stub import TelegramStub
from tests.peers.twilio_stub import TwilioStub
from tests.test_main_job import PUBLIC, _config

ROOT = Path(__file__).parents[1]
TOKEN = "a-token"
HOOK = "webhook-secret"
PHONES = tuple(f"+1555098{n}77" for n in range(4))
CHATS = tuple(91_234_560 + n for n in range(4))
LANGUAGES = ("es", "pt", "en", "fr")
# Words that nobody but these citizens uses; names, streets and sayings among them.
SAID = {
    "es": "soy Zanahoria Quispe, hay un bache enorme frente a Casaescarabajo 77",
    "pt": "sou Zanahoria Quispe, tem um buraco enorme na frente do Casaescarabajo 77",
    "en": "I am Zanahoria Quispe, there is a huge pothole in front of Casaescarabajo 77",
    "fr": "je suis Zanahoria Quispe, un énorme nid-de-poule devant Casaescarabajo 77",
}
SECRETS = re.compile(
    r"zanahoria|quispe|casaescarabajo|555098|9123456|bache|buraco|pothole in|nid-de-poule devant", re.I
)
# What raises in the middle of a dialogue, with all that could be told in its words, as no part of ours does.
PROGRAM = """
import sys
from handlers.reports import status
def failing(turn):
    raise ValueError(f"{turn.inbound.text} {turn.inbound.sender.address} Zanahoria")
status.number_in = failing
sys.argv = ["bot", "serve"]
from bot.__main__ import main
sys.exit(main())
"""


@dataclass
class Output:
    """All that the processes wrote, and all that strangers were answered."""

    told: list[bytes] = field(default_factory=list)

    def __str__(self) -> str:
        return b"\n".join(self.told).decode(errors="replace")


@dataclass
class Running:
    telegram: TelegramStub
    twilio: TwilioStub
    url: str
    metrics: str
    output: Output


@asynccontextmanager
async def read_wholly(process: Process, output: Output) -> AsyncIterator[None]:
    """Both of its outputs, from now until it has ended."""

    async def reads(stream: asyncio.StreamReader | None) -> None:
        while stream and (line := await stream.readline()):
            output.told.append(line)

    reading = asyncio.gather(reads(process.stdout), reads(process.stderr))
    try:
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), 30)
        await reading


class Scripted(FakeRasa):
    """Takes everything for a pothole, and every fifth message for too much."""

    async def parse(self, request: web.Request) -> web.Response:
        self.status = 500 if len(self.asked) % 5 == 4 else 200
        return await super().parse(request)

    async def tell_status(self, _: web.Request) -> web.Response:
        return web.json_response({"data_hash": data_hash()})


@asynccontextmanager
async def scripted() -> AsyncIterator[str]:
    """In place of the model; its address."""
    runner = web.AppRunner(Scripted().app())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def rasa(output: Output) -> AsyncIterator[str]:
    """The real one, as chatty as it can be; its address."""
    run = command(model_path(ROOT / "var" / "models"))
    run.check()
    noisy = {"LOG_LEVEL": "DEBUG", "LOG_LEVEL_LIBRARIES": "DEBUG", "PYTHONWARNINGS": "always"}
    process = await asyncio.create_subprocess_exec(
        run.python, run.server, run.model, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment(TOKEN) | noisy
    )
    assert process.stdout
    port = json.loads(await process.stdout.readline())["port"]
    async with read_wholly(process, output):
        yield f"http://127.0.0.1:{port}"


@asynccontextmanager
async def bot(folder: Path, nlu: str, output: Output) -> AsyncIterator[Running]:
    """`python -m bot serve` between stubs of the providers."""
    port, metrics = free_port(), free_port()
    async with TelegramStub() as telegram, TwilioStub(public_url=PUBLIC) as twilio:
        telegram.forward(PUBLIC, f"http://127.0.0.1:{port}")
        path = _config(folder, telegram, twilio)
        written = path.read_text(encoding="utf-8").replace("port: 0", f"port: {port}\nnlu_url: {nlu}", 1)
        path.write_text(f"{written}\nmetrics: {{port: {metrics}}}\n", encoding="utf-8")
        told = {
            **os.environ, "VECINO_CONFIG": str(path), "VECINO_SECRET_KEY": "k" * 43, "VECINO_VAR": str(folder / "var"),
            "VECINO_NLU_TOKEN": TOKEN, "TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_WEBHOOK_SECRET": HOOK,
            "TWILIO_ACCOUNT_SID": twilio.sid, "TWILIO_AUTH_TOKEN": twilio.token, "PYTHONPATH": str(ROOT),
            "PYTHONASYNCIODEBUG": "1", "PYTHONWARNINGS": "always",
        }  # fmt: skip
        told.pop("VECINO_DATABASE_URL", None)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", PROGRAM, stdout=PIPE, stderr=PIPE, env=told, cwd=folder
        )
        async with read_wholly(process, output):
            url = f"http://127.0.0.1:{port}"
            await answering(url + "/healthz", process, output)
            twilio.app_url = url
            await telegram.wait_called("setWebhook", 60)
            yield Running(telegram, twilio, url, f"http://127.0.0.1:{metrics}/metrics", output)


async def answering(url: str, process: Process, output: Output) -> None:
    async with aiohttp.ClientSession() as session:
        for _ in range(600):
            assert process.returncode is None, str(output)
            try:
                async with session.get(url):
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)
    raise AssertionError("it does not listen")


async def talk(city: Running) -> None:
    """A report in each language on both channels, with a photo that is none, and a way to its end."""
    for language, phone, chat in zip(LANGUAGES, PHONES, CHATS, strict=True):
        await city.telegram.citizen_says(chat, SAID[language], language=language)
        assert await city.twilio.citizen_says(phone, SAID[language]) == 200
        await city.twilio.wait_sent_to(phone, 1)
        await city.telegram.wait_sent_to(chat, 1)
        await city.twilio.citizen_sends_photo(phone, b"Zanahoria, no picture", text=SAID[language])
        await city.telegram.citizen_sends_photo(chat, b"Zanahoria, no picture", caption=SAID[language])
        await city.twilio.wait_sent_to(phone, 2)
        await city.telegram.wait_sent_to(chat, 2)


async def go_wrong(city: Running) -> None:
    """Providers that refuse and hang up, a handler that raises, and strangers at every door."""
    phone, chat = PHONES[0], CHATS[0]
    for times, status in ((1, 500), (1, 400)):
        city.twilio.refuse(21211, status=status, times=times)
        city.telegram.refuse("sendMessage", status, f"chat {chat} of Zanahoria Quispe not found", times=times)
        await city.twilio.citizen_says(phone, "hola")
        await city.telegram.citizen_says(chat, "hola")
    city.twilio.drop_after_accepting()
    await city.twilio.citizen_says(PHONES[1], "7K3-9QX")  # asks for a status: the handler raises
    await city.telegram.citizen_says(CHATS[1], "7K3-9QX")
    await until_told(city.output, "handling_failed")
    await strangers(city)
    await city.twilio.post("/channels/sms", city.twilio.message(phone, SAID["es"]), signature="forged")


async def until_told(output: Output, what: str) -> None:
    """In a line of its log."""
    for _ in range(300):
        if what in str(output):
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{what} was not told: {str(output)[-2000:]}")


async def strangers(city: Running) -> None:
    """What they send is full of what must not be told; what they are answered is output too."""
    words = {"phone": PHONES[0], "description": SAID["es"], "first_name": "Zanahoria"}
    async with aiohttp.ClientSession() as session:
        for method, path, more in (
            ("GET", "/nothing/Zanahoria", {"params": words}),
            ("GET", "/r/Zanahoria", {}),
            ("POST", "/channels/telegram", {"data": json.dumps(words)}),
            ("POST", "/channels/telegram", {"data": b'{"text": "Zanahoria'}),
            ("POST", "/open311/v2/requests.json", {"data": {**words, "api_key": "none"}}),
            ("POST", "/desk/login", {"data": {"login": "nobody", "password": SAID["es"]}}),
            ("GET", "/my-data/Zanahoria", {}),
            ("GET", "/photos/public/Zanahoria", {}),
        ):
            async with session.request(method, city.url + path, **more) as answer:
                assert answer.status < 500
                city.output.told.append(await answer.read())
        async with session.get(city.metrics) as answer:
            assert answer.status == 200
            city.output.told.append(await answer.read())


@pytest.mark.parametrize("model", ["none that answers", "real"])
async def test_nothing_personal_is_in_any_output(tmp_path: Path, model: str) -> None:
    output = Output()
    async with AsyncExitStack() as stack:
        if model == "real":
            try:
                nlu = await stack.enter_async_context(rasa(output))
            except NoRasa as missing:
                pytest.skip(str(missing))
        else:
            nlu = await stack.enter_async_context(scripted())
        city = await stack.enter_async_context(bot(tmp_path, nlu, output))
        await talk(city)
        await go_wrong(city)
    everything = str(output)
    assert "vecino_messages_in_total" in everything
    found = {match[0] for match in SECRETS.finditer(everything)}
    assert not found, [line for line in everything.splitlines() if SECRETS.search(line)][:5]


def test_a_contact_tells_its_channel_only() -> None:
    assert "555" not in f"{Contact(channel='sms', address=PHONES[0])!r} {Contact(channel='sms', address=PHONES[0])}"
