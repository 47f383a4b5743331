"""Messages to be answered and to be sent. Both queues share the columns of `store/queue.py`. An index with
`done_at IS NULL` holds only what is still to do, so that millions of finished rows cost the claim nothing."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, text

from store.tables.columns import metadata, part, queue_columns, required
from store.types import Clear, Hash, Id, Sealed, Time

inbox = Table(
    "inbox",
    metadata,
    *queue_columns(Hash),  # key: hash of channel and external_id
    required("channel", Clear),
    required("inbound", Sealed),
    Column("aside_at", Time),
    required("reason", Clear),
    sqlite_autoincrement=True,
)

outbox = Table(
    "outbox",
    metadata,
    *queue_columns(Clear),  # key: the outbound's own; nothing is read out of it
    required("channel", Clear),
    required("kind", Clear, server_default="reply"),  # one of bot.ports.Kind
    required("bulk", Boolean),
    required("outbound", Sealed),
    required("delivery", Clear),
    required("reason", Clear),
    Column("external_hash", Hash),  # of channel and the provider's id
    Column("number", Clear),
    Column("version", Integer),
    Column("settled_at", Time),  # a clerk has dealt with its failure
    Column("place", Id),  # the row whose message this is once more; none: it is the first
    required("tries", Integer, server_default="1"),  # how often it was queued since a person last asked for it
    Column("earliest", Time),  # to be tried again from then on, once its provider is back; else when it is due
    sqlite_autoincrement=True,
)

slots = Table(
    "slots",
    metadata,
    Column("name", Clear, primary_key=True),  # a channel, or `channel/citizen` for one chat
    required("free_at", BigInteger),  # microseconds since 1970: sums of it are made in the database
)

parked = Table(
    "parked",
    metadata,
    Column("id", Id, ForeignKey("outbox.id"), primary_key=True, autoincrement=False),
    required("citizen", Id, ForeignKey("citizens.id")),
    required("since", Time),
    required("sms_at", Time),  # then it has waited long enough; while somebody decides on it, the end of the lease
    Column("token", Clear),  # of the last lease
    required("attempts", Integer, server_default="0"),
)

IS_LOST = outbox.c.delivery == text("'failed'")
UNSETTLED = IS_LOST & outbox.c.settled_at.is_(None)

part("ix_inbox_lane", inbox.c.done_at.is_(None), inbox.c.lane, inbox.c.id)
part("ix_inbox_due", inbox.c.done_at.is_(None), inbox.c.due, inbox.c.id)
Index("ix_inbox_heard", inbox.c.lane, inbox.c.queued_at)
part("ix_inbox_aside", inbox.c.aside_at.is_not(None), inbox.c.aside_at)
part("ix_outbox_lane", outbox.c.done_at.is_(None), outbox.c.lane, outbox.c.id)
part("ix_outbox_due", outbox.c.done_at.is_(None), outbox.c.bulk, outbox.c.due, outbox.c.id)
part("ix_outbox_earliest", outbox.c.done_at.is_(None) & outbox.c.earliest.is_not(None), outbox.c.channel)
part("ix_outbox_failed", UNSETTLED, outbox.c.id)
part("ix_outbox_lost", IS_LOST, outbox.c.queued_at)
part("ix_outbox_external", outbox.c.external_hash.is_not(None), outbox.c.external_hash)
part("ix_outbox_number", outbox.c.number.is_not(None), outbox.c.number)
Index("ix_parked_citizen", parked.c.citizen)
Index("ix_parked_sms_at", parked.c.sms_at)
