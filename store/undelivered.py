"""Messages that reached nobody: the clerks' list of them."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, or_, select, update

from bot.ports import Failure, Queued
from channels.message import Outbound
from channels.reason import Reason
from store.codec import UNOPENED
from store.outbox import Outbox
from store.tables import UNSETTLED, citizens, outbox
from store.transaction import Transaction

# Who said STOP did not want the answers that were under way; news of their reports a clerk may tell them otherwise.
_LISTED = UNSETTLED & or_(outbox.c.reason != Reason.OPTED_OUT, outbox.c.number.is_not(None))


class Undelivered:
    """Keeps `bot.ports.Undelivered`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def page(self, offset: int, limit: int) -> Sequence[Failure]:
        newest = select(outbox).where(_LISTED).order_by(outbox.c.id.desc()).offset(offset).limit(limit)
        return [self._failure(row) for row in await self._tx.execute(newest)]

    async def count(self) -> int:
        found = await self._tx.execute(select(func.count()).select_from(outbox).where(_LISTED))
        return int(found.scalar_one())

    async def again(self, id: int, now: datetime) -> bool:  # noqa: A002 - the port's word
        """A new row, for a lane's order rests on rows being done once and for all."""
        wanted = select(outbox).join(citizens).where(outbox.c.id == id, UNSETTLED, ~citizens.c.opted_out)
        row = (await self._tx.execute(wanted.with_for_update(of=outbox))).first()
        outbound = self._outbound(row) if row else None
        if row is None or outbound is None or not await self.settle(id, now):
            return False
        once_more = replace(outbound, key=_next_key(outbound.key))
        queued = Queued(outbound=once_more, citizen=row.lane, number=row.number, version=row.version, bulk=row.bulk)
        await Outbox(self._tx).enqueue([queued], now)
        return True

    async def settle(self, id: int, now: datetime) -> bool:  # noqa: A002
        settled = update(outbox).where(outbox.c.id == id, UNSETTLED).values(settled_at=now)
        return await self._tx.changed(settled) == 1

    def _failure(self, row: Row[Any]) -> Failure:
        outbound = self._outbound(row)
        outbound = self._tx.codec.readable(outbox.c.outbound, row.outbound, Outbound)
        return Failure(
            id=row.id,
            channel=row.channel,
            kind=row.key.partition(":")[0],
            number=row.number,
            reason=row.reason,
            queued_at=row.queued_at,
            text=outbound.text if outbound else "",
        )

    def _outbound(self, row: Row[Any]) -> Outbound | None:
        """None where no key of ours opens it."""
        with suppress(*UNOPENED):
            return self._tx.codec.unpack(outbox.c.outbound, row.outbound, Outbound)
        return None


def _next_key(key: str) -> str:
    """`notice:7K3-9QX/2:5` -> `notice:7K3-9QX/2:5+2`, then `+3`: a key is sent once."""
    first, plus, count = key.rpartition("+")
    return f"{first}+{int(count) + 1}" if plus and count.isdigit() else f"{key}+2"
