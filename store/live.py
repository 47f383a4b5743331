"""What open pages of the desk ask again and again, by keys and indexes; and the one habit of clerks that is kept."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from bot.ports import Query
from bot.ports.live import Glance
from store.cursors import Cursors
from store.desk import Desk
from store.tables import tickets
from store.transaction import Transaction
from tickets.model import Status

_GLANCE = (tickets.c.number, tickets.c.version, tickets.c.status, tickets.c.assignee, tickets.c.filed_at)


class Live:
    """Keeps `bot.ports.live.Live`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def glances(self, numbers: Collection[str]) -> Mapping[str, Glance]:
        if not numbers:
            return {}
        rows = await self._tx.execute(select(*_GLANCE).where(tickets.c.number.in_(sorted(numbers))))
        return {
            row.number: Glance(
                number=row.number, version=row.version, status=Status(row.status), assignee=row.assignee,
                filed_at=row.filed_at,
            )
            for row in rows
        }  # fmt: skip

    async def among(self, query: Query, numbers: Collection[str]) -> frozenset[str]:
        return await Desk(self._tx, lambda _: []).among(query, numbers) if numbers else frozenset()

    async def filed(self, since: datetime, limit: int) -> Sequence[str]:
        latest = select(tickets.c.number).where(tickets.c.filed_at >= since).order_by(tickets.c.filed_at.desc())
        return (await self._tx.execute(latest.limit(limit))).scalars().all()


class Habits:
    """Keeps `bot.ports.live.Habits`, beside the other small numbers that have a name."""

    def __init__(self, tx: Transaction) -> None:
        self._cursors = Cursors(tx)

    async def shortcuts(self, login: str) -> bool:
        return not await self._cursors.get(_no_shortcuts(login))

    async def set_shortcuts(self, login: str, *, on: bool) -> None:
        await self._cursors.set(_no_shortcuts(login), 0 if on else 1)


def _no_shortcuts(login: str) -> str:
    return f"desk/no-shortcuts/{login}"
