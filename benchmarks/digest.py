"""How long the figures of a week take in a city with very many tickets, and how much memory.

    python -m benchmarks.digest [--database sqlite,postgresql] [--tickets 1000000] [--kept FOLDER] [--times 3]

Works on a copy of a database of `benchmarks.kept`: the latest week and the one 40 weeks before it, each for the whole
city; and the page behind "late". Each is asked for in a process of its own: the median of the times, and the highest
memory of any (all of the process, imports and answer too).
"""

import argparse
import asyncio
import resource
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from multiprocessing import get_context
from statistics import median
from time import perf_counter

from sqlalchemy import func, select

from benchmarks.fleet import ROOT
from benchmarks.hostility.run import KEY
from benchmarks.kept import Copy, on_each, options
from bot.clock import SystemClock
from bot.commands.numbers import whole
from bot.config import load
from store.database import Database
from store.seal import Seal
from store.tables import tickets
from store.transaction import Transaction
from store.work import Work
from tickets.city import City
from tickets.figures import Figure, Scope
from tickets.period import Period, last_week

Ask = Callable[[Work, City, Period, datetime], Awaitable[object]]
_LONG_AGO = 40  # weeks
_MIB = 1024  # KiB
ASKED: dict[str, tuple[int, Ask]] = {
    "digest of the latest week": (0, lambda work, *of: digest(work, *of)),
    f"digest of a week {_LONG_AGO} weeks ago": (_LONG_AGO, lambda work, *of: digest(work, *of)),
    "tickets behind `late`, first page": (0, lambda work, *of: late(work, *of)),
}


async def digest(work: Work, city: City, period: Period, now: datetime) -> object:
    return await work.statistics.digest(city, period, Scope(), now)


async def late(work: Work, city: City, period: Period, now: datetime) -> object:
    return await work.statistics.behind(city, Figure.LATE, period, Scope(), now, 0, 50)


async def measured(url: str, name: str) -> tuple[float, float]:
    """Seconds and MiB."""
    weeks, ask = ASKED[name]
    city = load(ROOT / "config.yml", {}).city
    store = await Database.open(url, Seal(KEY), clock=SystemClock())
    try:
        now = await newest(store)
        period = last_week(now, city.calendar.zone).before(weeks)
        async with store.view() as work:
            start = perf_counter()
            await ask(work, city, period, now)
            took = perf_counter() - start
    finally:
        await store.close()
    return took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MIB


async def newest(store: Database) -> datetime:
    """A database that was filled long ago ends then."""
    async with store.view() as work:
        tx: Transaction = work._tx
        latest: datetime | None = (await tx.execute(select(func.max(tickets.c.filed_at)))).scalar()
    if latest is None:
        raise SystemExit("there are no tickets")
    return latest


def _alone(url: str, name: str) -> tuple[float, float]:
    """In a process that has done nothing else."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_run, (url, name))


def _run(url: str, name: str) -> tuple[float, float]:
    return asyncio.run(measured(url, name))


def _show(given: argparse.Namespace, database: str, copy: Copy) -> None:
    for name in ASKED:
        runs = [_alone(copy.url, name) for _ in range(given.times)]
        took, memory = median(took for took, _ in runs), max(memory for _, memory in runs)
        print(f"| {database}, {given.tickets:,} | {name} | {took:.2f} s | {memory:.0f} MiB |", flush=True)


def main() -> None:
    given = _options()
    print("| database | asked for | time | memory |", "| --- | --- | ---: | ---: |", sep="\n")
    on_each(given, partial(_show, given))


def _options() -> argparse.Namespace:
    parser = options(__doc__, tickets=1_000_000)
    parser.add_argument("--times", type=whole(1, 100), default=3, help="of each question (default 3)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
