"""For a long history: the desk's lists in order of their indexes, and numbers of tickets that need no counting."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.drop_index("ix_tickets_status", "tickets")
    op.create_index("ix_tickets_status", "tickets", ["status", "rank", "due_at", "number"])
    # Nobody files before we have counted: building an index takes a lock on PostgreSQL, and on SQLite all wait anyway.
    op.create_index("ix_tickets_service", "tickets", ["service", "status", "rank", "due_at", "number"])
    op.create_table(
        "tallies",
        sa.Column("id", ID, nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tallies")),
    )
    op.execute(
        "INSERT INTO tallies (service, status, change) SELECT service, status, count(*) FROM tickets"
        " GROUP BY service, status"
    )
