"""The week that the golden digests are of: some thousand tickets of `python -m bot demo`, the same ones each time."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.commands.demo import fill
from store.database import Database
from store.migrate import migrate
from store.seal import Seal
from tests.store.samples import SECRET, StillClock
from tests.town import CITY
from tickets.figures import Digest, Scope
from tickets.period import last_week

TICKETS, WEEKS, SEED = 3_000, 16, 8
NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)  # a Monday, 7 in the morning in Puerto Vecino
WEEK = last_week(NOW, CITY.calendar.zone)


async def filled(url: str) -> Database:
    """The history, in a migrated and empty database."""
    await fill(url, Seal(SECRET), CITY, tickets=TICKETS, weeks=WEEKS, seed=SEED, now=NOW)
    return await Database.open(url, Seal(SECRET), clock=StillClock(), durable=False)


async def counted(database: Database) -> Digest:
    async with database.view() as view:
        return await view.statistics.digest(CITY, WEEK, Scope(), NOW)


async def from_scratch() -> Digest:
    """The same by the way of a database that is thrown away."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'vecino.db'}"
        await migrate(url)
        database = await filled(url)
        try:
            return await counted(database)
        finally:
            await database.close()
