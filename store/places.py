"""A lane's order, where a message is queued anew: it goes before what came after it, as if nothing had happened."""

from typing import Any, Final

from sqlalchemy import delete, func, select

from store.tables import outbox
from store.transaction import Transaction

PLACE: Final = func.coalesce(outbox.c.place, outbox.c.id)
QUEUED = (
    "lane",
    "key",
    "queued_at",
    "due",
    "attempts",
    "channel",
    "kind",
    "bulk",
    "outbound",
    "delivery",
    "reason",
    "number",
    "version",
    "place",
    "tries",
)  # what a row has when it is queued


async def taken_out(tx: Transaction, lane: int, place: int) -> list[dict[str, Any]]:
    """What came into this lane, which is locked, after that row and nobody has tried yet. These rows are gone; they are
    to be queued again, behind the one that takes the place. Who holds one (a claim that hurries it on) is waited for,
    and it is looked at again then: one that was left where it is would overtake the others."""
    idle = outbox.c.done_at.is_(None) & outbox.c.owner.is_(None) & (outbox.c.attempts == 0)
    later = select(outbox.c.id).where(outbox.c.lane == lane, idle, place < PLACE)
    gone = delete(outbox).where(outbox.c.id.in_(later.order_by(outbox.c.id).with_for_update())).returning(outbox)
    found = [row._asdict() for row in await tx.execute(gone)]
    rows = sorted(({**row, "place": row["place"] or row["id"]} for row in found), key=lambda row: row["place"])
    return [{name: row[name] for name in QUEUED} for row in rows]
