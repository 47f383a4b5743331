"""Who runs a scheduled job, decided by a primary key."""

from datetime import datetime

from store.tables import schedule_runs
from store.transaction import Transaction


class Schedule:
    """Keeps `bot.ports.Schedule`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def once(self, schedule: str, at: datetime) -> bool:
        """On PostgreSQL the second asker waits for the first one's transaction: if that fails, the job is theirs."""
        insert = self._tx.insert(schedule_runs).values(schedule=schedule, at=at)
        return await self._tx.changed(insert.on_conflict_do_nothing()) == 1
