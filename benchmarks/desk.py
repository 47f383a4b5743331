"""How long the desk's pages take in a city with very many tickets, for twenty clerks at once.

    python -m benchmarks.desk [--database sqlite,postgresql] [--tickets 100000] [--clerks 20] [--seconds 60]
        [--think 5] [--kept FOLDER]

Works on a copy of a database of `benchmarks.kept`. The web is a process of its own; clerks ask over loopback, each with
their own log-in, and time runs from a question to the last byte of its page. First they read what they got for `think`
seconds on average, as people do, and then they do not: that is all the process can do.
"""

import argparse
import asyncio
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import quantiles
from time import perf_counter
from urllib.parse import quote_plus

from aiohttp import ClientSession
from sqlalchemy import func, select

from benchmarks.deskserver import COOKIE, serving, token, worked
from benchmarks.fleet import ROOT
from benchmarks.hostility.run import KEY
from benchmarks.kept import filled
from bot.clock import SystemClock
from bot.commands.numbers import whole
from bot.commands.reindex import renewed
from bot.ports import Query
from store.database import Database
from store.migrate import migrate
from store.seal import Seal
from store.tables import ticket_words
from tests.postgres import Missing, running

REFUSED = "refused: no connection was free for 4 s"
_SAMPLE = 300  # tickets that are opened, and whose words are looked for
Ask = Callable[[Random, "Town"], str]


@dataclass(frozen=True, slots=True)
class Town:
    """What clerks of this city ask for: numbers, words that citizens wrote, streets."""

    numbers: Sequence[str]
    words: Sequence[str]
    streets: Sequence[str]


@dataclass(frozen=True, slots=True)
class Day:
    """Milliseconds of each page of each kind, and what the web had to do for them (seconds of CPU)."""

    took: Mapping[str, Sequence[float]]
    worked: float

    @property
    def every(self) -> Sequence[float]:
        return [ms for some in self.took.values() for ms in some]


ASKED: Mapping[str, Ask] = {
    "queue: open": lambda _, __: "status=open",
    "queue: a department's own": lambda r, _: f"status=open&department={r.choice(('roads', 'cleaning', 'electric'))}",
    "queue: late, two services": lambda _, __: "status=open&late=1&service=pothole&service=waste",
    "queue: unlocated and unsure": lambda _, __: "status=open&unlocated=1&unsure=1",
    "queue: undelivered": lambda _, __: "status=any&undelivered=1",
    "queue: closed": lambda r, _: f"status=closed&page={r.randint(1, 20)}",
    "queue: closed, an area and a language": lambda r, _: f"status=closed&area=centro&spoken={r.choice(('es', 'fr'))}",
    "queue: all, filed in a month": lambda r, _: f"status=any&since=2026-{r.randint(1, 9):02}-01&until=2026-10-01",
    "search: part of a number": lambda r, town: f"q={r.choice(town.numbers)[:5]}",
    "search: two words": lambda r, town: f"q={quote_plus(' '.join(r.sample(town.words, 2)))}",
    "search: a common word": lambda r, _: f"q={r.choice(('calle', 'bache', 'street', 'agua'))}",
    "search: a street and a word": lambda r, town: (
        f"q={quote_plus(f'{r.choice(town.streets)} {r.choice(town.words)}')}"
    ),
    "ticket": lambda r, town: f"/tickets/{r.choice(town.numbers)}",
}


async def measured(url: str, given: argparse.Namespace) -> Mapping[str, Day]:
    """With think times and without."""
    town = await _town(url)
    with serving(url, given.clerks) as (port, process):
        await _lived(port, town, given, seconds=3, think=0)  # the first questions prepare what later ones find
        found = {}
        for way, think in ((f"{given.think:g} s between two pages", given.think), ("no time between two pages", 0)):
            before = worked(process)
            took = await _lived(port, town, given, given.seconds, think)
            found[way] = Day(took, worked(process) - before)
    return found


async def _lived(
    port: int, town: Town, given: argparse.Namespace, seconds: float, think: float
) -> Mapping[str, Sequence[float]]:
    took: dict[str, list[float]] = defaultdict(list)
    end = perf_counter() + seconds
    async with asyncio.TaskGroup() as group:
        for n in range(given.clerks):
            group.create_task(_clerk(port, n, town, end, think, took))
    return took


