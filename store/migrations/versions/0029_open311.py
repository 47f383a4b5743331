"""Indexes for what Open311 asks: spans of time, of which a part of the map or a service is told apart in the index."""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

TOLD_APART = ["number", "latitude", "longitude", "service"]


def upgrade() -> None:
    for name in ("ix_tickets_filed", "ix_tickets_crowd"):
        op.drop_index(name, "tickets")
    op.create_index("ix_tickets_filed", "tickets", ["filed_at", *TOLD_APART])
    op.create_index("ix_tickets_changed", "tickets", ["changed_at", *TOLD_APART])
    op.create_index("ix_tickets_crowd", "tickets", ["service", "area", "filed_at", "number"])
