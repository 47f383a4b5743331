"""Indexes that hold what the desk sorts, filters and counts by, so that it reads only the tickets that it shows."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

CLOSED = "closed_at IS NOT NULL"
OF_OPEN = [
    "rank", "followers", "filed_at", "number", "due_at", "first_due_at", "status", "service", "area", "department",
    "assignee", "channel", "language", "confidence", "latitude", "longitude", "street", "reopened", "outside",
    "is_open",
]  # fmt: skip
OF_CLOSED = [
    "closed_at", "filed_at", "number", "service", "area", "department", "assignee", "status", "channel", "language",
    "confidence", "latitude", "street",
]  # fmt: skip
KINDS = {
    "": CLOSED,
    "_unlocated": f"{CLOSED} AND (latitude IS NULL AND coalesce(street, '') = '')",
    "_unsure": f"{CLOSED} AND confidence < 0.6",
    "_outside": f"{CLOSED} AND outside IS NOT NULL",
}

VACUUMED = (  # each 2,000 changes, not each fifth ticket: what is open is what changed lately
    "autovacuum_vacuum_scale_factor = 0",
    "autovacuum_vacuum_threshold = 2000",
    "autovacuum_vacuum_insert_scale_factor = 0",
    "autovacuum_vacuum_insert_threshold = 2000",
)


def upgrade() -> None:
    for name in ("ix_tickets_closed", "ix_tickets_past"):
        op.drop_index(name, "tickets")
    _index("ix_tickets_open", OF_OPEN, "is_open")
    for name, condition in KINDS.items():
        _index(f"ix_tickets_closed{name}", OF_CLOSED, condition)
    _index("ix_tickets_past", ["service", "latitude", "longitude", "closed_at"], CLOSED)
    if op.get_bind().dialect.name == "postgresql":  # reads an index alone only where its rows were vacuumed
        op.execute(f"ALTER TABLE tickets SET ({', '.join(VACUUMED)})")


def _index(name: str, columns: list[str], condition: str) -> None:
    which = sa.text(condition)
    op.create_index(name, "tickets", columns, postgresql_where=which, sqlite_where=which)
