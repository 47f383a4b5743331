"""What each question to the store costs in an empty database and in one with a million tickets.

    python -m benchmarks.million [--database sqlite,postgresql] [--tickets 1000000] [--messages 1000000]
        [--kept FOLDER] [--times 30]

Works on a copy of a database of `benchmarks.kept`, with so many finished messages in inbox and outbox beside the
tickets, and on an empty one. Each figure is the median of the whole call, as the bot or the desk makes it, in a unit of
work of its own that is not committed.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.hostility.run import KEY
from benchmarks.kept import copied, filled, options
from benchmarks.questions import CLOCK, NOW, WRITES, Ask, prepared, reads
from benchmarks.store_history import messages
from bot.commands.numbers import whole
from store.database import Database
from store.seal import Seal
from store.work import Work
from tests.postgres import Missing
from tickets.model import Ticket


async def measured(url: str, times: int) -> dict[str, float]:
    """Milliseconds of each question."""
    async with _store(url) as store:
        one = await prepared(store)
        found = {name: await _median(store.view, ask, one, times) for name, ask in reads().items()}
        return found | {name: await _median(store.work, ask, one, times) for name, ask in WRITES.items()}


async def _median(begin: Callable[[], Work], ask: Ask, one: Ticket, times: int) -> float:
    """The first call is not counted: it prepares what later ones find."""
    took = []
    for _ in range(times + 1):
        async with begin() as work:
            start = perf_counter()
            await ask(work, one)
            took.append(perf_counter() - start)
    return median(took[1:]) * 1000


@asynccontextmanager
async def _store(url: str) -> AsyncIterator[Database]:
    store = await Database.open(url, Seal(KEY), clock=CLOCK)
    try:
        yield store
    finally:
        await store.close()


def _run(database: str, full: Path | None, given: argparse.Namespace) -> dict[str, float]:
    with copied(database, full) as copy:
        if full:
            asyncio.run(messages(copy.url, NOW, given.messages))
        return asyncio.run(measured(copy.url, given.times))


def main() -> None:
    given = _options()
    columns = {}
    for database in given.database.split(","):
        try:
            full = filled(given.kept, database, given.tickets)
            columns[f"{database}, empty"] = _run(database, None, given)
            columns[f"{database}, {given.tickets:,}"] = _run(database, full, given)
        except Missing as why:
            print(f"{database} is not measured: {why}")
    print(*_table(columns), sep="\n")


def _table(columns: dict[str, dict[str, float]]) -> Iterator[str]:
    yield f"| ms | {' | '.join(columns)} |"
    yield f"| --- {'| ---: ' * len(columns)}|"
    for name in next(iter(columns.values()), {}):
        yield f"| {name} | {' | '.join(f'{column[name]:.2f}' for column in columns.values())} |"


def _options() -> argparse.Namespace:
    parser = options(__doc__, tickets=1_000_000)
    help_ = "finished, in inbox and outbox each"
    parser.add_argument("--messages", type=whole(1, 10_000_000), default=1_000_000, help=help_)
    parser.add_argument("--times", type=whole(1, 10_000), default=30, help="of each question (default 30)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
