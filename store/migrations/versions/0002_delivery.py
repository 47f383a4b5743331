"""Delivery: slots of the rates that all processes share, refused contacts, failures that a clerk has settled."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TIME = sa.TIMESTAMP(timezone=True).with_variant(sa.BigInteger(), "sqlite")
UNSETTLED = sa.text("delivery = 'failed' AND settled_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "slots",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("free_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_slots")),
    )
    op.add_column("citizens", sa.Column("refused", sa.Text(), nullable=True))
    op.add_column("outbox", sa.Column("settled_at", TIME, nullable=True))
    op.create_index("ix_outbox_failed", "outbox", ["id"], sqlite_where=UNSETTLED, postgresql_where=UNSETTLED)
