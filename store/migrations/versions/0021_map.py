"""An index that holds what a map asks of closed tickets, so that counting thousands of them reads no ticket."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

CLOSED = sa.text("closed_at IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_tickets_map",
        "tickets",
        [
            "filed_at", "latitude", "longitude", "service", "area", "department", "status", "channel", "language",
            "rank", "number",
        ],
        postgresql_where=CLOSED,
        sqlite_where=CLOSED,
    )  # fmt: skip
