"""Every table, by what it is about. Contacts and citizens' words are `Sealed`; points, streets, areas, services and
dates are clear."""

from store.tables.cases import (
    IS_OPEN,
    IS_RUNNING,
    IS_TURN,
    closures,
    doomed,
    escalations,
    followers,
    lessons,
    photos,
    ratings,
    tallies,
    tickets,
    updates,
)
from store.tables.clockwork import (
    cursors,
    editions,
    leases,
    schedule_runs,
    unsubscribed,
)
from store.tables.columns import (
    metadata,
)
from store.tables.desk import (
    clerks,
    sessions,
    thread_messages,
    threads,
)
from store.tables.people import (
    citizens,
    consents,
    dialogues,
    exports,
    fleeting,
    paces,
    silenced,
    windows,
)
from store.tables.queues import (
    IS_LOST,
    UNSETTLED,
    inbox,
    outbox,
    parked,
    slots,
)

__all__ = [
    "IS_LOST",
    "IS_OPEN",
    "IS_RUNNING",
    "IS_TURN",
    "UNSETTLED",
    "citizens",
    "clerks",
    "closures",
    "consents",
    "cursors",
    "dialogues",
    "doomed",
    "editions",
    "escalations",
    "exports",
    "fleeting",
    "followers",
    "inbox",
    "leases",
    "lessons",
    "metadata",
    "outbox",
    "paces",
    "parked",
    "photos",
    "ratings",
    "schedule_runs",
    "sessions",
    "silenced",
    "slots",
    "tallies",
    "thread_messages",
    "threads",
    "tickets",
    "unsubscribed",
    "updates",
    "windows",
]
