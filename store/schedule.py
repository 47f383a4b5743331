"""Who does a part of a scheduled job, decided by a primary key and a lock on its row."""

from datetime import datetime

from sqlalchemy import func, select, update

from store.tables import schedule_runs
from store.transaction import Transaction


class Schedule:
    """Keeps `bot.ports.Schedule`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def once(self, schedule: str, at: datetime) -> bool:
        """On PostgreSQL the second asker waits for the first one's transaction: if that fails, the job is theirs."""
        return await self._begin(schedule, at, None)

    async def next_part(self, schedule: str, at: datetime) -> int | None:
        """On PostgreSQL the second asker waits for the first one's part, and gets the one behind it."""
        if await self._begin(schedule, at, 0):
            return 0
        runs = schedule_runs.c
        reached = select(runs.after).where(runs.schedule == schedule, runs.at == at).with_for_update()
        after: int | None = (await self._tx.execute(reached)).scalar_one()
        return after

    async def last(self) -> datetime | None:
        latest: datetime | None = (await self._tx.execute(select(func.max(schedule_runs.c.at)))).scalar_one()
        return latest

    async def reached(self, schedule: str, at: datetime, after: int | None) -> None:
        runs = schedule_runs.c
        run = update(schedule_runs).where(runs.schedule == schedule, runs.at == at)
        await self._tx.execute(run.values(after=after))

    async def _begin(self, schedule: str, at: datetime, after: int | None) -> bool:
        insert = self._tx.insert(schedule_runs).values(schedule=schedule, at=at, after=after)
        return await self._tx.changed(insert.on_conflict_do_nothing()) == 1
