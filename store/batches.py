"""Acts on many tickets at once, kept so that they can be undone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from bot.ports.links import Batch
from store.tables import batches
from store.transaction import Transaction

_LOOKED_AT = batches.c.act == ""  # and not confirmed yet


class Batches:
    """Keeps `bot.ports.links.Batches`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, batch: Batch) -> int:
        return int(
            (await self._tx.execute(batches.insert().values(self._row(batch)).returning(batches.c.id))).scalar_one()
        )

    async def get(self, wanted: int, *, lock: bool = False) -> Batch | None:
        found = select(batches).where(batches.c.id == wanted)
        row = (await self._tx.execute(found.with_for_update() if lock else found)).first()
        return None if row is None else self._batch(row)

    async def keep(self, batch: Batch) -> None:
        await self._tx.execute(update(batches).where(batches.c.id == batch.id).values(self._row(batch)))

    async def last(self, limit: int) -> Sequence[Batch]:
        rows = await self._tx.execute(select(batches).where(~_LOOKED_AT).order_by(batches.c.id.desc()).limit(limit))
        return [batch for row in rows if (batch := self._batch(row))]

    async def forget(self, looked_at: datetime, done: datetime) -> None:
        old = (_LOOKED_AT & (batches.c.at < looked_at)) | (batches.c.at < done)
        await self._tx.execute(delete(batches).where(old))

    async def undo(self, wanted: int, at: datetime) -> bool:
        standing = (batches.c.id == wanted) & batches.c.undone_at.is_(None)
        return await self._tx.changed(update(batches).where(standing).values(undone_at=at)) == 1

    def _row(self, batch: Batch) -> dict[str, Any]:
        return {
            "at": batch.at,
            "login": batch.login,
            "act": batch.act,
            "steps": self._tx.codec.pack(batches.c.steps, batch.steps),
            "undone_at": batch.undone_at,
        }

    def _batch(self, row: Any) -> Batch | None:
        steps = self._tx.codec.readable(batches.c.steps, row.steps, str)
        if steps is None:
            return None
        return Batch(id=row.id, at=row.at, login=row.login, act=row.act, steps=steps, undone_at=row.undone_at)
