"""What only one process may do at a time, and how far it is; digests as they were sent, and who wants none."""

from sqlalchemy import BigInteger, Column, Integer, Table

from store.tables.columns import metadata, required
from store.types import Clear, Hash, Id, Time

cursors = Table(
    "cursors",
    metadata,
    Column("name", Clear, primary_key=True),
    required("value", BigInteger),
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
    required("owner", Clear),
    required("until", Time),
)

editions = Table(
    "editions",
    metadata,
    Column("begin", Clear, primary_key=True),  # of the period, a date of the city
    Column("days", Integer, primary_key=True, autoincrement=False),
    Column("kind", Clear, primary_key=True),  # of the scope
    Column("code", Clear, primary_key=True),
    required("made_at", Time),
    required("digest", Clear),  # figures, numbers of tickets and streets as JSON: no word and no name of a citizen
)

unsubscribed = Table(
    "unsubscribed",
    metadata,
    Column("address_hash", Hash, primary_key=True),
    required("at", Time),
)
