"""Subscribers that are told of tickets, and what they have not been told yet."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.TIMESTAMP(timezone=True).with_variant(sa.BigInteger(), "sqlite")
WAITS = sa.text("aside_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "hooks",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.LargeBinary(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("old_secret", sa.LargeBinary(), nullable=True),
        sa.Column("old_until", TIME, nullable=True),
        sa.Column("services", sa.Text(), nullable=False, server_default=""),
        sa.Column("areas", sa.Text(), nullable=False, server_default=""),
        sa.Column("happenings", sa.Text(), nullable=False, server_default=""),
        sa.Column("state", sa.Text(), nullable=False, server_default="on"),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("due", TIME, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("failing_since", TIME, nullable=True),
        sa.Column("delivered_at", TIME, nullable=True),
        sa.Column("status", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("trouble", sa.Text(), nullable=False, server_default=""),
        sa.Column("replay_at", TIME, nullable=True),
        sa.Column("replay_number", sa.Text(), nullable=False, server_default=""),
        sa.Column("replay_since", TIME, nullable=True),
        sa.Column("replay_until", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hooks")),
        sqlite_autoincrement=True,
    )
    _events()


def _events() -> None:
    op.create_table(
        "hook_events",
        sa.Column("id", ID, nullable=False),
        sa.Column("hook", ID, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("happening", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("queued_at", TIME, nullable=False),
        sa.Column("due", TIME, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("since", TIME, nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("aside_at", TIME, nullable=True),
        sa.Column("status", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("trouble", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook_events")),
        sa.UniqueConstraint("hook", "number", "version", name=op.f("uq_hook_events_hook_number_version")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_hook_events_due", "hook_events", ["hook", "due", "id"], postgresql_where=WAITS, sqlite_where=WAITS
    )
