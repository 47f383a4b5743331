"""What rules of retention did, and what they must not touch. No person stands in any of them."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table

from store.tables.columns import metadata, required
from store.types import Clear, Time

trims = Table(  # what was done to which report already
    "trims",
    metadata,
    Column("number", Clear, ForeignKey("tickets.number"), primary_key=True),
    Column("duty", Clear, primary_key=True),  # tickets.retention.Duty
    required("at", Time),
)

holds = Table(  # reports that are kept out of all rules
    "holds",
    metadata,
    Column("number", Clear, ForeignKey("tickets.number"), primary_key=True),
    required("at", Time),
    required("login", Clear),
)

tombstones = Table(  # of reports that were deleted; their numbers are never given again
    "tombstones",
    metadata,
    Column("number", Clear, primary_key=True),
    required("service", Clear),
    Column("area", Clear),
    required("filed_at", Time),
    required("closed_at", Time),
    required("deleted_at", Time),
)

retention_runs = Table(  # a line for each rule and day: how many reports it took
    "retention_runs",
    metadata,
    Column("at", Time, primary_key=True),
    Column("rule", Clear, primary_key=True),
    required("reports", Integer),
)

Index("ix_tombstones_filed_at", tombstones.c.filed_at)
