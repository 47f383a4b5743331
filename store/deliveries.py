"""How a message's delivery moves, by what we know of it or by its receipts: only forward."""

from typing import Any

from sqlalchemy import ColumnElement, Executable, bindparam, case, exists, false, func, or_, select, update

from channels.message import Delivery
from store.statement import Statement, places
from store.tables import inbox, outbox
from store.types import Time


def _which(meant: str, size: int) -> ColumnElement[bool]:
    ways = {
        "ours": (outbox.c.id == bindparam("id_")) & (outbox.c.token == bindparam("token_")),
        "key": (outbox.c.key == bindparam("key_")) & (outbox.c.channel == bindparam("channel_")),
        "external": outbox.c.external_hash.in_(places("hash", size)),
    }
    return ways[meant]


def _move(_insert: object, meant: str, to: Delivery, external: bool, size: int) -> Executable:  # noqa: FBT001 - a shape
    """A delivery moves forward or not at all; the row is done and its provider's id known in either case."""
    lower = or_(false(), *(outbox.c.delivery == delivery for delivery in Delivery if delivery.rank < to.rank))
    values: dict[str, Any] = {
        "delivery": case((lower, to), else_=outbox.c.delivery),
        "reason": case((lower, bindparam("reason_", type_=outbox.c.reason.type)), else_=outbox.c.reason),
        "done_at": func.coalesce(outbox.c.done_at, bindparam("now_", type_=Time())),
        "owner": None,
    }
    if external:
        known = bindparam("external_", type_=outbox.c.external_hash.type)
        values["external_hash"] = func.coalesce(outbox.c.external_hash, known)
    moved = update(outbox).where(_which(meant, size)).values(values)
    return moved.returning(outbox.c.id, outbox.c.lane, outbox.c.delivery)


MOVE = Statement(_move)
_WRITTEN_SINCE = exists().where(
    inbox.c.lane == outbox.c.lane, inbox.c.queued_at > func.coalesce(outbox.c.done_at, outbox.c.queued_at)
)
NO_NEWS = Statement(
    lambda _insert, meant, size: (
        select(outbox.c.id)
        .where(_which(meant, size), (outbox.c.delivery == Delivery.FAILED) | _WRITTEN_SINCE)
        .with_for_update()
    )
)
