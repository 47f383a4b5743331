"""What has waited for its citizen for too long, claimed: a lease on rows of `parked`, of each citizen one at a time.

`sms_at` is to them what `due` is to the queues: a claim moves it to the end of the lease, so that a row whose claimer
died or failed is overdue again then, and stands behind no other citizen's meanwhile.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, select, update

from bot.ports import Parked
from channels.message import Outbound
from store.codec import Codec
from store.places import PLACE
from store.tables import citizens, outbox, parked
from store.transaction import Transaction


async def claim(tx: Transaction, now: datetime, lease: float, limit: int) -> Sequence[Parked]:
    """Keeps `bot.ports.Windows.claim`."""
    free = heads(now).order_by(parked.c.sms_at, parked.c.id).limit(limit)
    chosen = free.with_for_update(skip_locked=True, of=parked).cte("chosen")
    until, token = now + timedelta(seconds=lease), token_hex(8)
    taken = update(parked).where(parked.c.id.in_(select(chosen.c.id)))
    values = {"sms_at": until, "token": token, "attempts": parked.c.attempts + 1}
    ids = list((await tx.execute(taken.values(values).returning(parked.c.id))).scalars())
    rows = (await tx.execute(_rows().where(parked.c.id.in_(ids)))).all() if ids else ()
    return [_parked(row, tx.codec) for row in rows]


def heads(now: datetime) -> Select[tuple[int]]:
    """Of each citizen the first one in their lane's order, be it in somebody's hands: then none."""
    older, before = parked.alias("older"), outbox.alias("before")
    in_hand_or_next = older.c.token.is_not(None) | (older.c.sms_at <= now)
    stands_before = exists().where(
        older.c.citizen == parked.c.citizen,
        before.c.id == older.c.id,
        func.coalesce(before.c.place, before.c.id) < PLACE,
        in_hand_or_next,
    )
    return select(parked.c.id).join(outbox).where(parked.c.sms_at <= now, ~stands_before)


def held(waiting: Parked) -> ColumnElement[bool]:
    """This row of `parked`, still under this lease."""
    return and_(parked.c.id == waiting.id, parked.c.token == waiting.token)


def _rows() -> Select[Any]:
    wanted = select(parked, citizens.c.language, outbox.c.outbound).select_from(parked)
    return wanted.join(outbox, outbox.c.id == parked.c.id).join(citizens, citizens.c.id == parked.c.citizen)


def _parked(row: Row[Any], codec: Codec) -> Parked:
    return Parked(
        id=row.id,
        token=row.token,
        attempts=row.attempts,
        citizen=row.citizen,
        language=row.language,
        outbound=codec.readable(outbox.c.outbound, row.outbound, Outbound),
    )
