"""A citizen's number where clerks may have written it: in notes on many tickets at once, and in lists they saved."""

from urllib.parse import unquote_plus

from sqlalchemy import delete, select, update

from store.tables import batches, saved
from store.transaction import Transaction
from tickets.erasing import without


class Traces:
    """Joined to the transaction of whoever erases. Both tables are small: acts on many are kept for some weeks."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def remove(self, address: str) -> None:
        """Out of the notes; a saved list that looks for it goes wholly."""
        for row in (await self._tx.execute(select(batches.c.id, batches.c.steps))).all():
            steps = self._tx.codec.readable(batches.c.steps, row.steps, str)
            if steps is not None and (left := without(steps, address)) != steps:
                kept = self._tx.codec.pack(batches.c.steps, left)
                await self._tx.execute(update(batches).where(batches.c.id == row.id).values(steps=kept))
        for row in (await self._tx.execute(select(saved))).all():
            told = f"{row.name} {unquote_plus(row.query)}"
            if without(told, address) != told:
                mine = (saved.c.login == row.login) & (saved.c.name == row.name)
                await self._tx.execute(delete(saved).where(mine))
