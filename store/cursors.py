"""Where polling stands."""

from sqlalchemy import bindparam, select

from store.statement import Statement
from store.tables import cursors
from store.transaction import Transaction

_GET = Statement(lambda _insert: select(cursors.c.value).where(cursors.c.name == bindparam("name_")))


class Cursors:
    """Keeps `bot.ports.Cursors`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def get(self, name: str) -> int:
        """0 where nothing was set yet."""
        return next((int(row.value) for row in await self._tx.run(_GET, {"name_": name})), 0)

    async def set(self, name: str, value: int) -> None:
        insert = self._tx.insert(cursors).values(name=name, value=value)
        await self._tx.execute(insert.on_conflict_do_update(index_elements=[cursors.c.name], set_={"value": value}))
