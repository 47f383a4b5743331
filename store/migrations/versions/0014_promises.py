"""Pauses and first answers of tickets; escalations, digests as they were sent, and what figures are found by."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TIME = sa.TIMESTAMP(timezone=True).with_variant(sa.BigInteger(), "sqlite")
# The first thing that a clerk did and that the citizen may see.
ANSWERED = """
    UPDATE tickets SET answered_at = (
        SELECT min(updates.at) FROM updates
        WHERE updates.number = tickets.number AND updates.author = 'clerk' AND updates.public
    )
"""
# Since when those wait that wait now; what else was said of them meanwhile moved them from waiting to waiting.
WAITING = """
    UPDATE tickets SET waiting_since = (
        SELECT max(updates.at) FROM updates
        WHERE updates.number = tickets.number AND updates.new = 'waiting' AND coalesce(updates.old, '') <> 'waiting'
    ) WHERE status = 'waiting'
"""
TURNS = "(event IN ('reopened', 'postponed', 'followed', 'left') OR old IN ('resolved', 'declined', 'duplicate'))"


def upgrade() -> None:
    op.add_column("tickets", sa.Column("waiting_since", TIME, nullable=True))
    op.add_column("tickets", sa.Column("answered_at", TIME, nullable=True))
    op.execute(ANSWERED)
    op.execute(WAITING)
    op.create_table(
        "escalations",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["number"], ["tickets.number"], name=op.f("fk_escalations_number")),
        sa.PrimaryKeyConstraint("number", "due_at", "level", name=op.f("pk_escalations")),
    )
    op.create_table(
        "editions",
        sa.Column("begin", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("begin", "days", "kind", "code", name=op.f("pk_editions")),
    )
    op.create_table(
        "unsubscribed",
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name=op.f("pk_unsubscribed")),
    )
    op.create_index("ix_tickets_filed", "tickets", ["filed_at"])
    op.create_index("ix_ratings_at", "ratings", ["at"])
    _partial("ix_tickets_closed", "tickets", ["closed_at", "filed_at", "number"], "closed_at IS NOT NULL")
    _partial("ix_tickets_missed", "tickets", ["due_at", "number"], "is_open AND status <> 'waiting'")
    _partial("ix_closures_asked", "closures", ["asked_at"], "asked_at IS NOT NULL")
    _partial("ix_updates_turns", "updates", ["at"], TURNS)
    _partial("ix_outbox_lost", "outbox", ["queued_at"], "delivery = 'failed'")


def _partial(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
