"""What anybody may be told of a ticket: when it last changed, and what a clerk cleared."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TIME = sa.TIMESTAMP(timezone=True).with_variant(sa.BigInteger(), "sqlite")
PUBLIC = sa.text(
    "(public OR event IN ('followed', 'confirmed', 'reopened', 'merged', 'unmerged', 'referred', 'returned', 'undone'))"
)
CHANGED = """
    UPDATE tickets SET changed_at = coalesce(
        (SELECT max(updates.at) FROM updates WHERE updates.number = tickets.number), filed_at
    )
"""


def upgrade() -> None:
    _changed_at()
    op.create_table(
        "cleared",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("news", sa.LargeBinary(), nullable=False),
        sa.Column("news_version", sa.Integer(), nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["tickets.number"], name=op.f("fk_cleared_number")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_cleared")),
    )
    op.create_table(
        "cleared_photos",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["tickets.number"], name=op.f("fk_cleared_photos_number")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_cleared_photos")),
    )
    op.create_index("ix_cleared_photos_number", "cleared_photos", ["number"])
    op.create_index("ix_tickets_crowd", "tickets", ["service", "area"])
    op.create_index(
        "ix_updates_public", "updates", ["at", "number", "version"], postgresql_where=PUBLIC, sqlite_where=PUBLIC
    )


def _changed_at() -> None:
    if op.get_bind().dialect.name == "sqlite":  # adds what is required only with something to put there
        op.add_column("tickets", sa.Column("changed_at", TIME, nullable=False, server_default="0"))
        op.execute(CHANGED)
        return
    op.add_column("tickets", sa.Column("changed_at", TIME, nullable=True))
    op.execute(CHANGED)
    # with a default: while versions change, an older process files without it
    op.alter_column("tickets", "changed_at", nullable=False, server_default=sa.func.now())
