"""What is left of a case that was deleted by rule, what rules did, and what they must not touch."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0029"
branch_labels = None
depends_on = None

TIME = sa.TIMESTAMP(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "trims",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["number"], ["tickets.number"], name=op.f("fk_trims_number")),
        sa.PrimaryKeyConstraint("number", "duty", name=op.f("pk_trims")),
    )
    op.create_table(
        "holds",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["tickets.number"], name=op.f("fk_holds_number")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_holds")),
    )
    op.create_table(
        "tombstones",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column("filed_at", TIME, nullable=False),
        sa.Column("closed_at", TIME, nullable=False),
        sa.Column("deleted_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_tombstones")),
    )
    op.create_index("ix_tombstones_filed_at", "tombstones", ["filed_at"])
    op.create_table(
        "retention_runs",
        sa.Column("at", TIME, nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("at", "rule", name=op.f("pk_retention_runs")),
    )
