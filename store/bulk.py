"""Very many citizens and tickets at once, for invented history.

Nobody's report rests on these rows. All of them come in one transaction: until its end nobody sees any, and a crash
leaves nothing behind. Rows are made (`store/bulk_sheets.py`) apart from where they are written, so that other processes
can.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from store.bulk_drivers import ByPostgresql, BySqlite, Driver, Told, untold
from store.bulk_sheets import Layout, Sheet
from store.engine import parse_url
from store.tables import metadata
from store.unavailable import reachable


class Bulk:
    """Made by `opened`."""

    def __init__(self, driver: Driver, layout: Layout) -> None:
        self._driver, self._layout = driver, layout

    async def numbers(self) -> set[str]:
        """The numbers of all tickets."""
        with reachable():
            return set(await self._driver.ask("SELECT number FROM tickets"))

    async def reserve(self, count: int) -> Sequence[int]:
        """Ids for so many newcomers, which nobody else gets."""
        with reachable():
            return await self._driver.reserve(count)

    async def add(self, made: Sequence[Sheet]) -> None:
        """What `Sheets.made` gave, by the same layout."""
        with reachable():
            for (name, columns), sheet in zip(self._layout.items(), made, strict=True):
                if sheet:
                    await self._driver.insert(metadata.tables[name], columns, sheet)

    async def finish(self, told: Told) -> None:
        """What was added is there from now on."""
        with reachable():
            await self._driver.commit(told)


@asynccontextmanager
async def opened(url: str, layout: Layout, *, expected: int, told: Told = untold) -> AsyncIterator[Bulk]:
    """On a migrated database; what was added is there once this ends without an error. Where more tickets are
    `expected` than there are, indexes, keys and references are taken away first and built anew at the end, which is
    quicker (`told` how much of that is done); until then PostgreSQL lets nobody else at the tables. Raises BadUrl or
    StoreUnavailable, as do Bulk's methods; what goes wrong between them is not the database's."""
    driver = await _driver(url)
    try:
        with reachable():
            [there] = await driver.ask("SELECT count(*) FROM tickets")
            if expected > there:
                await driver.strip([metadata.tables[name] for name in layout])
        bulk = Bulk(driver, layout)
        yield bulk
        await bulk.finish(told)
    finally:
        with reachable():
            await driver.close()


async def _driver(url: str) -> Driver:
    parsed = parse_url(url)
    with reachable():
        return BySqlite(parsed) if parsed.get_backend_name() == "sqlite" else await ByPostgresql.open(parsed)
