"""Tickets, their history and photos, and who has to do with them."""

from sqlalchemy import Boolean, Column, Double, ForeignKey, Index, Integer, SmallInteger, Table, text

from store.tables.columns import metadata, part, required
from store.types import Clear, Hash, Id, Sealed, Time
from tickets.figures import UNSURE

tickets = Table(
    "tickets",
    metadata,
    Column("number", Clear, primary_key=True),
    required("version", Integer),
    required("service", Clear),
    required("department", Clear),
    required("status", Clear),
    required("is_open", Boolean),  # follows from status
    required("priority", Clear),
    required("rank", SmallInteger),  # follows from priority: 0 is an emergency
    required("place_words", Sealed),
    Column("latitude", Double),
    Column("longitude", Double),
    Column("street", Clear),
    Column("area", Clear),
    required("description", Sealed),
    required("reporter", Id, ForeignKey("citizens.id")),
    required("channel", Clear),
    required("language", Clear),
    Column("confidence", Double),
    required("filed_at", Time),
    required("changed_at", Time),  # that of its newest update
    required("due_at", Time),
    Column("closed_at", Time),
    Column("answers", Sealed),  # to the service's own questions; none: there are none
    required("followers", Integer, server_default="0"),
    required("reopened", Integer, server_default="0"),  # how often a citizen said that it is not fixed
    required("postponed", Integer, server_default="0"),  # how often its date was missed and a new one promised
    Column("first_due_at", Time),  # what was promised first, where it was postponed
    Column("waiting_since", Time),  # for the citizen; meanwhile the clock of its promise stands
    Column("answered_at", Time),  # when a clerk did the first thing that its citizen may see
    Column("assignee", Clear),  # the login of who works on it
    Column("outside", Clear),  # the body beyond the city that has it now
    Column("merged_into", Clear),  # the ticket that goes on in its place
    Column("route", Clear),  # the rule by which its department got it; none: its service's usual one
)

