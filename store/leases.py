"""Who does what only one process may do at a time, for a while (polling a provider)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select

from store.tables import leases
from store.transaction import Transaction


class Leases:
    """Keeps `bot.ports.Leases`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def hold(self, name: str, owner: str, now: datetime, until: datetime) -> bool:
        insert = self._tx.insert(leases).values(name=name, owner=owner, until=until)
        mine = or_(leases.c.owner == owner, leases.c.until <= now)
        held = insert.on_conflict_do_update(
            index_elements=[leases.c.name], set_={"owner": owner, "until": until}, where=mine
        )
        return await self._tx.changed(held) == 1

    async def give_up(self, name: str, owner: str) -> None:
        await self._tx.execute(delete(leases).where(leases.c.name == name, leases.c.owner == owner))

    async def over(self, prefix: str, now: datetime, limit: int) -> Sequence[str]:
        ended = leases.c.name.startswith(prefix, autoescape=True) & (leases.c.until <= now)
        found = select(leases.c.name).where(ended).order_by(leases.c.until, leases.c.name).limit(limit)
        return list((await self._tx.execute(found)).scalars())
