"""What several processes share: who polls, and who writes like a machine."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.TIMESTAMP(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "paces",
        sa.Column("citizen", ID, nullable=False, autoincrement=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("alike", sa.Integer(), nullable=False),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.Column("recent", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["citizen"], ["citizens.id"], name=op.f("fk_paces_citizen")),
        sa.PrimaryKeyConstraint("citizen", name=op.f("pk_paces")),
    )
