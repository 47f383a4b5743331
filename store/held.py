"""What a copy of the database must not do when it works again: say once more what was said after it was made.

Whatever waited to be sent at its instant may have been sent since. So it is failed, with the reason `restored`: it
stands on the clerks' list of what did not arrive, from which somebody sends it after all, and a receipt that still
comes says that it has arrived. What waited to be answered is set aside in the same way.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, select, text, update

from bot.ports import AsideReason
from channels.message import Delivery
from channels.reason import Reason
from store.codec import Codec
from store.erasure import ERASED, marks_of
from store.erasures import Erased
from store.tables import UNSETTLED, citizens, closures, cursors, inbox, leases, metadata, outbox, parked, slots

UNFINISHED = "restore:unfinished"  # of a database that is being restored, in `cursors`
GAP = 1_000_000  # ids that were given out between the copy and the loss, at most: receipts still name them
_MANY = 5000  # rows at a time


def hold(connection: Connection, now: datetime) -> int:
    """Let nothing of it be sent or answered by itself; how many messages from us that is."""
    was_parked = outbox.c.id.in_(select(parked.c.id))
    waits = outbox.c.done_at.is_(None) | was_parked
    failed = {"delivery": Delivery.FAILED, "reason": Reason.RESTORED, "done_at": now, "owner": None, "token": None}
    kept = connection.execute(update(outbox).where(waits).values(settled_at=None, **failed)).rowcount
    connection.execute(delete(parked))
    connection.execute(update(closures).where(closures.c.due <= now).values(due=None))  # it may have been asked
    aside = {"done_at": now, "aside_at": now, "reason": AsideReason.RESTORED, "owner": None, "token": None}
    connection.execute(update(inbox).where(inbox.c.done_at.is_(None)).values(aside))
    connection.execute(delete(leases))  # of processes that are gone
    connection.execute(delete(slots))
    return kept


def count(connection: Connection) -> int:
    """How many messages from us wait for a person's word."""
    wanted = select(func.count()).select_from(outbox).where(UNSETTLED, outbox.c.reason == Reason.RESTORED)
    return connection.execute(wanted).scalar_one()


def begin(connection: Connection) -> None:
    """From now on, until `end`, no Vecino works with it."""
    connection.execute(insert(cursors).values(name=UNFINISHED, value=1))


def end(connection: Connection) -> None:
    connection.execute(delete(cursors).where(cursors.c.name == UNFINISHED))


def move_on(connection: Connection, last: dict[str, int]) -> None:
    """The ids that come next were never given out: neither before the copy was made nor after it."""
    for name, highest in last.items():
        if name not in metadata.tables:
            continue
        value = {"name": name, "value": highest + GAP}
        if connection.dialect.name == "sqlite":
            connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": name})
            connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :value)"), value)
        else:
            connection.execute(text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :value)"), value)


def whom(connection: Connection, codec: Codec, erased: Sequence[Erased]) -> list[int]:
    """Who is one of them, by any of our keys, and had first written by then. The hash in an old copy is by the key of
    its day, that of an erasure by those of another day: each contact is opened, and hashed by all."""
    until: dict[bytes, datetime] = {}
    for one in erased:
        until[one.mark] = max(one.at, until.get(one.mark, one.at))
    if not until:
        return []
    found, last = list[int](), 0
    some = select(citizens).where(citizens.c.id > bindparam("last_"), citizens.c.channel != ERASED)
    some = some.order_by(citizens.c.id).limit(_MANY)
    while rows := connection.execute(some, {"last_": last}).all():
        found += [row.id for row in rows if any(row.since <= until[one] for one in marks_of(row, codec) & until.keys())]
        last = rows[-1].id
    return found
