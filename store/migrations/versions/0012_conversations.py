"""Followers, ratings, questions at closure, threads with a person, consent, exports; answers, corrections, promises."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.TIMESTAMP(timezone=True).with_variant(sa.BigInteger(), "sqlite")
SEALED = sa.LargeBinary()


def upgrade() -> None:
    _columns()
    _tickets()
    _threads()
    _citizens()
    _indexes()


def _columns() -> None:
    op.add_column("citizens", sa.Column("thread", ID, nullable=True))
    op.add_column("citizens", sa.Column("consent", sa.Text(), nullable=True))
    op.add_column("updates", sa.Column("changes", SEALED, nullable=True))
    op.add_column("updates", sa.Column("citizen", ID, nullable=True))
    op.add_column("tickets", sa.Column("answers", SEALED, nullable=True))
    for name in ("followers", "reopened", "postponed"):
        op.add_column("tickets", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    op.add_column("tickets", sa.Column("first_due_at", TIME, nullable=True))


def _tickets() -> None:
    op.create_table(
        "followers",
        *_ticket_and_citizen("followers"),
        sa.Column("since", TIME, nullable=False),
    )
    op.create_table(
        "ratings",
        *_ticket_and_citizen("ratings"),
        sa.Column("at", TIME, nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=True),
        sa.Column("word", SEALED, nullable=True),
    )
    op.create_table(
        "closures",
        *_ticket_and_citizen("closures"),
        sa.Column("resolved_at", TIME, nullable=False),
        sa.Column("due", TIME, nullable=True),
        sa.Column("asked_at", TIME, nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
    )


def _ticket_and_citizen(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("citizen", ID, nullable=False, autoincrement=False),
        sa.ForeignKeyConstraint(["number"], ["tickets.number"], name=op.f(f"fk_{table}_number")),
        sa.ForeignKeyConstraint(["citizen"], ["citizens.id"], name=op.f(f"fk_{table}_citizen")),
        sa.PrimaryKeyConstraint("number", "citizen", name=op.f(f"pk_{table}")),
    )


def _threads() -> None:
    op.create_table(
        "threads",
        sa.Column("id", ID, nullable=False),
        sa.Column("citizen", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("silent", sa.Boolean(), nullable=False),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("last_at", TIME, nullable=False),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.Column("clerk", sa.Text(), nullable=True),
        sa.Column("closed_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["citizen"], ["citizens.id"], name=op.f("fk_threads_citizen")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threads")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "thread_messages",
        sa.Column("id", ID, nullable=False),
        sa.Column("thread", ID, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", SEALED, nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["thread"], ["threads.id"], name=op.f("fk_thread_messages_thread")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_messages")),
        sqlite_autoincrement=True,
    )


def _citizens() -> None:
    op.create_table(
        "consents",
        sa.Column("citizen", ID, nullable=False, autoincrement=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["citizen"], ["citizens.id"], name=op.f("fk_consents_citizen")),
        sa.PrimaryKeyConstraint("citizen", "version", name=op.f("pk_consents")),
    )
    op.create_table(
        "silenced",
        sa.Column("contact_hash", SEALED, nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.PrimaryKeyConstraint("contact_hash", name=op.f("pk_silenced")),
    )
    op.create_table(
        "exports",
        sa.Column("token_hash", SEALED, nullable=False),
        sa.Column("citizen", ID, nullable=False),
        sa.Column("content", SEALED, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.ForeignKeyConstraint(["citizen"], ["citizens.id"], name=op.f("fk_exports_citizen")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_exports")),
    )


def _indexes() -> None:
    op.create_index("ix_threads_citizen", "threads", ["citizen"])
    op.create_index("ix_thread_messages_thread", "thread_messages", ["thread", "id"])
    _partial("ix_updates_citizen", "updates", ["citizen"], "citizen IS NOT NULL")
    op.create_index("ix_followers_citizen", "followers", ["citizen", "since"])
    op.create_index("ix_closures_citizen", "closures", ["citizen"])
    op.create_index("ix_ratings_citizen", "ratings", ["citizen"])
    op.create_index("ix_exports_citizen", "exports", ["citizen"])
    op.create_index("ix_dialogues_changed_at", "dialogues", ["changed_at"])
    _partial("ix_threads_open", "threads", ["last_at", "id"], "closed_at IS NULL")
    _partial("ix_closures_due", "closures", ["due"], "due IS NOT NULL")
    _partial("ix_tickets_near", "tickets", ["service", "latitude"], "is_open")
    _partial("ix_tickets_street", "tickets", ["service", "street"], "is_open")
    _partial("ix_tickets_due", "tickets", ["due_at"], "is_open")


def _partial(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
