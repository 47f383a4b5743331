"""What the desk changed of the city's settings."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, func, select

from bot.ports.amendments import Amendment, Kind
from store.statement import Statement
from store.tables import amendments, cursors
from store.transaction import Transaction

_NEWEST = select(func.max(amendments.c.id)).where(amendments.c.kind == bindparam("kind_")).group_by(amendments.c.key)
_NOW = Statement(lambda _insert: select(amendments).where(amendments.c.id.in_(_NEWEST)).order_by(amendments.c.key))

_HELD = "amendments"  # a row that whoever amends writes first


class Amendments:
    """Keeps `bot.ports.amendments.Amendments`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def now(self, kind: Kind) -> Sequence[Amendment]:
        return _read(await self._tx.run(_NOW, {"kind_": kind}))

    async def history(self, kind: Kind, key: str, limit: int) -> Sequence[Amendment]:
        one = (amendments.c.kind == kind) & (amendments.c.key == key)
        rows = await self._tx.execute(select(amendments).where(one).order_by(amendments.c.id.desc()).limit(limit))
        return _read(rows)

    async def amend(self, amendment: Amendment) -> None:
        await self.hold()  # else ids could be seen in another order than that in which they count
        row = {
            "kind": amendment.kind,
            "key": amendment.key,
            "value": amendment.value,
            "at": amendment.at,
            "login": amendment.login,
        }
        await self._tx.execute(amendments.insert().values(row))

    async def hold(self) -> None:
        row = self._tx.insert(cursors).values(name=_HELD, value=0)
        await self._tx.execute(row.on_conflict_do_update(index_elements=[cursors.c.name], set_={"value": 0}))

    async def all(self) -> Sequence[Amendment]:
        newest = select(func.max(amendments.c.id)).group_by(amendments.c.kind, amendments.c.key)
        return _read(
            await self._tx.execute(select(amendments).where(amendments.c.id.in_(newest)).order_by(amendments.c.id))
        )

    async def version(self) -> int:
        return int((await self._tx.execute(select(func.coalesce(func.max(amendments.c.id), 0)))).scalar_one())


def _read(rows: Iterable[Any]) -> Sequence[Amendment]:
    return [
        Amendment(id=row.id, kind=Kind(row.kind), key=row.key, value=row.value, at=row.at, login=row.login)
        for row in rows
    ]
