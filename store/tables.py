"""Every table. Contacts and citizens' words are `Sealed`; points, streets, areas, services and dates are clear.

`inbox` and `outbox` share the columns of `store/queue.py`. An index with `done_at IS NULL` holds only what is still to
do, so that millions of finished rows cost the claim nothing.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    text,
)

from store.types import Clear, Hash, Id, Sealed, Time

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _required(name: str, kind: Any, *more: Any, **options: Any) -> Column[Any]:
    return Column(name, kind, *more, nullable=False, **options)


def _queue_columns(key: Any) -> tuple[Column[Any], ...]:
    return (
        Column("id", Id, primary_key=True),
        _required("lane", Id, ForeignKey("citizens.id")),
        _required("key", key, unique=True),
        _required("queued_at", Time),
        _required("due", Time),  # claimable from then on; while a row is claimed, the end of its lease
        _required("attempts", Integer),
        Column("owner", Clear),
        Column("token", Clear),
        Column("done_at", Time),
    )


citizens = Table(
    "citizens",
    metadata,
    Column("id", Id, primary_key=True),
    _required("channel", Clear),
    _required("contact_hash", Hash, unique=True),  # of channel and address
    _required("address", Sealed),
    Column("language", Clear),
    _required("chosen", Boolean),
    _required("opted_out", Boolean),
    Column("refused", Clear),  # why the provider refuses this contact for good, until they write again
    _required("welcomed", Boolean),
    _required("since", Time),
    Column("thread", Id),  # the open one in which a person talks with them, while the bot is silent
    Column("consent", Clear),  # the version of the privacy notice that they were told of last
    sqlite_autoincrement=True,
)

consents = Table(
    "consents",
    metadata,
    Column("citizen", Id, ForeignKey("citizens.id"), primary_key=True, autoincrement=False),
    Column("version", Clear, primary_key=True),
    _required("at", Time),
)

silenced = Table(  # outlives the citizen: STOP holds after an erasure
    "silenced",
    metadata,
    Column("contact_hash", Hash, primary_key=True),
    _required("since", Time),
)

dialogues = Table(
    "dialogues",
    metadata,
    Column("citizen", Id, ForeignKey("citizens.id"), primary_key=True, autoincrement=False),
    _required("dialogue", Sealed),
    _required("changed_at", Time),
)

inbox = Table(
    "inbox",
    metadata,
    *_queue_columns(Hash),  # key: hash of channel and external_id
    _required("channel", Clear),
    _required("inbound", Sealed),
    Column("aside_at", Time),
    _required("reason", Clear),
    sqlite_autoincrement=True,
)

outbox = Table(
    "outbox",
    metadata,
    *_queue_columns(Clear),  # key: the outbound's own; nothing is read out of it
    _required("channel", Clear),
    _required("kind", Clear, server_default="reply"),  # one of bot.ports.Kind
    _required("bulk", Boolean),
    _required("outbound", Sealed),
    _required("delivery", Clear),
    _required("reason", Clear),
    Column("external_hash", Hash),  # of channel and the provider's id
    Column("number", Clear),
    Column("version", Integer),
    Column("settled_at", Time),  # a clerk has dealt with its failure
    Column("place", Id),  # the row whose message this is once more; none: it is the first
    _required("tries", Integer, server_default="1"),  # how often it was queued since a person last asked for it
    Column("earliest", Time),  # to be tried again from then on, once its provider is back; else when it is due
    sqlite_autoincrement=True,
)

slots = Table(
    "slots",
    metadata,
    Column("name", Clear, primary_key=True),  # a channel, or `channel/citizen` for one chat
    _required("free_at", BigInteger),  # microseconds since 1970: sums of it are made in the database
)

tickets = Table(
    "tickets",
    metadata,
    Column("number", Clear, primary_key=True),
    _required("version", Integer),
    _required("service", Clear),
    _required("department", Clear),
    _required("status", Clear),
    _required("is_open", Boolean),  # follows from status
    _required("priority", Clear),
    _required("rank", SmallInteger),  # follows from priority: 0 is an emergency
    _required("place_words", Sealed),
    Column("latitude", Double),
    Column("longitude", Double),
    Column("street", Clear),
    Column("area", Clear),
    _required("description", Sealed),
    _required("reporter", Id, ForeignKey("citizens.id")),
    _required("channel", Clear),
    _required("language", Clear),
    Column("confidence", Double),
    _required("filed_at", Time),
    _required("due_at", Time),
    Column("closed_at", Time),
    Column("answers", Sealed),  # to the service's own questions; none: there are none
    _required("followers", Integer, server_default="0"),
    _required("reopened", Integer, server_default="0"),  # how often a citizen said that it is not fixed
    _required("postponed", Integer, server_default="0"),  # how often its date was missed and a new one promised
    Column("first_due_at", Time),  # what was promised first, where it was postponed
)

followers = Table(
    "followers",
    metadata,
    Column("number", Clear, ForeignKey("tickets.number"), primary_key=True),
    Column("citizen", Id, ForeignKey("citizens.id"), primary_key=True, autoincrement=False),
    _required("since", Time),
)

ratings = Table(
    "ratings",
    metadata,
    Column("number", Clear, ForeignKey("tickets.number"), primary_key=True),
    Column("citizen", Id, ForeignKey("citizens.id"), primary_key=True, autoincrement=False),
    _required("at", Time),
    Column("score", SmallInteger),
    Column("word", Sealed),
)

closures = Table(  # who is to be asked whether a resolved ticket is fixed
    "closures",
    metadata,
    Column("number", Clear, ForeignKey("tickets.number"), primary_key=True),
    Column("citizen", Id, ForeignKey("citizens.id"), primary_key=True, autoincrement=False),
    _required("resolved_at", Time),
    Column("due", Time),  # to be asked from then on; none: asked, or not to be asked any more
    Column("asked_at", Time),
    Column("answer", Clear),  # `yes` or `no`; none: no answer, which is no answer
)

updates = Table(
    "updates",
    metadata,
    Column("number", Clear, ForeignKey("tickets.number"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    _required("at", Time),
    _required("author", Clear),
    _required("actor", Clear),
    _required("event", Clear),
    Column("old", Clear),
    Column("new", Clear),
    _required("note", Sealed),
    _required("public", Boolean),
    Column("changes", Sealed),  # of a correction or a postponement
    Column("citizen", Id),  # whose words it holds: a ticket's followers write in it too
)

tallies = Table(
    "tallies",
    metadata,
    Column("service", Clear, primary_key=True),
    Column("status", Clear, primary_key=True),
    Column("part", Id, primary_key=True, autoincrement=False),  # the transaction on PostgreSQL, 0 on SQLite
    _required("change", Integer),  # tickets more, or fewer; the sum over all rows is how many there are
)

photos = Table(
    "photos",
    metadata,
    Column("id", Id, primary_key=True),
    _required("number", Clear, ForeignKey("tickets.number")),
    _required("channel", Clear),
    _required("reference", Sealed),
    _required("content_type", Clear),
    _required("added_at", Time),
    Column("due", Time),  # as in the queues; None once it is fetched or given up
    Column("name", Clear),
    _required("reason", Clear),
    Column("owner", Clear),
    Column("token", Clear),
    _required("attempts", Integer, server_default="0"),  # claims in a row that nobody finished
    Column("citizen", Id),  # who sent it: a ticket's followers send photos too
    sqlite_autoincrement=True,
)

doomed = Table(  # files of photos that are to be deleted, and of which no other row tells any more
    "doomed",
    metadata,
    Column("name", Clear, primary_key=True),
)

clerks = Table(
    "clerks",
    metadata,
    Column("login", Clear, primary_key=True),
    _required("name", Clear),
    _required("language", Clear),
    _required("password", Clear),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", Hash, primary_key=True),
    _required("login", Clear, ForeignKey("clerks.login")),
    _required("csrf", Sealed),
    _required("expires_at", Time),
)

cursors = Table(
    "cursors",
    metadata,
    Column("name", Clear, primary_key=True),
    _required("value", BigInteger),
)

schedule_runs = Table(
    "schedule_runs",
    metadata,
    Column("schedule", Clear, primary_key=True),
    Column("at", Time, primary_key=True),
    Column("after", Id),  # where its next part begins; None once it is done
)

leases = Table(
    "leases",
    metadata,
    Column("name", Clear, primary_key=True),
    _required("owner", Clear),
    _required("until", Time),
)

paces = Table(
    "paces",
    metadata,
    Column("citizen", Id, ForeignKey("citizens.id"), primary_key=True, autoincrement=False),
    _required("since", Time),
    _required("answers", Integer),
    _required("alike", Integer),
    _required("stopped", Boolean),
    _required("recent", Hash),  # of the last messages, a few bytes each
)

windows = Table(
    "windows",
    metadata,
    Column("citizen", Id, ForeignKey("citizens.id"), primary_key=True, autoincrement=False),
    _required("heard_at", Time),  # when they last wrote, by the provider's or our clock
    _required("until", Time),  # free text is taken until then
)

parked = Table(
    "parked",
    metadata,
    Column("id", Id, ForeignKey("outbox.id"), primary_key=True, autoincrement=False),
    _required("citizen", Id, ForeignKey("citizens.id")),
    _required("since", Time),
    _required("sms_at", Time),  # then it has waited long enough; while somebody decides on it, the end of the lease
    Column("token", Clear),  # of the last lease
    _required("attempts", Integer, server_default="0"),
)


threads = Table(  # a person and a citizen talk; see bot.ports.Threads
    "threads",
    metadata,
    Column("id", Id, primary_key=True),
    _required("citizen", Id, ForeignKey("citizens.id")),
    _required("kind", Clear),  # one of handlers.effects.ThreadKind
    _required("silent", Boolean),  # the bot is silent until it is closed
    _required("opened_at", Time),
    _required("last_at", Time),  # when somebody wrote in it last
    _required("waiting", Boolean),  # the citizen wrote last
    Column("clerk", Clear),  # who has taken it
    Column("closed_at", Time),
    sqlite_autoincrement=True,
)

thread_messages = Table(
    "thread_messages",
    metadata,
    Column("id", Id, primary_key=True),
    _required("thread", Id, ForeignKey("threads.id")),
    _required("at", Time),
    _required("author", Clear),  # tickets.model.Author
    _required("name", Clear),  # a clerk's login
    _required("text", Sealed),
    Column("key", Clear),  # of the outbox row that carries it
    sqlite_autoincrement=True,
)

exports = Table(  # files of citizens' data that wait to be fetched by their link
    "exports",
    metadata,
    Column("token_hash", Hash, primary_key=True),
    _required("citizen", Id, ForeignKey("citizens.id")),
    _required("content", Sealed),
    _required("until", Time),
)

fleeting = Table(  # messages from us that are not kept: a copy of somebody's data, the last word to who was erased
    "fleeting",
    metadata,
    Column("key", Clear, primary_key=True),  # of the outbox row, which goes once it is done
    _required("until", Time),  # and not before then
)

lessons = Table(
    "lessons",
    metadata,
    Column("id", Id, primary_key=True),
    _required("number", Clear, ForeignKey("tickets.number"), unique=True),
    _required("language", Clear),
    _required("service", Clear),
    _required("text", Sealed),
    _required("verdict", Clear),
    _required("proposed_at", Time),
    sqlite_autoincrement=True,  # a number that somebody has just read never names another sentence
)


def _part(name: str, condition: Any, *columns: Column[Any]) -> Index:
    return Index(name, *columns, sqlite_where=condition, postgresql_where=condition)


IS_OPEN = text("is_open")  # as a query must say it to be answered by the indexes of open tickets
UNSETTLED = (outbox.c.delivery == text("'failed'")) & outbox.c.settled_at.is_(None)

_part("ix_inbox_lane", inbox.c.done_at.is_(None), inbox.c.lane, inbox.c.id)
_part("ix_inbox_due", inbox.c.done_at.is_(None), inbox.c.due, inbox.c.id)
Index("ix_inbox_heard", inbox.c.lane, inbox.c.queued_at)
_part("ix_inbox_aside", inbox.c.aside_at.is_not(None), inbox.c.aside_at)
_part("ix_outbox_lane", outbox.c.done_at.is_(None), outbox.c.lane, outbox.c.id)
_part("ix_outbox_due", outbox.c.done_at.is_(None), outbox.c.bulk, outbox.c.due, outbox.c.id)
_part("ix_outbox_earliest", outbox.c.done_at.is_(None) & outbox.c.earliest.is_not(None), outbox.c.channel)
_part("ix_outbox_failed", UNSETTLED, outbox.c.id)
_part("ix_outbox_external", outbox.c.external_hash.is_not(None), outbox.c.external_hash)
_part("ix_outbox_number", outbox.c.number.is_not(None), outbox.c.number)
_part("ix_photos_citizen", photos.c.citizen.is_not(None), photos.c.citizen)
_part("ix_photos_due", photos.c.due.is_not(None), photos.c.due)
_part("ix_threads_open", threads.c.closed_at.is_(None), threads.c.last_at, threads.c.id)
_part("ix_closures_due", closures.c.due.is_not(None), closures.c.due)
Index("ix_threads_citizen", threads.c.citizen)
Index("ix_thread_messages_thread", thread_messages.c.thread, thread_messages.c.id)
_part("ix_updates_citizen", updates.c.citizen.is_not(None), updates.c.citizen)
Index("ix_followers_citizen", followers.c.citizen, followers.c.since)
Index("ix_closures_citizen", closures.c.citizen)
Index("ix_ratings_citizen", ratings.c.citizen)
Index("ix_exports_citizen", exports.c.citizen)
Index("ix_dialogues_changed_at", dialogues.c.changed_at)
_part("ix_tickets_near", IS_OPEN, tickets.c.service, tickets.c.latitude)
_part("ix_tickets_street", IS_OPEN, tickets.c.service, tickets.c.street)
_part("ix_tickets_due", IS_OPEN, tickets.c.due_at)
Index("ix_parked_citizen", parked.c.citizen)
Index("ix_parked_sms_at", parked.c.sms_at)
Index("ix_lessons_verdict", lessons.c.verdict, lessons.c.id)
Index("ix_photos_number", photos.c.number)
Index("ix_tickets_desk", tickets.c.is_open, tickets.c.rank, tickets.c.due_at, tickets.c.number)
Index("ix_tickets_reporter", tickets.c.reporter, tickets.c.filed_at)
Index("ix_tickets_status", tickets.c.status, tickets.c.rank, tickets.c.due_at, tickets.c.number)
Index("ix_tickets_service", tickets.c.service, tickets.c.status, tickets.c.rank, tickets.c.due_at, tickets.c.number)
