"""`python -m bot settings export`: what holds now as sections of config.yml."""

import sys

from bot.amending.amended import read_amended
from bot.amending.export import written
from bot.clock import SystemClock
from bot.config import Config
from bot.opening import open_store


async def export(config: Config) -> None:
    """To stdout, and to stderr what does not fit config.yml any more. Raises WeakSecret, ForeignKey, BadUrl or
    StoreUnavailable."""
    store, _ = await open_store(config, SystemClock())
    try:
        async with store.view() as view:
            found = await read_amended(view, config.city)
    finally:
        await store.close()
    for (kind, key), problems in found.unfit.items():
        sys.stderr.write(f"{kind} {key} changes nothing: {'; '.join(map(str, problems))}\n")
    sys.stdout.write(written(found.city))
