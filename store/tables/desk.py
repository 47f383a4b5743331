"""Clerks, and what they and citizens write to each other."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, false

from store.tables.columns import metadata, part, required
from store.types import Clear, Hash, Id, Sealed, Time

clerks = Table(
    "clerks",
    metadata,
    Column("login", Clear, primary_key=True),
    required("name", Clear),
    required("language", Clear),
    required("password", Clear),  # an argon2 hash; empty: logs in elsewhere only
    required("role", Clear, server_default="clerk"),  # tickets.rights.Role
    Column("department", Clear),  # none: works for all
    required("contacts", Boolean, server_default=false()),  # may see citizens' numbers
    Column("second", Sealed),  # the secret of the second factor
    required("second_used", Integer, server_default="0"),  # the last time step whose code was taken
    Column("reach", Sealed),  # the contact by which its owner is told of changes to the account
    Column("subject", Clear),  # at the city's log-in service: `issuer subject`
    Column("made_at", Time),
    Column("ended_at", Time),  # no log-in any more; the name stands in histories
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", Hash, primary_key=True),
    required("login", Clear, ForeignKey("clerks.login")),
    required("csrf", Sealed),
    required("expires_at", Time),
    Column("opened_at", Time),
    Column("seen_at", Time),  # at most some minutes old
    required("agent", Clear, server_default=""),  # the kind of browser, for its clerk to know it by
    Column("passed_at", Time),  # the second factor; none: not yet, or not needed
    Column("hint", Sealed),  # the ID token of the city's log-in service; none: came in by password
)

tries = Table(  # log-ins and codes that did not succeed, by login and by address; only keyed hashes
    "tries",
    metadata,
    Column("hash", Hash, primary_key=True),
    required("tries", Integer),
    required("free_at", Time),  # the next try is taken from then on
    required("last", Time),
)

passes = Table(  # what opens the desk once; only keyed hashes
    "passes",
    metadata,
    Column("hash", Hash, primary_key=True),
    required("login", Clear, ForeignKey("clerks.login")),
    required("kind", Clear),  # bot.ports.clerks.Pass
    Column("until", Time),
)

audit = Table(  # who did what at the desk beside tickets' own histories
    "audit",
    metadata,
    Column("id", Id, primary_key=True),
    required("at", Time),
    required("login", Clear),  # as it was typed, where nobody came in
    required("act", Clear),  # bot.ports.audit.Deed
    required("subject", Clear),  # what it was done to: a ticket's number, a login, the name of a setting
    required("detail", Sealed),
    sqlite_autoincrement=True,
)

saved = Table(  # a clerk's own lists
    "saved",
    metadata,
    Column("login", Clear, ForeignKey("clerks.login"), primary_key=True),
    Column("name", Clear, primary_key=True),
    required("query", Clear),  # as in the list's address
    required("at", Time),
)

amendments = Table(  # what the desk changed of the city's settings; the newest of each key counts
    "amendments",
    metadata,
    Column("id", Id, primary_key=True),
    required("kind", Clear),  # bot.ports.amendments.Kind
    required("key", Clear),
    Column("value", Clear),  # JSON; none: taken away
    required("at", Time),
    required("login", Clear),
    sqlite_autoincrement=True,
)

batches = Table(  # acts on many tickets at once, to be undone
    "batches",
    metadata,
    Column("id", Id, primary_key=True),
    required("at", Time),
    required("login", Clear),
    required("act", Clear),
    required("steps", Sealed),  # JSON: each ticket's number, its version after it, and what it was before
    Column("undone_at", Time),
    sqlite_autoincrement=True,
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
Index("ix_audit_at", audit.c.at)
Index("ix_audit_subject", audit.c.subject, audit.c.at)
Index("ix_amendments_key", amendments.c.kind, amendments.c.key, amendments.c.id)
Index("ix_clerks_subject", clerks.c.subject, unique=True)
Index("ix_tries_last", tries.c.last)
Index("ix_sessions_login", sessions.c.login)
Index("ix_passes_login", passes.c.login)