async def _clerk(port: int, n: int, town: Town, end: float, think: float, took: dict[str, list[float]]) -> None:
    random, names = Random(n), list(ASKED)
    async with ClientSession(f"http://127.0.0.1:{port}", cookies={COOKIE: token(n)}) as session:
        await asyncio.sleep(random.random() * think)
        while perf_counter() < end:
            name = random.choice(names)
            asked = ASKED[name](random, town)
            start = perf_counter()
            async with session.get(f"/desk{asked}" if asked.startswith("/") else f"/desk?{asked}") as answer:
                page = await answer.text()
            if answer.status != 503 and (answer.status != 200 or "/desk/logout" not in page):
                raise SystemExit(f"{name}: status {answer.status}")
            took[name if answer.status == 200 else REFUSED].append((perf_counter() - start) * 1000)
            await asyncio.sleep(random.expovariate(1 / think) if think else 0)


async def _town(url: str) -> Town:
    """Every ticket has its words, also where it was filled before there were any."""
    store = await Database.open(url, Seal(KEY), clock=SystemClock())
    try:
        async with store.view() as view:
            known = (await view._tx.execute(select(func.count()).select_from(ticket_words))).scalar_one()
        if not known:
            await renewed(store, 2_000)
        return await _sampled(store)
    finally:
        await store.close()


async def _sampled(store: Database) -> Town:
    async with store.view() as view:
        page = await view.tickets.page(_everything())
    found = page.rows
    words = sorted({word for one in found for word in one.description.split() if len(word) > 4 and word.isalpha()})
    return Town([one.number for one in found], words, sorted({one.place.street for one in found if one.place.street}))


def _everything() -> Query:
    return Query(open=None, limit=_SAMPLE)


@contextmanager
def _copy(database: str, full: Path) -> Iterator[str]:
    if database == "postgresql":
        with running(fsync=True, copied=full) as cluster:
            yield cluster.url("postgres")
        return
    with tempfile.TemporaryDirectory(prefix="vecino-desk-") as folder:
        shutil.copy(full / "vecino.db", folder)
        yield f"sqlite:///{folder}/vecino.db"


def _show(database: str, given: argparse.Namespace) -> None:
    with _copy(database, filled(given.kept, database, given.tickets)) as url:
        asyncio.run(migrate(url))
        for way, day in asyncio.run(measured(url, given)).items():
            count = len(day.every)
            print(f"\n{database}, {given.tickets:,} tickets, {given.clerks} clerks, {way}: ", end="")
            print(f"{count / given.seconds:.1f} pages a second, {day.worked / count * 1000:.0f} ms of CPU a page\n")
            print(*_table(day), sep="\n", flush=True)


def _table(day: Day) -> Iterator[str]:
    yield "| ms | p50 | p95 | pages |"
    yield "| --- | ---: | ---: | ---: |"
    kinds = [(name, day.took[name]) for name in (*ASKED, REFUSED) if len(day.took.get(name, ())) > 1]
    for name, some in [*kinds, ("all", day.every)]:
        cuts = quantiles(some, n=20)
        yield f"| {name} | {cuts[9]:.0f} | {cuts[18]:.0f} | {len(some)} |"


def main() -> None:
    given = _options()
    for database in given.database.split(","):
        try:
            _show(database, given)
        except Missing as why:
            print(f"{database} is not measured: {why}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", default="sqlite,postgresql")
    parser.add_argument("--tickets", type=whole(1, 10_000_000), default=100_000)
    parser.add_argument("--clerks", type=whole(1, 500), default=20)
    parser.add_argument("--seconds", type=float, default=60.0, help="with think times, and again without (default 60)")
    parser.add_argument("--think", type=float, default=5.0, help="seconds between two pages, on average (default 5)")
    parser.add_argument("--kept", type=Path, default=ROOT / "var" / "kept", help="where full databases are kept")
    return parser.parse_args()


if __name__ == "__main__":
    main()
