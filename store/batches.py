"""Acts on many tickets at once, kept so that they can be undone."""

from datetime import datetime

from sqlalchemy import select, update

from bot.ports.links import Batch
from store.tables import batches
from store.transaction import Transaction


class Batches:
    """Keeps `bot.ports.links.Batches`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, batch: Batch) -> int:
        row = {
            "at": batch.at,
            "login": batch.login,
            "act": batch.act,
            "steps": self._tx.codec.pack(batches.c.steps, batch.steps),
        }
        return int((await self._tx.execute(batches.insert().values(row).returning(batches.c.id))).scalar_one())

    async def get(self, wanted: int) -> Batch | None:
        row = (await self._tx.execute(select(batches).where(batches.c.id == wanted))).first()
        if row is None:
            return None
        steps = self._tx.codec.unpack(batches.c.steps, row.steps, str)
        return Batch(id=row.id, at=row.at, login=row.login, act=row.act, steps=steps, undone_at=row.undone_at)

    async def undo(self, wanted: int, at: datetime) -> bool:
        standing = (batches.c.id == wanted) & batches.c.undone_at.is_(None)
        return await self._tx.changed(update(batches).where(standing).values(undone_at=at)) == 1
