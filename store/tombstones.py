"""What is left of reports that were deleted by rule."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, insert, literal, select

from store.statement import Statement
from store.tables import tickets, tombstones
from store.transaction import Transaction
from store.types import Time
from tickets.retention import Tombstone

_GET = Statement(lambda _insert: select(tombstones).where(tombstones.c.number == bindparam("number_")))
_LEFT = ("number", "service", "area", "filed_at", "closed_at")


class Tombstones:
    """Joined to the transaction of whoever asks."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def get(self, number: str) -> Tombstone | None:
        for row in await self._tx.run(_GET, {"number_": number}):
            return Tombstone(**{name: getattr(row, name) for name in (*_LEFT, "deleted_at")})
        return None

    async def add(self, numbers: Sequence[str], now: datetime) -> None:
        """Of these tickets, which are about to be deleted."""
        columns = [tickets.c[name] for name in _LEFT]
        left = select(*columns, literal(now, Time)).where(tickets.c.number.in_(numbers))
        await self._tx.execute(insert(tombstones).from_select([*_LEFT, "deleted_at"], left))
