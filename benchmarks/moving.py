"""How quickly an old system's cases are imported, the first time and again.

    python -m benchmarks.moving [--database sqlite,postgresql] [--cases 100000]

A table of invented cases over eight years, nine in ten of them closed, with descriptions of 18 words, addresses and
points in the demo city, is read, placed, sealed, made findable and filed, 500 in each transaction, with fsync.
"""

import argparse
import asyncio
from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter

from bot.clock import SystemClock
from bot.commands.numbers import whole
from store.database import Database
from store.migrate import migrate
from store.seal import Seal
from tests import postgres
from tests.bot.moving.samples import imported, line, table
from tests.store.samples import SECRET
from tests.town import CITY

_WORDS = (
    "hueco", "enorme", "frente", "escuela", "semanas", "nadie", "viene", "poste", "luz", "apagada", "basura", "agua",
    "fuga", "calle", "esquina", "mercado", "grande", "peligro", "niños", "noche", "lluvia", "vecinos", "roto", "parque",
)  # fmt: skip


def lines(count: int, random: Random) -> Iterator[str]:
    """Cases as the samples' mapping reads them."""
    streets = [street.name for street in CITY.streets]
    for n in range(count):
        filed = f"{random.randint(1, 28):02}/{random.randint(1, 12):02}/{random.randint(2018, 2025)} 10:15"
        closed = random.random() < 0.9
        yield line(
            f"2018-{n:07}", fecha=filed, estado="Cerrado" if closed else "Abierto", cierre="15/01/2026" * closed,
            asunto=" ".join(random.choices(_WORDS, k=18)), lugar=f"{random.choice(streets)} {random.randint(1, 900)}",
            lat=f"{14.59 + random.random() * 0.02:.5f}", lon=f"{-66.51 + random.random() * 0.02:.5f}",
        )  # fmt: skip


async def measure(url: str, path: Path, count: int) -> None:
    """Both runs; printed."""
    await migrate(url)
    store = await Database.open(url, Seal(SECRET), clock=SystemClock())
    for seed, what in enumerate(("filed", "again")):
        begin = perf_counter()
        report = await imported(store, path, seed=seed)
        seconds = perf_counter() - begin
        outcomes = {str(one): found for one, found in report.outcomes.items()}
        print(f"{url.partition(':')[0]:10} {what}: {count / seconds:8,.0f} cases/s, {seconds:.1f} s, {outcomes}")
    await store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", default="sqlite,postgresql")
    parser.add_argument("--cases", type=whole(1, 10_000_000), default=100_000)
    given = parser.parse_args()
    with TemporaryDirectory() as name:
        path = table(Path(name), *lines(given.cases, Random(7)))
        if "sqlite" in given.database:
            asyncio.run(measure(f"sqlite:///{name}/moving.db", path, given.cases))
        if "postgresql" in given.database:
            with postgres.running(fsync=True) as cluster:
                asyncio.run(measure(cluster.url("postgres"), path, given.cases))


if __name__ == "__main__":
    main()
