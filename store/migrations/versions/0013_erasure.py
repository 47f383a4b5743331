"""Whose a photo is, files that are to be deleted, and messages from us that are not kept."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.TIMESTAMP(timezone=True).with_variant(sa.BigInteger(), "sqlite")
# Who said STOP before contacts were silenced by their hashes.
STOPPED = """
    INSERT INTO silenced (contact_hash, since)
    SELECT contact_hash, since FROM citizens WHERE opted_out AND refused IS NULL
"""


def upgrade() -> None:
    op.add_column("photos", sa.Column("citizen", ID, nullable=True))
    where = sa.text("citizen IS NOT NULL")
    op.create_index("ix_photos_citizen", "photos", ["citizen"], sqlite_where=where, postgresql_where=where)
    op.create_table(
        "doomed",
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_doomed")),
    )
    op.create_table(
        "fleeting",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_fleeting")),
    )
    op.execute(STOPPED)
