"""Databases full of tickets, filled once and then only copied: `FOLDER/sqlite-1000000`, `FOLDER/postgresql-1000000`.

What is missing is filled by `python -m bot demo`'s own history, which takes minutes; a copy takes seconds. A copy is
migrated, so what was filled before a migration serves after it as well.
"""

import argparse
import asyncio
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import getloadavg
from pathlib import Path

from benchmarks.fleet import ROOT
from benchmarks.hostility.run import KEY
from bot.commands.demo import fill
from bot.commands.numbers import whole
from bot.config import load as configured
from store.migrate import migrate
from store.seal import Seal
from tests.postgres import Missing, making, running

WEEKS = 104  # over which the tickets were filed
_SEED = 1


@dataclass(frozen=True, slots=True)
class Copy:
    """Its address, and PostgreSQL's process (0 where there is none)."""

    url: str
    server: int = 0


def options(doc: str | None, tickets: int) -> argparse.ArgumentParser:
    """What every measure on such a copy asks for: which databases, how many `tickets` in them, where they are kept."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", default="sqlite,postgresql")
    parser.add_argument("--tickets", type=whole(1, 10_000_000), default=tickets)
    parser.add_argument("--kept", type=Path, default=ROOT / "var" / "kept", help="where full databases are kept")
    return parser


def on_each(given: argparse.Namespace, show: Callable[[str, Copy], None]) -> None:
    """Call this with the name and a copy of each database that was asked for, and say which is not here."""
    for database in given.database.split(","):
        try:
            with copied(database, filled(given.kept, database, given.tickets)) as copy:
                show(database, copy)
        except Missing as why:
            print(f"{database} is not measured: {why}")


@contextmanager
def copied(database: str, full: Path | None) -> Iterator[Copy]:
    """A copy of this folder of `filled`, or an empty one; at the newest migration. Raises tests.postgres.Missing."""
    with tempfile.TemporaryDirectory(prefix="vecino-kept-") as folder:
        if database == "postgresql":
            with running(fsync=True, copied=full) as cluster:
                copy = Copy(cluster.url("postgres"), cluster.pid)
                asyncio.run(migrate(copy.url))
                yield copy
            return
        if full:
            shutil.copy(full / "vecino.db", folder)
        copy = Copy(f"sqlite:///{folder}/vecino.db")
        asyncio.run(migrate(copy.url))
        yield copy


def load() -> str:
    """The machine's, to stand beside a figure."""
    return ", ".join(f"{one:.1f}" for one in getloadavg())


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
    city = configured(ROOT / "config.yml", {}).city
    await fill(url, Seal(KEY), city, tickets=tickets, weeks=WEEKS, seed=seed)


@contextmanager
def _empty(database: str, folder: Path) -> Iterator[str]:
    if database == "sqlite":
        yield f"sqlite:///{folder / 'vecino.db'}"
        return
    with making(folder) as cluster:
        yield cluster.url("postgres")
