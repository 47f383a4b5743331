"""Who writes to us, what is being talked about with them, and what they are told of their data."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table

from store.tables.columns import metadata, required
from store.types import Clear, Hash, Id, Sealed, Time

citizens = Table(
    "citizens",
    metadata,
    Column("id", Id, primary_key=True),
    required("channel", Clear),
    required("contact_hash", Hash, unique=True),  # of channel and address
    required("address", Sealed),
    Column("language", Clear),
    required("chosen", Boolean),
    required("opted_out", Boolean),
    Column("refused", Clear),  # why the provider refuses this contact for good, until they write again
    required("welcomed", Boolean),
    required("since", Time),
    Column("thread", Id),  # the open one in which a person talks with them, while the bot is silent
    Column("consent", Clear),  # the version of the privacy notice that they were told of last
    sqlite_autoincrement=True,
)

consents = Table(
    "consents",
    metadata,
    Column("citizen", Id, ForeignKey("citizens.id"), primary_key=True, autoincrement=False),
    Column("version", Clear, primary_key=True),
    required("at", Time),
)

silenced = Table(  # outlives the citizen: STOP holds after an erasure
    "silenced",
    metadata,
    Column("contact_hash", Hash, primary_key=True),
    required("since", Time),
)

dialogues = Table(
    "dialogues",
    metadata,
    Column("citizen", Id, ForeignKey("citizens.id"), primary_key=True, autoincrement=False),
    required("dialogue", Sealed),
    required("changed_at", Time),
)

paces = Table(
    "paces",
    metadata,
    Column("citizen", Id, ForeignKey("citizens.id"), primary_key=True, autoincrement=False),
    required("since", Time),
    required("answers", Integer),
    required("alike", Integer),
    required("stopped", Boolean),
    required("recent", Hash),  # of the last messages, a few bytes each
)

windows = Table(
    "windows",
    metadata,
    Column("citizen", Id, ForeignKey("citizens.id"), primary_key=True, autoincrement=False),
    required("heard_at", Time),  # when they last wrote, by the provider's or our clock
    required("until", Time),  # free text is taken until then
)

exports = Table(  # files of citizens' data that wait to be fetched by their link
    "exports",
    metadata,
    Column("token_hash", Hash, primary_key=True),
    required("citizen", Id, ForeignKey("citizens.id")),
    required("content", Sealed),
    required("until", Time),
)

fleeting = Table(  # messages from us that are not kept: a copy of somebody's data, a code, the last word to the erased
    "fleeting",
    metadata,
    Column("key", Clear, primary_key=True),  # of the outbox row, which goes once it is done
    required("until", Time),  # and not before then
)

Index("ix_exports_citizen", exports.c.citizen)
Index("ix_dialogues_changed_at", dialogues.c.changed_at)