updates = Table(
    "updates",
    metadata,
    Column("number", Clear, ForeignKey("tickets.number"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    required("at", Time),
    required("author", Clear),
    required("actor", Clear),
    required("event", Clear),
    Column("old", Clear),
    Column("new", Clear),
    required("note", Sealed),
    required("public", Boolean),
    Column("changes", Sealed),  # of a correction or a postponement
    Column("citizen", Id),  # whose words it holds: a ticket's followers write in it too
)

tallies = Table(
    "tallies",
    metadata,
    Column("service", Clear, primary_key=True),
    Column("status", Clear, primary_key=True),
    Column("part", Id, primary_key=True, autoincrement=False),  # the transaction on PostgreSQL, 0 on SQLite
    required("change", Integer),  # tickets more, or fewer; the sum over all rows is how many there are
)

photos = Table(
    "photos",
    metadata,
    Column("id", Id, primary_key=True),
    required("number", Clear, ForeignKey("tickets.number")),
    required("channel", Clear),
    required("reference", Sealed),
    required("content_type", Clear),
    required("added_at", Time),
    Column("due", Time),  # as in the queues; None once it is fetched or given up
    Column("name", Clear),
    required("reason", Clear),
    Column("owner", Clear),
    Column("token", Clear),
    required("attempts", Integer, server_default="0"),  # claims in a row that nobody finished
    Column("citizen", Id),  # who sent it: a ticket's followers send photos too
    sqlite_autoincrement=True,
)

cleared = Table(  # what a clerk found fit for anybody to read; no row: nothing
    "cleared",
    metadata,
    Column("number", Clear, ForeignKey("tickets.number"), primary_key=True),
    required("words", Sealed),  # empty: none
    required("news", Sealed),  # a clerk's public note; empty: none
    Column("news_version", Integer),  # of the update that the note stands in
    required("at", Time),
    required("login", Clear),
)

cleared_photos = Table(
    "cleared_photos",
    metadata,
    Column("name", Clear, primary_key=True),  # of its file
    required("number", Clear, ForeignKey("tickets.number")),
)

doomed = Table(  # files of photos that are to be deleted, and of which no other row tells any more
    "doomed",
    metadata,
    Column("name", Clear, primary_key=True),
)

followers = Table(
    "followers",
    metadata,
    Column("number", Clear, ForeignKey("tickets.number"), primary_key=True),
    Column("citizen", Id, ForeignKey("citizens.id"), primary_key=True, autoincrement=False),
    required("since", Time),
    Column("via", Clear),  # the duplicate that was merged into it, by which they came
)

ratings = Table(  # a row for each score that somebody gave
    "ratings",
    metadata,
    Column("number", Clear, ForeignKey("tickets.number"), primary_key=True),
    Column("citizen", Id, ForeignKey("citizens.id"), primary_key=True, autoincrement=False),
    Column("at", Time, primary_key=True),
    Column("score", SmallInteger),
    Column("word", Sealed),
)

closures = (
    Table(  # who is to be asked whether a resolved ticket is fixed; of each resolution, so the newest row is live
        "closures",
        metadata,
        Column("number", Clear, ForeignKey("tickets.number"), primary_key=True),
        Column("citizen", Id, ForeignKey("citizens.id"), primary_key=True, autoincrement=False),
        Column("resolved_at", Time, primary_key=True),
        Column("due", Time),  # to be asked from then on; none: asked, or not to be asked any more
        Column("asked_at", Time),
        Column("answer", Clear),  # `yes` or `no`; none: no answer, which is no answer
    )
)

links = Table(  # tickets that have to do with each other, each pair once: `number` is the lesser
    "links",
    metadata,
    Column("number", Clear, ForeignKey("tickets.number"), primary_key=True),
    Column("other", Clear, ForeignKey("tickets.number"), primary_key=True),
    required("kind", Clear),  # `related` or `split`
    required("at", Time),
    required("login", Clear),
)

referrals = Table(  # tickets given to a body beyond the city, which answers by a link with a token
    "referrals",
    metadata,
    Column("id", Id, primary_key=True),
    required("number", Clear, ForeignKey("tickets.number")),
    required("token_hash", Hash, unique=True),
    required("body", Clear),  # its name
    required("address", Sealed),  # where the mail went
    required("language", Clear),
    required("note", Sealed),  # what the clerk wrote to it
    required("at", Time),
    required("login", Clear),
    Column("ended_at", Time),  # it answered for good, or the ticket was taken back
    sqlite_autoincrement=True,
)

escalations = Table(  # which step was told of which promised date
    "escalations",
    metadata,
    Column("number", Clear, ForeignKey("tickets.number"), primary_key=True),
    Column("due_at", Time, primary_key=True),
    Column("level", Integer, primary_key=True, autoincrement=False),
    required("at", Time),
)

lessons = Table(
    "lessons",
    metadata,
    Column("id", Id, primary_key=True),
    required("number", Clear, ForeignKey("tickets.number"), unique=True),
    required("language", Clear),
    required("service", Clear),
    required("text", Sealed),
    required("verdict", Clear),
    required("proposed_at", Time),
    sqlite_autoincrement=True,  # a number that somebody has just read never names another sentence
)

IS_OPEN = text("is_open")  # as a query must say it to be answered by the indexes of open tickets
IS_RUNNING = text("is_open AND status <> 'waiting'")  # the same, of those whose promise can be missed
# The same, of the few that lack something.
IS_UNLOCATED = text("(latitude IS NULL AND coalesce(street, '') = '')")
IS_UNSURE = text(f"confidence < {UNSURE}")
# The same, of the updates that anybody is told of: what its citizen is, and what else can be seen of a ticket.
IS_PUBLIC = text(
    "(public OR event IN ('followed', 'confirmed', 'reopened', 'merged', 'unmerged', 'referred', 'returned', 'undone'))"
)
# The same, of the few updates that digests look for by their time.
IS_TURN = text(
    "(event IN ('reopened', 'postponed', 'followed', 'left')"
    " OR old IN ('resolved', 'declined', 'duplicate', 'waiting') OR new = 'waiting')"
)

Index("ix_links_other", links.c.other)
Index("ix_cleared_photos_number", cleared_photos.c.number)
# Whether enough of a sensitive service stand in an area; and the newest of them.
Index("ix_tickets_crowd", tickets.c.service, tickets.c.area, tickets.c.filed_at, tickets.c.number)
part("ix_updates_public", IS_PUBLIC, updates.c.at, updates.c.number, updates.c.version)
Index("ix_referrals_number", referrals.c.number)
part("ix_photos_citizen", photos.c.citizen.is_not(None), photos.c.citizen)
part("ix_photos_due", photos.c.due.is_not(None), photos.c.due)
part("ix_closures_due", closures.c.due.is_not(None), closures.c.due)
part("ix_updates_citizen", updates.c.citizen.is_not(None), updates.c.citizen)
Index("ix_followers_citizen", followers.c.citizen, followers.c.since)
Index("ix_closures_citizen", closures.c.citizen)
Index("ix_ratings_citizen", ratings.c.citizen)
part("ix_tickets_near", IS_OPEN, tickets.c.service, tickets.c.latitude)
part("ix_tickets_street", IS_OPEN, tickets.c.service, tickets.c.street)
part("ix_tickets_due", IS_OPEN, tickets.c.due_at)
part("ix_tickets_missed", IS_RUNNING, tickets.c.due_at, tickets.c.number)
# What the desk sorts and counts by stands in these, so that it reads only the tickets that it shows.
part(
    "ix_tickets_open", IS_OPEN,
    tickets.c.rank, tickets.c.followers, tickets.c.filed_at, tickets.c.number, tickets.c.due_at, tickets.c.first_due_at,
    tickets.c.status, tickets.c.service, tickets.c.area, tickets.c.department, tickets.c.assignee, tickets.c.channel,
    tickets.c.language, tickets.c.confidence, tickets.c.latitude, tickets.c.longitude, tickets.c.street,
    tickets.c.reopened, tickets.c.outside, tickets.c.is_open,
)  # fmt: skip
for _name, _which in (
    ("", tickets.c.closed_at.is_not(None)),
    ("_unlocated", text(f"closed_at IS NOT NULL AND {IS_UNLOCATED}")),
    ("_unsure", text(f"closed_at IS NOT NULL AND {IS_UNSURE}")),
    ("_outside", text("closed_at IS NOT NULL AND outside IS NOT NULL")),
):
    part(
        f"ix_tickets_closed{_name}", _which,
        tickets.c.closed_at, tickets.c.filed_at, tickets.c.number, tickets.c.service, tickets.c.area,
        tickets.c.department, tickets.c.assignee, tickets.c.status, tickets.c.channel, tickets.c.language,
        tickets.c.confidence, tickets.c.latitude, tickets.c.street,
    )  # fmt: skip
for _name in ("service", "area", "department", "assignee", "status"):  # lists of the desk, the latest closed first
    part(
        f"ix_tickets_closed_{_name}", tickets.c.closed_at.is_not(None),
        tickets.c[_name], tickets.c.closed_at, tickets.c.filed_at, tickets.c.number,
    )  # fmt: skip
part(
    "ix_tickets_past", tickets.c.closed_at.is_not(None),
    tickets.c.service, tickets.c.latitude, tickets.c.longitude, tickets.c.closed_at,
)  # fmt: skip
part(  # holds what a map asks of closed tickets, so that they need not be read themselves
    "ix_tickets_map", tickets.c.closed_at.is_not(None),
    tickets.c.filed_at, tickets.c.latitude, tickets.c.longitude, tickets.c.service, tickets.c.area,
    tickets.c.department, tickets.c.status, tickets.c.channel, tickets.c.language, tickets.c.rank, tickets.c.number,
)  # fmt: skip
part("ix_closures_asked", closures.c.asked_at.is_not(None), closures.c.asked_at)
part("ix_updates_turns", IS_TURN, updates.c.at)
# Of a span of time, those of a service or in a part of the map are told apart without being read.
_TOLD_APART = (tickets.c.number, tickets.c.latitude, tickets.c.longitude, tickets.c.service)
Index("ix_tickets_filed", tickets.c.filed_at, *_TOLD_APART)
Index("ix_tickets_changed", tickets.c.changed_at, *_TOLD_APART)
Index("ix_ratings_at", ratings.c.at)
Index("ix_lessons_verdict", lessons.c.verdict, lessons.c.id)
Index("ix_photos_number", photos.c.number)
Index("ix_tickets_desk", tickets.c.is_open, tickets.c.rank, tickets.c.due_at, tickets.c.number)
Index("ix_tickets_reporter", tickets.c.reporter, tickets.c.filed_at)
Index("ix_tickets_status", tickets.c.status, tickets.c.rank, tickets.c.due_at, tickets.c.number)
Index("ix_tickets_service", tickets.c.service, tickets.c.status, tickets.c.rank, tickets.c.due_at, tickets.c.number)
