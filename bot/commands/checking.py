"""Asks the parts whether they would take what config.yml and the environment say, before anything starts."""

from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import channels
from bot.config import ChannelSettings, Config, Settings, read
from bot.delivery.limits import limit
from bot.settings.section import Problem
from store.engine import BadUrl, parse_url
from store.seal import Seal, WeakSecret


async def load(path: Path, environment: Mapping[str, str]) -> Config:
    """The whole configuration, wholly checked; raises ConfigError with all mistakes at once."""
    reading = read(path, environment)
    refused = [*_keys(reading.settings), *_database(reading.settings)]
    refused += [problem async for problem in _channels(reading.settings)]
    told = {problem.key for problem in reading.problems}
    return reading.config([problem for problem in refused if problem.key not in told])


def _keys(settings: Settings) -> Iterator[Problem]:
    """An empty one was told of already, or is the demo's, which makes its own."""
    try:
        if settings.secret_keys:
            Seal(settings.secret_keys)
    except WeakSecret as weak:
        yield Problem(key="VECINO_SECRET_KEY", line=0, advice=str(weak))


def _database(settings: Settings) -> Iterator[Problem]:
    try:
        parse_url(settings.database_url)
    except BadUrl as bad:
        yield Problem(key="VECINO_DATABASE_URL", line=0, advice=str(bad))


async def _channels(settings: Settings) -> AsyncIterator[Problem]:
    for channel in settings.channels:
        if not all(channel.secrets.values()):
            continue  # told already, by the name of the secret
        try:
            limit(channel.name, channel.options)
            opened = channels.load(channel.name).open(channel.options, channel.secrets, settings.public_url)
        except channels.BadOption as bad:
            yield _problem(channel, str(bad))
        else:
            await opened.close()


def _problem(channel: ChannelSettings, said: str) -> Problem:
    """A BadOption begins with the key it speaks of: `channels.sms.from: ...`."""
    key, colon, advice = said.partition(": ")
    if not colon:
        key, advice = f"channels.{channel.name}", said
    option = key.removeprefix(f"channels.{channel.name}").removeprefix(".")
    return Problem(key=key, line=channel.lines.get(option, channel.lines.get("", 0)), advice=advice)
