"""Merging: by which duplicate somebody came to follow a ticket; and closed tickets near a place."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

CLOSED = sa.text("closed_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("followers", sa.Column("via", sa.Text(), nullable=True))
    op.create_index("ix_tickets_past", "tickets", ["service", "latitude"], sqlite_where=CLOSED, postgresql_where=CLOSED)
