"""What the desk changed of the city's settings."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, select

from bot.ports.amendments import Amendment, Kind
from store.tables import amendments
from store.transaction import Transaction


class Amendments:
    """Keeps `bot.ports.amendments.Amendments`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def now(self, kind: Kind) -> Sequence[Amendment]:
        newest = select(func.max(amendments.c.id)).where(amendments.c.kind == kind).group_by(amendments.c.key)
        rows = await self._tx.execute(select(amendments).where(amendments.c.id.in_(newest)).order_by(amendments.c.key))
        return _read(rows)

    async def history(self, kind: Kind, key: str, limit: int) -> Sequence[Amendment]:
        one = (amendments.c.kind == kind) & (amendments.c.key == key)
        rows = await self._tx.execute(select(amendments).where(one).order_by(amendments.c.id.desc()).limit(limit))
        return _read(rows)

    async def amend(self, amendment: Amendment) -> None:
        row = {
            "kind": amendment.kind,
            "key": amendment.key,
            "value": amendment.value,
            "at": amendment.at,
            "login": amendment.login,
        }
        await self._tx.execute(amendments.insert().values(row))

    async def version(self) -> int:
        return int((await self._tx.execute(select(func.coalesce(func.max(amendments.c.id), 0)))).scalar_one())


def _read(rows: Iterable[Any]) -> Sequence[Amendment]:
    return [
        Amendment(id=row.id, kind=Kind(row.kind), key=row.key, value=row.value, at=row.at, login=row.login)
        for row in rows
    ]
