"""Words by which tickets and conversations are found, and indexes for the desk's lists of what is closed.

What is there already is found once `python -m bot reindex` has run: only the program has the keys.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TIME = sa.TIMESTAMP(timezone=True).with_variant(sa.BigInteger(), "sqlite")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
HASHES = ARRAY(sa.Integer()).with_variant(sa.Text(), "sqlite")
CLOSED = sa.text("closed_at IS NOT NULL")

# What happens to a row of `ticket_words` -> what SQLite's index is told. It keeps no text, so that it must be told
# again what it forgets: https://www.sqlite.org/fts5.html#the_delete_command
FORGET = "INSERT INTO found_words (found_words, rowid, words) VALUES ('delete', OLD.id, OLD.words);"
LEARN = "INSERT INTO found_words (rowid, words) VALUES (NEW.id, NEW.words);"
TOLD = {
    "insert": ("AFTER INSERT", LEARN),
    "update": ("AFTER UPDATE OF words", f"{FORGET} {LEARN}"),
    "delete": ("AFTER DELETE", FORGET),
}


def upgrade() -> None:
    op.create_table(
        "ticket_words",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("closed_at", TIME, nullable=True),
        sa.Column("words", HASHES, nullable=False),
        sa.ForeignKeyConstraint(["number"], ["tickets.number"], name=op.f("fk_ticket_words_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_words")),
        sa.UniqueConstraint("number", name=op.f("uq_ticket_words_number")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "thread_words",
        sa.Column("thread", ID, autoincrement=False, nullable=False),
        sa.Column("words", HASHES, nullable=False),
        sa.ForeignKeyConstraint(["thread"], ["threads.id"], name=op.f("fk_thread_words_thread")),
        sa.PrimaryKeyConstraint("thread", name=op.f("pk_thread_words")),
    )
    if op.get_bind().dialect.name == "sqlite":
        _on_sqlite()
    else:
        _on_postgresql()
    _lists()


def _on_sqlite() -> None:
    op.execute("CREATE VIRTUAL TABLE found_words USING fts5(words, content='', detail=none, columnsize=0)")
    for name, (when, sql) in TOLD.items():
        op.execute(f"CREATE TRIGGER found_words_{name} {when} ON ticket_words BEGIN {sql} END")


def _on_postgresql() -> None:
    for name, table, condition in (
        ("ix_ticket_words_open", "ticket_words", sa.text("closed_at IS NULL")),
        ("ix_ticket_words_closed", "ticket_words", CLOSED),
        ("ix_thread_words_words", "thread_words", None),
    ):
        op.create_index(name, table, ["words"], postgresql_using="gin", postgresql_where=condition)


def _lists() -> None:
    op.create_index(
        "ix_ticket_words_now", "ticket_words", ["number"],
        postgresql_where=sa.text("closed_at IS NULL"), sqlite_where=sa.text("closed_at IS NULL"),
    )  # fmt: skip
    for name in ("service", "area", "department", "assignee", "status"):
        op.create_index(
            f"ix_tickets_closed_{name}", "tickets", [name, "closed_at", "filed_at", "number"],
            postgresql_where=CLOSED, sqlite_where=CLOSED,
        )  # fmt: skip
