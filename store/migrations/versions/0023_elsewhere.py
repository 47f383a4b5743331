"""Log-ins at the city's own service, and tries that all processes count together."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TIME = sa.TIMESTAMP(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    op.add_column("sessions", sa.Column("hint", sa.LargeBinary(), nullable=True))
    op.create_table(
        "tries",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("free_at", TIME, nullable=False),
        sa.Column("last", TIME, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_tries")),
    )
    op.create_index("ix_tries_last", "tries", ["last"])
