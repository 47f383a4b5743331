"""When citizens last wrote on channels where that counts, and what is parked until they write."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.TIMESTAMP(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "windows",
        sa.Column("citizen", ID, autoincrement=False, nullable=False),
        sa.Column("heard_at", TIME, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.ForeignKeyConstraint(["citizen"], ["citizens.id"], name=op.f("fk_windows_citizen")),
        sa.PrimaryKeyConstraint("citizen", name=op.f("pk_windows")),
    )
    op.create_table(
        "parked",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("citizen", ID, nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("sms_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["citizen"], ["citizens.id"], name=op.f("fk_parked_citizen")),
        sa.ForeignKeyConstraint(["id"], ["outbox.id"], name=op.f("fk_parked_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parked")),
    )
    op.create_index("ix_parked_citizen", "parked", ["citizen"])
    op.create_index("ix_parked_sms_at", "parked", ["sms_at"])
