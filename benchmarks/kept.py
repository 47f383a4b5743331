"""Databases full of tickets, filled once and then only copied: `FOLDER/sqlite-1000000`, `FOLDER/postgresql-1000000`.

What is missing is filled by `python -m bot demo`'s own history, which takes minutes; a copy takes seconds. A copy is
migrated, so what was filled before a migration serves after it as well.
"""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.fleet import ROOT
from benchmarks.hostility.run import KEY
from bot.commands.demo import fill
from bot.config import load
from store.migrate import migrate
from store.seal import Seal
from tests.postgres import making

WEEKS = 104  # over which the tickets were filed
_SEED = 1


def filled(kept: Path, database: str, tickets: int) -> Path:
    """The folder of this one, filled now if it is not there yet. Raises tests.postgres.Missing."""
    folder = kept / f"{database}-{tickets}"
    if not folder.exists():
        unfinished = folder.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        with _empty(database, unfinished) as url:
            asyncio.run(filling(url, tickets))
        unfinished.rename(folder)
    return folder


async def filling(url: str, tickets: int, seed: int = _SEED) -> None:
    """Migrate this database and fill it."""
    await migrate(url)
    city = load(ROOT / "config.yml", {}).city
    await fill(url, Seal(KEY), city, tickets=tickets, weeks=WEEKS, seed=seed)


@contextmanager
def _empty(database: str, folder: Path) -> Iterator[str]:
    if database == "sqlite":
        yield f"sqlite:///{folder / 'vecino.db'}"
        return
    with making(folder) as cluster:
        yield cluster.url("postgres")
