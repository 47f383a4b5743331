"""Links between tickets. A pair is one row, whichever side it was made from: its lesser number stands first."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, or_, select

from bot.ports.links import Link, Relation
from store.statement import Statement
from store.tables import links
from store.transaction import Transaction

_OF = Statement(
    lambda _insert: (
        select(links)
        .where(or_(links.c.number == bindparam("number_"), links.c.other == bindparam("number_")))
        .order_by(links.c.at, links.c.number, links.c.other)
    )
)


class Links:
    """Keeps `bot.ports.links.Links`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def of(self, number: str) -> Sequence[Link]:
        rows = await self._tx.run(_OF, {"number_": number})
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
