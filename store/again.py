"""A message queued once more: a new row, for a lane's order rests on rows being done once and for all."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, literal, select

from bot.ports import Kind, Queued
from channels.message import Outbound
from store.outbox import Outbox
from store.tables import fleeting
from store.transaction import Transaction


async def queue_again(tx: Transaction, row: Row[Any], outbound: Outbound, now: datetime, **changes: Any) -> None:
    """As `again`; what is not kept of the old row is not kept of the new one."""
    anew = again(row, outbound, **changes)
    await Outbox(tx).enqueue([anew], now)
    heir = select(literal(anew.outbound.key, fleeting.c.key.type), fleeting.c.until).where(fleeting.c.key == row.key)
    await tx.execute(insert(fleeting).from_select(["key", "until"], heir))


def again(row: Row[Any], outbound: Outbound, **changes: Any) -> Queued:
    """What is to be queued for this outbox row, with changes of `Queued`. The key is made of the row's id alone, so
    that no row is queued again twice, whoever asks for it; the old key is no part of it, and nothing is read out of
    either."""
    same: dict[str, Any] = {"number": row.number, "version": row.version, "bulk": row.bulk, "citizen": row.lane}
    fresh = replace(outbound, key=f"again/{row.id}")
    return Queued(outbound=fresh, kind=Kind(row.kind), **(same | changes))
