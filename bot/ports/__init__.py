"""What the bot needs from outside, as Protocols that `store`, `nlu`, `channels` and the tests' fakes keep."""

from bot.ports.cases import MOST_CLOSED, NOBODY, Cases, Counts, Flag, Query
from bot.ports.citizens import Citizens, Dialogues
from bot.ports.clerks import Clerk, Clerks, Listed, Pass, SavedList, Session
from bot.ports.errors import Stale, StoreUnavailable, Taken
from bot.ports.escalations import Escalations, Pressing, Reached, Rung
from bot.ports.followers import Closure, Closures, Followers, Rating, Ratings
from bot.ports.inbox import Arrival, Aside, AsideReason, Behind, Bursts, Inbox, SetAside
from bot.ports.learning import Lesson, Lessons, Verdict
from bot.ports.outbox import Departure, Kind, Noted, Outbox, Queued, Sent
from bot.ports.outside import Clock, Parser, Places, Render, Transcriber
from bot.ports.pace import Pace, Paces
from bot.ports.page import Page
from bot.ports.photos import Files, Photo, Photos
from bot.ports.privacy import Consents, Erasure, Exports, Silenced
from bot.ports.search import Search, Word
from bot.ports.slots import Admitted, Limit, Slots
from bot.ports.spool import Accept, Note, ReceiptSpool, Spool, Told
from bot.ports.threads import Entry, Letter, Said, Thread, Threads
from bot.ports.undelivered import Failure, Missed, Only, Refusals, Tally, Undelivered
from bot.ports.windows import Parked, Windows
from bot.ports.work import Backlog, Backlogs, Cursors, Housekeeping, Leases, Schedule, Store, UnitOfWork, Wake

__all__ = [
    "MOST_CLOSED",
    "NOBODY",
    "Accept",
    "Admitted",
    "Arrival",
    "Aside",
    "AsideReason",
    "Backlog",
    "Backlogs",
    "Behind",
    "Bursts",
    "Cases",
    "Citizens",
    "Clerk",
    "Clerks",
    "Clock",
    "Closure",
    "Closures",
    "Consents",
    "Counts",
    "Cursors",
    "Departure",
    "Dialogues",
    "Entry",
    "Erasure",
    "Escalations",
    "Exports",
    "Failure",
    "Files",
    "Flag",
    "Followers",
    "Housekeeping",
    "Inbox",
    "Kind",
    "Leases",
    "Lesson",
    "Lessons",
    "Letter",
    "Limit",
    "Listed",
    "Missed",
    "Note",
    "Noted",
    "Only",
    "Outbox",
    "Pace",
    "Paces",
    "Page",
    "Parked",
    "Parser",
    "Pass",
    "Photo",
    "Photos",
    "Places",
    "Pressing",
    "Query",
    "Queued",
    "Rating",
    "Ratings",
    "Reached",
    "ReceiptSpool",
    "Refusals",
    "Render",
    "Rung",
    "Said",
    "SavedList",
    "Schedule",
    "Search",
    "Sent",
    "Session",
    "SetAside",
    "Silenced",
    "Slots",
    "Spool",
    "Stale",
    "Store",
    "StoreUnavailable",
    "Taken",
    "Tally",
    "Thread",
    "Threads",
    "Told",
    "Transcriber",
    "Undelivered",
    "UnitOfWork",
    "Verdict",
    "Wake",
    "Windows",
    "Word",
]
