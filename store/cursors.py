"""Where polling stands."""

from sqlalchemy import select

from store.tables import cursors
from store.transaction import Transaction


class Cursors:
    """Keeps `bot.ports.Cursors`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def get(self, name: str) -> int:
        """0 where nothing was set yet."""
        found = await self._tx.execute(select(cursors.c.value).where(cursors.c.name == name))
        return found.scalar_one_or_none() or 0

    async def set(self, name: str, value: int) -> None:
        insert = self._tx.insert(cursors).values(name=name, value=value)
        await self._tx.execute(insert.on_conflict_do_update(index_elements=[cursors.c.name], set_={"value": value}))
