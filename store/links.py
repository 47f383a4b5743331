"""Links between tickets. A pair is one row, whichever side it was made from: its lesser number stands first."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select

from bot.ports.links import Link, Relation
from store.tables import links
from store.transaction import Transaction


class Links:
    """Keeps `bot.ports.links.Links`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def of(self, number: str) -> Sequence[Link]:
        mine = or_(links.c.number == number, links.c.other == number)
        rows = await self._tx.execute(select(links).where(mine).order_by(links.c.at, links.c.number, links.c.other))
        return [
            Link(
                other=row.other if row.number == number else row.number,
                relation=Relation(row.kind),
                at=row.at,
                login=row.login,
            )
            for row in rows
        ]

    async def add(self, number: str, other: str, relation: Relation, at: datetime, login: str) -> bool:
        first, second = sorted((number, other))
        row = {"number": first, "other": second, "kind": relation, "at": at, "login": login}
        insert = self._tx.insert(links).values(row)
        return await self._tx.changed(insert.on_conflict_do_nothing(index_elements=["number", "other"])) == 1

    async def remove(self, number: str, other: str) -> bool:
        first, second = sorted((number, other))
        return await self._tx.changed(links.delete().where(links.c.number == first, links.c.other == second)) == 1
