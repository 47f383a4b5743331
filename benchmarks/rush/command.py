"""How many messages a second are fully answered, how fast at a set rate, and at what cost; beside it, Rasa itself.

    python -m benchmarks.throughput [--database sqlite] [--processes 1,2,4] [--rate 100] [--seconds 20]
        [--tickets 0,1000000 [--kept FOLDER]] [--peer]

Whole conversations (report, "yes", a question after it, thanks) in four languages by SMS, WhatsApp and Telegram, as
signed webhooks to real `python -m bot serve` processes; a message is answered when the provider's fake has the reply.
No text comes twice, provider limits and waits on purpose are off, every commit waits for the disk. The generator and
the fakes are this process. `--peer`: `rasa run` on the same model and messages (benchmarks/peer).
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from itertools import product
from pathlib import Path

from benchmarks.fleet import ROOT, NotStarted
from benchmarks.kept import filled
from benchmarks.peer.project import PeerFailed
from benchmarks.peer.server import Peer, PeerDead
from benchmarks.rush.citizens import CHANNELS, Town
from benchmarks.rush.place import Place, opened
from benchmarks.rush.report import HEAD, lines, row
from benchmarks.rush.run import Pressure, Result, measure, open_session, vecino
from nlu.child import NoRasa
from store.migrate import migrate
from tests.postgres import Missing

_PEERS_CROWD = 8  # connections: with more of them Rasa answers fewer messages, and some too late


class Bench:
    """Everything that was asked for on the command line, one setting after the other; `rows` is the table."""

    def __init__(self, given: argparse.Namespace) -> None:
        self._given, self._town = given, Town(given.seed, given.channels)
        program = "benchmarks.unsealed" if given.unsealed else "bot"
        self._pressure = Pressure(rate=given.rate, seconds=given.seconds, crowd=given.crowd, program=program)
        self._full: dict[tuple[str, int], Path] = {}
        self.rows: list[str] = []

    def prepare(self) -> None:
        """The full databases, before anything else runs in this process: it is forked to fill them."""
        for database, tickets in product(self._given.database, self._given.tickets):
            if tickets:
                with suppress(Missing):  # told when it is its turn
                    self._full[database, tickets] = filled(self._given.kept, database, tickets)

    async def whole(self) -> None:
        for database in self._given.database:
            try:
                await self._one(database)
            except Missing as why:
                print(f"{database} is not measured: {why}")

    async def _one(self, database: str) -> None:
        for tickets in self._given.tickets:
            with opened(database, keep=self._given.keep, copied=self._full.get((database, tickets))) as place:
                await self._ours(place, database, tickets)
        if self._given.peer:
            with opened(database, keep=self._given.keep) as place:
                await self._peers(place, database)

    async def _ours(self, place: Place, database: str, tickets: int) -> None:
        await migrate(place.url)
        for processes in self._given.processes if database == "postgresql" else [1]:
            what = f"{database}, {processes} process{'es' if processes > 1 else ''}, {tickets:,} tickets"
            before = await place.megabytes()
            result = await vecino(place.folder, place.url, processes, place.groups, self._town, self._pressure)
            self._tell(what, result)
            print(f"  database: {before:.0f} MB before, {await place.megabytes():.0f} MB after")
            print(f"  queues: {await place.troubles()}")
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


def main() -> None:
    bench = Bench(_options())
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the start: above 0.5 others are measured too")
    try:
        bench.prepare()
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
    add("--kept", type=Path, default=ROOT / "var" / "kept", help="where full databases are kept, to be copied")
    add("--crowd", type=int, default=64, help="citizens at a time at saturation (default 64)")
    add("--channels", type=_channels, default=CHANNELS, help="those that citizens write by, with commas (default all)")
    add("--seed", type=int, default=1, help="of texts (default 1)")
    add("--keep", action="store_true", help="keep the folders with SQLite's database and the logs")
    add("--unsealed", action="store_true", help="as if nothing were encrypted: what sealing costs is the difference")
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
