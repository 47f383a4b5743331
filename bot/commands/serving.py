"""`python -m bot serve`: one process in its role, with the understanding that it needs."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import aiohttp

from bot.app import ALONE, build
from bot.commands.server import listen, measured, stop_asked
from bot.commands.terminal import show
from bot.config import Config
from bot.memory import give_back
from bot.ports import Parser
from bot.roles.process import Role, Vecino
from nlu.child import Child, command
from nlu.client import Address, Client, Fixed
from nlu.parse import NluUnavailable, Parse
from nlu.train import data_hash, model_path
from store.possession import sole
from store.seat import seat

WRONG_MODEL = (
    "The model that Rasa serves was trained on other data ({}) than this Vecino expects ({}); train it anew "
    "(`python -m bot train`), or start the Rasa that belongs to this version"
)


class Unfit(Exception):
    """What was given cannot be used; the message says why and what to give."""


@asynccontextmanager
async def understanding(config: Config) -> AsyncIterator[Client]:
    """The client of a Rasa that was started for us, or of the one that `nlu_url` names."""
    async with aiohttp.ClientSession() as session:
        if config.settings.nlu_url:
            address = Address(url=config.settings.nlu_url, token=config.settings.nlu_token)
            yield Client(session, Fixed(at=address), clock=time.monotonic)
            return
        child = Child(command(model_path(config.settings.models)))
        await child.start()
        try:
            yield Client(session, child, clock=time.monotonic)
        finally:
            await child.stop()


async def understood(parser: Client) -> str:
    """Wait until Rasa answers; the data hash of its model."""
    while True:
        try:
            return await parser.trained_on()
        except NluUnavailable:
            await asyncio.sleep(0.2)


def fit(trained_on: str) -> None:
    """Raises Unfit unless a model was trained on our data; behind the dash stands what clerks taught it."""
    if trained_on.partition("-")[0] != data_hash():
        raise Unfit(WRONG_MODEL.format(trained_on, data_hash()))


async def tell_when_ready(parser: Client) -> None:
    """Says when messages are understood. Raises Unfit when the model is another one than ours."""
    model = await understood(parser)
    fit(model)
    show(f"ready: messages are understood (model {model})")


async def serve(config: Config, role: Role = Role.ALL) -> None:
    """Until SIGINT or SIGTERM. Messages are taken in from the first moment; while Rasa loads or the database is away
    they wait. Raises Unfit, InUse, ForeignKey or PortTaken."""
    give_back()
    with _seated(config, role) as owner:
        if role is Role.WEB:
            await _serve(config, role, owner, NotHere())
            return
        async with understanding(config) as parser:
            await _until_unfit(_serve(config, role, owner, Proven(parser)), tell_when_ready(parser))


async def _until_unfit(serving: Coroutine[Any, Any, None], telling: Coroutine[Any, Any, None]) -> None:
    """Serve; stop, and raise what `telling` raises, if it does."""
    tasks = asyncio.create_task(serving), asyncio.create_task(telling)
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
        await tasks[0]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Proven:
    """Asks nothing of a model before it is known that it was trained on our data. Keeps bot.ports.Parser."""

    def __init__(self, parser: Client) -> None:
        self._parser = parser
        self._is_ours = False

    async def parse(self, text: str) -> Parse:
        """Raises NluStarting or NluUnavailable, the latter also where the model is another's."""
        if not self._is_ours:
            try:
                fit(await self._parser.trained_on())
            except Unfit:
                raise NluUnavailable("The model was trained on other data") from None
            self._is_ours = True
        return await self._parser.parse(text)


class NotHere:
    """A web process answers no message, so it starts no Rasa. Keeps bot.ports.Parser."""

    async def parse(self, text: str) -> Parse:  # noqa: ARG002 - the contract's
        raise NluUnavailable("A web process reads no messages; a worker does")


@contextmanager
def _seated(config: Config, role: Role) -> Iterator[str]:
    """The name of this process, after a look whether there may be one more."""
    settings = config.settings
    embedded = settings.database_url.startswith("sqlite")
    if role is not Role.ALL and settings.demo:
        raise Unfit("The demo's phones live in one process: `--role web` and `--role worker` need `mode: live`")
    if role is not Role.ALL and embedded:
        raise Unfit("SQLite is for one process: `--role web` and `--role worker` need PostgreSQL (VECINO_DATABASE_URL)")
    if embedded:
        with sole(settings.database_url):
            yield ALONE
    else:
        with seat(settings.var / "processes") as owner:
            yield owner


async def _serve(config: Config, role: Role, owner: str, parser: Parser) -> None:
    vecino = await build(config, parser, role=role, owner=owner)
    stopped = stop_asked()  # before messages come in: what is in hand then is finished
    try:
        async with measured(vecino) as figures, _listening(vecino) as port:
            if figures is not None:
                show(f"  metrics:     port {figures}, /metrics")
            if await _started(vecino, stopped):
                _greet(vecino, port)
                await stopped.wait()
            show("stopping; what is in hand is finished ...")
    finally:
        await vecino.stop()


async def _started(vecino: Vecino, stopped: asyncio.Event) -> bool:
    """False when we are told to stop while the database is still away. Raises what `Vecino.start` does."""
    starting, told = asyncio.create_task(vecino.start()), asyncio.create_task(stopped.wait())
    try:
        await asyncio.wait({starting, told}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
        return starting.done()
    finally:
        starting.cancel()
        told.cancel()
        await asyncio.gather(starting, told, return_exceptions=True)


@asynccontextmanager
async def _listening(vecino: Vecino) -> AsyncIterator[int | None]:
    """The port, None for a worker, which has none. At the end nothing is accepted any more."""
    if vecino.role is Role.WORKER:
        yield None
        return
    runner, port = await listen(vecino)
    try:
        yield port
    finally:
        await runner.cleanup()


def _greet(vecino: Vecino, port: int | None) -> None:
    config, settings = vecino.config, vecino.config.settings
    if port is None:
        show(f"A worker for {config.city.name} is up.")
        return
    at = settings.public_url or f"http://{settings.host}:{port}"
    loading = "" if vecino.role is Role.WEB else "; loading the model takes some seconds more"
    show(f"\nVecino for {config.city.name} is up{loading}.\n")
    if settings.demo:
        show(f"  talk to it:  {at}/try   (three simulated phones)")
        show(f"  the desk:    {at}/desk/demo?token={vecino.demo_token}   (opens once, in demo mode only)")
        show(f"  both sides:  {at}/both   (phone and desk at once, when the desk is open)")
    else:
        show(f"  the desk:    {at}/desk   (accounts: python -m bot clerk add)")
    enabled = ", ".join(channel.name for channel in settings.channels) or "none"
    show(f"  channels:    {enabled}")
    if not settings.channels:
        show(
            "               (real ones need TELEGRAM_BOT_TOKEN, or TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN: README.md)"
        )
    show("  stop:        Ctrl-C\n")
