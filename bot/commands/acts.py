"""What the commands do; `bot/commands/arguments.py` only reads their arguments."""

import asyncio
import os
import secrets
import sys
from collections.abc import AsyncIterator, Awaitable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

from bot import i18n
from bot.app import build
from bot.clock import SystemClock
from bot.commands.serving import Unfit, tell_when_ready, understanding, understood
from bot.commands.terminal import show
from bot.config import Config
from bot.inbox.burst import NO_WAIT
from bot.opening import open_store, opened, sealing
from bot.ports import StoreUnavailable
from bot.roles import account
from channels.console import Console
from nlu import train as training
from nlu.child import command, environment
from nlu.parse_lines import parse_lines
from nlu.train import model_path
from store.database import Database
from store.migrate import has_tables
from store.migrate import migrate as migrate_database
from store.spool import set_apart

PATIENCE = 60.0  # seconds until somebody who waits at a terminal is told that Rasa does not come

NO_START = "does not come up; the log above says why, and `python -m bot train` makes a missing model"


def usable(folder: Path) -> None:
    """Make the folder of all data if it is missing. Raises Unfit."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise Unfit(f"The folder {folder} cannot be written ({why}); set VECINO_VAR to one that can") from None


async def _within(patience: float, waiting: Awaitable[object], config: Config) -> None:
    """Wait, for a person, no longer than these seconds. Raises Unfit."""
    try:
        async with asyncio.timeout(patience):
            await waiting
    except TimeoutError:
        url = config.settings.nlu_url
        advice = f"at {url} (nlu_url) does not answer; is it up, and VECINO_NLU_TOKEN its token?" if url else NO_START
        raise Unfit(f"Nothing is understood after {patience:g} s: Rasa {advice}") from None


async def chat(config: Config, language: str | None, *, patience: float = PATIENCE) -> None:
    """A conversation in the terminal, on a database of its own that is forgotten afterwards. Raises Unfit."""
    console = Console(sys.stdout, language)
    with TemporaryDirectory() as folder:
        settings = replace(
            config.settings, demo=False, channels=(), wait=NO_WAIT, secret_keys=secrets.token_urlsafe(48),
            database_url=f"sqlite:///{folder}/chat.db", var=Path(folder),
        )  # fmt: skip
        async with understanding(config) as parser:
            show("Loading the model takes some seconds ...")
            await _within(patience, tell_when_ready(parser), config)
            vecino = await build(replace(config, settings=settings), parser, extra={console.name: console})
            show("Write as a citizen would; an empty line ends it.")
            await vecino.start()
            try:
                while line := (await asyncio.to_thread(sys.stdin.readline)).strip():
                    await vecino.reception.accept([console.feed(line, SystemClock().now())])
                await vecino.settled()
            finally:
                await vecino.stop()


async def parse(config: Config, *, patience: float = PATIENCE) -> None:
    """JSON lines `{"text": ...}` in, one parse a line out, in the same order. Raises Unfit."""
    async with understanding(config) as parser:
        await _within(patience, understood(parser), config)
        async for line in parse_lines(_typed(), parser):
            show(line)


async def _typed() -> AsyncIterator[str]:
    """The lines of stdin, without holding up those that are being parsed."""
    while line := await asyncio.to_thread(sys.stdin.readline):
        yield line


def rasa(var: Path, token: str, host: str, port: int) -> None:
    """Become the Rasa server of the trained model, for processes whose `nlu_url` names it. It reads no config.yml and
    needs none of the secrets but its token, so that it can run as another user. Raises Unfit or NoRasa."""
    if not token:
        raise Unfit("Set VECINO_NLU_TOKEN, here and for those who ask: without a token anyone could")
    run = command(model_path(var / "models"))
    run.check()
    show(f"Rasa is loading; then it listens on {host}:{port}")
    line = [str(run.python), "-W", "ignore", str(run.server), str(run.model.absolute()), "--alone", "--host", host]
    os.execve(run.python, [*line, "--port", str(port)], environment(token))  # noqa: S606


def train(var: Path) -> None:
    """Train the model unless that is done; raises DataError, NoRasa or TrainingFailed."""
    training.train(var / "models", show)


async def migrate(config: Config) -> None:
    """Bring the database to this version's tables."""
    await migrate_database(config.settings.database_url)
    show("the database is up to date")


async def _check_accounts(config: Config, *, accept: bool) -> None:
    url, real = config.settings.database_url, opened(config.settings)
    try:
        if accept:
            store, _ = await open_store(config, SystemClock())
        else:
            if not await has_tables(url):
                return
            store = await Database.open(url, sealing(config.settings), clock=SystemClock())
        try:
            await (account.keep if accept else account.verify)(store, real.values())
        finally:
            await store.close()
    except StoreUnavailable:
        if accept:
            raise
        show("the database cannot be reached: whose it is was not looked at")
    finally:
        for channel in real.values():
            await channel.close()


async def check(config: Config, *, accept_bot: bool = False) -> None:
    """Says what a start would use. That everything is right was checked by reading it; whether the database belongs to
    another bot, only the database knows, where there is one. Raises OtherBot unless that is accepted."""
    await _check_accounts(config, accept=accept_bot)
    city, settings = config.city, config.settings
    for language in city.languages:
        i18n.catalogue(language)
    show(f"{city.name}: {len(city.services)} services, {len(city.areas)} areas, {len(city.streets)} streets")
    show(f"languages: {', '.join(city.languages)}")
    show(f"channels: {', '.join(c.name for c in settings.channels) or 'none enabled'}")
    for number, rule in enumerate(settings.retention, 1):
        show(f"retention {number}: {rule}")
    trained = model_path(settings.models).exists()
    show(f"model: {'trained' if trained or settings.nlu_url else 'not trained yet; run `python -m bot train`'}")
    for sentence in _apart(settings.var):
        show(sentence)
    show("config.yml is right")


def _apart(var: Path) -> Iterator[str]:
    """What was set apart of the spools, if anything."""
    for folder in ("spool", "receipts"):
        for ending, count in set_apart(var / folder).items():
            if count:
                yield f"{folder}: {count} files are {ending} and wait for a person, see deploy/README.md"
