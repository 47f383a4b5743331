"""Words by which tickets and conversations are found, as keyed hashes. SQLite has an index of its own over them, which
the triggers of migration 0019 keep: the virtual table `found_words`, its rows by `ticket_words.id`."""

from sqlalchemy import Column, ForeignKey, Index, Table

from store.tables.columns import metadata, part, required
from store.types import Clear, Hashes, Id, Time

ticket_words = Table(
    "ticket_words",
    metadata,
    Column("id", Id, primary_key=True),
    required("number", Clear, ForeignKey("tickets.number"), unique=True),
    Column("closed_at", Time),  # the ticket's: what is open is looked for first
    required("words", Hashes),
    sqlite_autoincrement=True,
)

thread_words = Table(
    "thread_words",
    metadata,
    Column("thread", Id, ForeignKey("threads.id"), primary_key=True, autoincrement=False),
    required("words", Hashes),
)

part("ix_ticket_words_now", ticket_words.c.closed_at.is_(None), ticket_words.c.number)


def _array(name: str, table: Table, condition: object = None) -> None:
    """On PostgreSQL alone, where the values of an array are found by it."""
    Index(name, table.c.words, postgresql_using="gin", postgresql_where=condition).ddl_if(dialect="postgresql")


_array("ix_ticket_words_open", ticket_words, ticket_words.c.closed_at.is_(None))
_array("ix_ticket_words_closed", ticket_words, ticket_words.c.closed_at.is_not(None))
_array("ix_thread_words_words", thread_words)
