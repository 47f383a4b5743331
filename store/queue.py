"""The one mechanism of the inbox and the outbox: rows in lanes (one per citizen), each lane strictly in order.

Of a lane only the head, its oldest row that is not done, can be claimed. It is claimable when it is due; a claim moves
`due` to the end of the lease, so a claimed row, a row put off and a row whose owner died are one and the same to the
next claim: not due yet, or due. Whatever stands behind the head waits.

That no two processes hold rows of one lane at once rests on two things: a row becomes done once and for all, so
whoever sees the second row as head sees the first as done; and rows enter a lane under a lock on the citizen's row
(`Citizens.lanes`, `Outbox.enqueue`), so none with a lower id can appear after a higher one was claimed. On PostgreSQL
`FOR UPDATE SKIP LOCKED` lets claimers pass each other; each row is checked again once it is locked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import ColumnElement, Executable, Integer, Select, Table, and_, bindparam, exists, select, update

from store.statement import Statement
from store.transaction import Transaction
from store.types import Time


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Who claims, when, for how many seconds, and how many rows at most."""

    owner: str
    now: datetime
    seconds: float
    limit: int


def claiming(
    table: Table,
    *first: ColumnElement[Any],
    among: Sequence[ColumnElement[bool]] = (),
    also: Sequence[ColumnElement[Any]] = (),
    **values: Any,
) -> Executable:
    """The statement that `claim` fills in: due heads, only those `among`, those first by `first` and then by due time.
    `values` are set too, and `also` is returned beside the row."""
    due = heads(table, bindparam("now_", type_=Time()), first).where(*among).limit(bindparam("limit_", type_=Integer()))
    free = due.with_for_update(skip_locked=True, of=table).cte("free")
    lease: dict[str, Any] = {"owner": bindparam("owner_"), "token": bindparam("token_"), "due": bindparam("until_")}
    claimed = update(table).where(table.c.id.in_(select(free.c.id)))
    return claimed.values(**lease, attempts=table.c.attempts + 1, **values).returning(table, *also)


async def claim(tx: Transaction, statement: Statement, lease: Lease, *shape: Any) -> Sequence[Any]:
    """Claim by a statement made by `claiming`. Oldest first."""
    until = lease.now + timedelta(seconds=lease.seconds)
    values = {"now_": lease.now, "limit_": lease.limit, "owner_": lease.owner, "until_": until, "token_": token_hex(8)}
    return sorted(await tx.run(statement, values, *shape), key=lambda row: row.id)


def heads(table: Table, now: Any, first: Sequence[ColumnElement[Any]]) -> Select[Any]:
    """The ids of what can be claimed, first things first."""
    older = table.alias("older")
    blocked = exists().where(older.c.lane == table.c.lane, older.c.id < table.c.id, older.c.done_at.is_(None))
    due = select(table.c.id).where(table.c.done_at.is_(None), table.c.due <= now, ~blocked)
    return due.order_by(*first, table.c.due, table.c.id)


def held(table: Table, row: Any, token: Any) -> ColumnElement[bool]:
    """This row, still under this token: nobody has claimed it since, and it is not done."""
    return and_(table.c.id == row, table.c.token == token, table.c.done_at.is_(None))


def finishing(table: Table, *also: ColumnElement[Any]) -> Executable:
    """The statement that makes a row done, for good, while the token is its own."""
    done = update(table).where(held(table, bindparam("id_"), bindparam("token_")))
    return done.values(done_at=bindparam("now_"), owner=None).returning(table.c.id, *also)


_DONE = Statement(lambda _insert, table: finishing(table))


async def complete(tx: Transaction, table: Table, row: int, token: str, now: datetime, **values: Any) -> bool:
    """Done, for good; False when the token is no longer the row's."""
    if not values:
        return bool(await tx.run(_DONE, {"id_": row, "token_": token, "now_": now}, table))
    done = update(table).where(held(table, row, token)).values(done_at=now, owner=None, **values)
    return await tx.changed(done) == 1


async def put_off(
    tx: Transaction, table: Table, row: int, token: str, due: datetime, *, counted: bool, **values: Any
) -> bool:
    """Give it back, due later; the attempt is taken back unless `counted`."""
    attempts = table.c.attempts if counted else table.c.attempts - 1
    free = update(table).where(held(table, row, token))
    return await tx.changed(free.values(due=due, owner=None, token=None, attempts=attempts, **values)) == 1


async def release(tx: Transaction, table: Table, owner: str) -> int:
    """Free whatever this owner holds. The attempt stays counted: a row that kills its process must come to an end."""
    freed = update(table).where(table.c.owner == owner, table.c.done_at.is_(None))
    return await tx.changed(freed.values(owner=None, token=None, due=table.c.queued_at))
