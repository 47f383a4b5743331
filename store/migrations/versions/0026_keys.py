"""Keys of other programs, what they sent, and whom a report by Open311 came from."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TIME = sa.TIMESTAMP(timezone=True).with_variant(sa.BigInteger(), "sqlite")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("rate", sa.Integer(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("expires_at", TIME, nullable=True),
        sa.Column("revoked_at", TIME, nullable=True),
        sa.Column("used_on", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("name", name=op.f("uq_api_keys_name")),
        sa.UniqueConstraint("hash", name=op.f("uq_api_keys_hash")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "postings",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_postings")),
    )
    op.create_index("ix_postings_until", "postings", ["until"])
    _create_askings()


def _create_askings() -> None:
    op.create_table(
        "askings",
        sa.Column("citizen", ID, autoincrement=False, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("said", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["citizen"], ["citizens.id"], name=op.f("fk_askings_citizen")),
        sa.PrimaryKeyConstraint("citizen", name=op.f("pk_askings")),
    )
    op.create_table(
        "untold",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("citizen", ID, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["number"], ["tickets.number"], name=op.f("fk_untold_number")),
        sa.ForeignKeyConstraint(["citizen"], ["citizens.id"], name=op.f("fk_untold_citizen")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_untold")),
    )
    op.create_index("ix_untold_citizen", "untold", ["citizen"])
