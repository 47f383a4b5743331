"""A message queued once more: a new row, for a lane's order rests on rows being done once and for all."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Row

from bot.ports import Kind, Queued
from channels.message import Outbound


def again(row: Row[Any], outbound: Outbound, **changes: Any) -> Queued:
    """What is to be queued for this outbox row, with changes of `Queued`. The key is made of the row's id alone, so
    that no row is queued again twice, whoever asks for it; the old key is no part of it, and nothing is read out of
    either."""
    same: dict[str, Any] = {"number": row.number, "version": row.version, "bulk": row.bulk, "citizen": row.lane}
    fresh = replace(outbound, key=f"again/{row.id}")
    return Queued(outbound=fresh, kind=Kind(row.kind), **(same | changes))
