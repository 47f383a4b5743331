"""How many tickets there are of each service and status, without counting them.

Each filing and each move adds rows that say what it changed, in its own transaction; the sum of all rows is the number
of tickets. One row per kind, changed in place, would make everybody who files wait for everybody else; so rows are only
added, and `fold`, now and then, puts one in the place of many.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from sqlalchemy import delete, func, select

from store.statement import many
from store.tables import tallies
from store.transaction import Transaction
from tickets.model import Status, Ticket, Update

Kind = tuple[str, str]  # service and status
_MANY = 1_000  # rows: the sum of so many takes less than a millisecond
_COLUMNS = ("service", "status", "change")
_ADD = many(_COLUMNS, lambda insert: insert, tallies)


def changed(ticket: Ticket, update: Update) -> Counter[Kind]:
    """What an update, which made this version of the ticket, has changed in the numbers of tickets."""
    change = Counter[Kind]({(ticket.service, ticket.status): 1})
    if update.version > 1:
        change.subtract({(update.old_service or ticket.service, update.old or ticket.status): 1})
    return change


class Tallies:
    """Joined to the transaction of whoever files, moves or asks."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def note(self, change: Mapping[Kind, int]) -> None:
        """A comment changes nothing."""
        kinds = [(*kind, count) for kind, count in change.items() if count]
        await self._tx.put(_ADD, [dict(zip(_COLUMNS, kind, strict=True)) for kind in kinds])

    async def by_status(self) -> Mapping[Status, int]:
        found = await self._tx.execute(
            select(tallies.c.status, func.sum(tallies.c.change).label("tickets")).group_by(tallies.c.status)
        )
        return {Status(row.status): int(row.tickets) for row in found if row.tickets}

    async def total(self, statuses: Iterable[Status], service: str | None) -> int:
        counted = select(func.coalesce(func.sum(tallies.c.change), 0)).where(tallies.c.status.in_(list(statuses)))
        if service is not None:
            counted = counted.where(tallies.c.service == service)
        return int((await self._tx.execute(counted)).scalar_one())

    async def fold(self) -> None:
        """Where there are many rows, one in the place of all those of a kind. Whoever deletes a row sums it up."""
        there = await self._tx.execute(select(func.count()).select_from(tallies))
        if there.scalar_one() < _MANY:
            return
        sums = Counter[Kind]()
        for row in await self._tx.execute(delete(tallies).returning(*tallies.c)):
            sums[row.service, row.status] += row.change
        await self.note(sums)
