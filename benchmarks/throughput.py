"""How many messages a second are fully answered, how fast at a set rate, and at what cost; beside it, Rasa itself.

    python -m benchmarks.throughput [--database sqlite] [--processes 1,2,4] [--rate 100] [--seconds 20]
        [--tickets 0,1000000] [--peer]

Whole conversations (report, "yes", a question after it, thanks) in four languages by SMS, WhatsApp and Telegram, as
signed webhooks to real `python -m bot serve` processes; a message is answered when the provider's fake has the reply.
No text comes twice, provider limits and waits on purpose are off, every commit waits for the disk. The generator and
the fakes are this process. `--peer`: `rasa run` on the same model and messages (benchmarks/peer).
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks.fleet import ROOT
from benchmarks.peer.project import PeerFailed
from benchmarks.peer.server import Peer, PeerDead
from benchmarks.run import KEY, NotStarted
from benchmarks.throughput_citizens import CHANNELS, Town
from benchmarks.throughput_report import HEAD, lines, row
from benchmarks.throughput_run import Pressure, Result, measure, open_session, vecino
from bot.config import load
from bot.demo_commands import fill
from nlu.child import NoRasa
from store.engine import parse_url
from store.migrate import migrate
from store.seal import Seal
from tests.postgres import Missing, running

_WEEKS = 260  # over which the tickets of a full database were filed
_PEERS_CROWD = 8  # connections: with more of them Rasa answers fewer messages, and some too late


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A database of the bench: where it is, and the processes that are its own."""

    folder: Path
    url: str
    groups: dict[str, Sequence[int]]

    async def megabytes(self) -> float:
        if self.url.startswith("sqlite"):
            return sum(path.stat().st_size for path in self.folder.glob("vecino.db*")) / 1e6
        engine = create_async_engine(parse_url(self.url))
        async with engine.connect() as connection:
            size: int = (await connection.execute(text("SELECT pg_database_size(current_database())"))).scalar_one()
        await engine.dispose()
        return size / 1e6


class Bench:
    """Everything that was asked for on the command line, one setting after the other; `rows` is the table."""

    def __init__(self, given: argparse.Namespace) -> None:
        self._given, self._town = given, Town(given.seed, given.channels)
        self._pressure = Pressure(rate=given.rate, seconds=given.seconds, crowd=given.crowd)
        self.rows: list[str] = []

    async def whole(self) -> None:
        for database in self._given.database:
            try:
                await self._one(database)
            except Missing as why:
                print(f"{database} is not measured: {why}")

    async def _one(self, database: str) -> None:
        for tickets in self._given.tickets:
            with _place(database) as place:
                await self._ours(place, database, tickets)
        if self._given.peer:
            with _place(database) as place:
                await self._peers(place, database)

    async def _ours(self, place: Place, database: str, tickets: int) -> None:
        await migrate(place.url)
        if tickets:
            city = load(ROOT / "config.yml", {}).city
            await fill(place.url, Seal(KEY), city, tickets=tickets, weeks=_WEEKS, seed=self._given.seed)
        for processes in self._given.processes if database == "postgresql" else [1]:
            what = f"{database}, {processes} process{'es' if processes > 1 else ''}, {tickets:,} tickets"
            before = await place.megabytes()
            result = await vecino(place.folder, place.url, processes, place.groups, self._town, self._pressure)
            self._tell(what, result)
            print(f"  database: {before:.0f} MB before, {await place.megabytes():.0f} MB after")
            town = self._town
            print(
                f"  texts said before: {town.texts.repeated:.1%} (the most a cache can have helped); conversations "
                f"given up: {town.astray}; replies nobody waited for: {town.unasked}"
            )

    async def _peers(self, place: Place, database: str) -> None:
        pressure = Pressure(rate=0, seconds=self._given.seconds, crowd=_PEERS_CROWD)
        texts = self._town.texts
        said = texts.conversations()
        async with open_session() as session, Peer(place.folder, place.url, session) as peer:
            result = await measure(
                lambda: peer.citizen(next(said), texts), {"rasa run": [peer.pid]} | place.groups, pressure
            )
        self._tell(f"rasa run, tracker store on {database}, {_PEERS_CROWD} connections", result)

    def _tell(self, what: str, result: Result) -> None:
        print(what, *lines(result), sep="\n", flush=True)
        self.rows.append(row(what, result))


@contextmanager
def _place(database: str) -> Iterator[Place]:
    """An empty database, fsync on. Raises tests.postgres.Missing."""
    with tempfile.TemporaryDirectory(prefix="vecino-throughput-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if database == "sqlite":
            yield Place(folder=folder, url=f"sqlite:///{folder / 'vecino.db'}", groups={})
            return
        with running(fsync=True) as cluster:
            yield Place(folder=folder, url=cluster.url("postgres"), groups={"PostgreSQL": [cluster.pid]})


def main() -> None:
    bench = Bench(_options())
    try:
        asyncio.run(bench.whole())
    except (NoRasa, NotStarted, PeerFailed, PeerDead) as why:
        sys.exit(str(why))
    print("", HEAD, *bench.rows, sep="\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--database", type=_databases, default=["sqlite"], help="sqlite, postgresql or both, with a comma")
    add("--processes", type=_numbers, default=[1], help="on PostgreSQL, such as 1,2,4 (default 1)")
    add("--rate", type=float, default=100, help="messages a second at the set rate; 0: leave it out (default 100)")
    add("--seconds", type=float, default=20, help="of each part (default 20)")
    add("--tickets", type=_numbers, default=[0], help="in the database before, such as 0,1000000 (default 0)")
    add("--crowd", type=int, default=64, help="citizens at a time at saturation (default 64)")
    add("--channels", type=_channels, default=CHANNELS, help="those that citizens write by, with commas (default all)")
    add("--seed", type=int, default=1, help="of texts and history (default 1)")
    add("--peer", action="store_true", help="measure `rasa run` as well")
    return parser.parse_args()


def _numbers(words: str) -> list[int]:
    return [int(word) for word in words.split(",")]


def _databases(words: str) -> list[str]:
    return _among(words, ("sqlite", "postgresql"))


def _channels(words: str) -> list[str]:
    return _among(words, CHANNELS)


def _among(words: str, known: Sequence[str]) -> list[str]:
    found = words.split(",")
    if not set(found) <= set(known):
        raise ValueError
    return found


if __name__ == "__main__":
    main()
