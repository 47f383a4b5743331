"""How many tickets there are of each service and status, without counting them.

Triggers of the database write down what each statement changed in `tickets`, in its own transaction (migration 0011).
So it holds whoever writes, also for processes of a version that knows nothing of it. The sum of all rows of a kind is
its number of tickets. On SQLite one row of each kind is changed in place. On PostgreSQL that would make everybody who
files wait for everybody else; there each transaction adds its own, and `fold`, now and then, puts one in the place of
many.
"""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import delete, func, insert, select

from store.tables import tallies
from store.transaction import Transaction
from tickets.model import Status

_MANY = 1_000  # rows from which on they are folded


class Tallies:
    """Joined to the transaction of whoever asks."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def by_status(self) -> Mapping[Status, int]:
        found = await self._tx.execute(
            select(tallies.c.status, func.sum(tallies.c.change).label("tickets")).group_by(tallies.c.status)
        )
        return {Status(row.status): int(row.tickets) for row in found if row.tickets}

    async def total(self, statuses: Iterable[Status], services: Collection[str]) -> int:
        """Of these services; none named: of all."""
        counted = select(func.coalesce(func.sum(tallies.c.change), 0)).where(tallies.c.status.in_(list(statuses)))
        if services:
            counted = counted.where(tallies.c.service.in_(sorted(services)))
        return int((await self._tx.execute(counted)).scalar_one())

    async def fold(self) -> None:
        """Where there are many rows, one in the place of all those of a kind. Whoever deletes a row sums it up: what
        others add or fold meanwhile stays theirs."""
        if self._tx.dialect.name == "sqlite":
            return
        there = await self._tx.execute(select(func.count()).select_from(tallies))
        if there.scalar_one() < _MANY:
            return
        gone = delete(tallies).returning(*tallies.c).cte("gone")
        kind, change = (gone.c.service, gone.c.status), func.sum(gone.c.change)
        sums = select(*kind, func.txid_current(), change).group_by(*kind).having(change != 0)
        await self._tx.execute(insert(tallies).from_select(tallies.c.keys(), sums))
