"""Other programs that file reports here: their keys, what they have sent, and whom their reports came from."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table

from store.tables.columns import metadata, required
from store.types import Clear, Hash, Id, Time

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Id, primary_key=True),
    required("name", Clear, unique=True),  # whose it is, as the city calls them
    required("hash", Hash, unique=True),  # of the key itself, which nobody keeps
    required("scopes", Clear),  # bot.ports.keys.Scope, with blanks between
    required("rate", Integer),  # requests a minute
    required("made_at", Time),
    required("made_by", Clear),  # a login
    Column("expires_at", Time),
    Column("revoked_at", Time),
    Column("used_on", Time),  # the beginning of the last day, in UTC
    sqlite_autoincrement=True,
)

postings = Table(  # what was sent by which key, as a keyed hash: sent again it is answered as before
    "postings",
    metadata,
    Column("hash", Hash, primary_key=True),
    required("number", Clear),  # of the ticket that it became
    required("until", Time),
)

askings = Table(  # whether somebody whom a program named wants to be written to
    "askings",
    metadata,
    Column("citizen", Id, ForeignKey("citizens.id"), primary_key=True, autoincrement=False),
    required("at", Time),  # when they were asked last
    Column("said", Boolean),  # none: nothing yet
)

untold = Table(  # reports of who has not said yet whether they want to be told
    "untold",
    metadata,
    Column("number", Clear, ForeignKey("tickets.number"), primary_key=True),
    required("citizen", Id, ForeignKey("citizens.id")),
    required("at", Time),
)

Index("ix_postings_until", postings.c.until)
Index("ix_untold_citizen", untold.c.citizen)
