"""Cases that came from another system."""

from sqlalchemy import Column, Integer, Table

from store.tables.columns import metadata, required
from store.types import Clear, Hash, Time

moved_in = Table(
    "moved_in",
    metadata,
    Column("source", Clear, primary_key=True),  # the other system's name
    Column("external", Clear, primary_key=True),  # the case's number there
    # Our number. No reference: the row outlives its ticket, so that what was deleted does not come again.
    required("number", Clear, unique=True),
    required("version", Integer),  # at which the import left the ticket: a later one is somebody's work here
    required("mark", Hash),  # of what the source said of it
    required("at", Time),
)
