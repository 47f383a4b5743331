"""What only one process may do at a time, and how far it is."""

from sqlalchemy import BigInteger, Column, Table

from store.tables.columns import metadata, required
from store.types import Clear, Id, Time

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
