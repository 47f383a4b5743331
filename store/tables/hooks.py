"""Who else is told of tickets, and what they have not been told yet. What they were told is not kept: `updates` is."""

from sqlalchemy import Column, Integer, Table, UniqueConstraint

from store.tables.columns import metadata, part, required
from store.types import Clear, Id, Sealed, Time

hooks = Table(
    "hooks",
    metadata,
    Column("id", Id, primary_key=True),
    required("name", Clear),
    required("url", Sealed),  # many carry a password
    required("secret", Sealed),
    Column("old_secret", Sealed),
    Column("old_until", Time),
    required("services", Clear, server_default=""),  # `,one,two,`; empty: all
    required("areas", Clear, server_default=""),
    required("happenings", Clear, server_default=""),  # tickets.happening.Happening
    required("state", Clear, server_default="on"),  # bot.ports.hooks.State
    required("made_at", Time),
    required("due", Time),  # nothing is tried before
    required("failures", Integer, server_default="0"),
    Column("failing_since", Time),
    Column("delivered_at", Time),
    required("status", Integer, server_default="0"),  # of the last answer; 0: none came
    required("trouble", Clear, server_default=""),
    Column("replay_at", Time),  # until where it has come, by `tickets.changed_at` and number; none: no replay
    required("replay_number", Clear, server_default=""),
    Column("replay_since", Time),  # updates from then on
    Column("replay_until", Time),
    sqlite_autoincrement=True,
)

# No reference to `hooks`: one that is removed at this moment must not keep a ticket from being filed.
hook_events = Table(
    "hook_events",
    metadata,
    Column("id", Id, primary_key=True),
    required("hook", Id),
    required("number", Clear),
    required("version", Integer),
    required("happening", Clear),
    required("at", Time),
    required("queued_at", Time),
    required("due", Time),  # claimable from then on; while it is claimed, the end of the lease
    required("attempts", Integer, server_default="0"),
    Column("since", Time),  # tried first
    Column("owner", Clear),
    Column("token", Clear),
    Column("aside_at", Time),
    required("status", Integer, server_default="0"),
    required("trouble", Clear, server_default=""),
    UniqueConstraint("hook", "number", "version"),
    sqlite_autoincrement=True,
)

part("ix_hook_events_due", hook_events.c.aside_at.is_(None), hook_events.c.hook, hook_events.c.due, hook_events.c.id)
