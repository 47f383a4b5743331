"""Clerks, and what they and citizens write to each other."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Table

from store.tables.columns import metadata, part, required
from store.types import Clear, Hash, Id, Sealed, Time

clerks = Table(
    "clerks",
    metadata,
    Column("login", Clear, primary_key=True),
    required("name", Clear),
    required("language", Clear),
    required("password", Clear),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", Hash, primary_key=True),
    required("login", Clear, ForeignKey("clerks.login")),
    required("csrf", Sealed),
    required("expires_at", Time),
)

threads = Table(  # a person and a citizen talk; see bot.ports.Threads
    "threads",
    metadata,
    Column("id", Id, primary_key=True),
    required("citizen", Id, ForeignKey("citizens.id")),
    required("kind", Clear),  # one of handlers.effects.ThreadKind
    required("silent", Boolean),  # the bot is silent until it is closed
    required("opened_at", Time),
    required("last_at", Time),  # when somebody wrote in it last
    required("waiting", Boolean),  # the citizen wrote last
    Column("clerk", Clear),  # who has taken it
    Column("closed_at", Time),
    sqlite_autoincrement=True,
)

thread_messages = Table(
    "thread_messages",
    metadata,
    Column("id", Id, primary_key=True),
    required("thread", Id, ForeignKey("threads.id")),
    required("at", Time),
    required("author", Clear),  # tickets.model.Author
    required("name", Clear),  # a clerk's login
    required("text", Sealed),
    Column("key", Clear),  # of the outbox row that carries it
    sqlite_autoincrement=True,
)

part("ix_threads_open", threads.c.closed_at.is_(None), threads.c.last_at, threads.c.id)
Index("ix_threads_citizen", threads.c.citizen)
Index("ix_thread_messages_thread", thread_messages.c.thread, thread_messages.c.id)
