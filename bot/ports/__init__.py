"""What the bot needs from outside, as Protocols that `store`, `nlu`, `channels` and the tests' fakes keep."""

from bot.ports.cases import Cases, Page, Query
from bot.ports.citizens import Citizens, Dialogues
from bot.ports.clerks import Clerk, Clerks, Session
from bot.ports.errors import Stale, StoreUnavailable, Taken
from bot.ports.inbox import Arrival, Aside, Inbox
from bot.ports.outbox import Departure, Outbox, Queued, Sent
from bot.ports.outside import Clock, Parser, Places, Render
from bot.ports.photos import Files, Photo, Photos
from bot.ports.spool import Accept, Spool
from bot.ports.work import Cursors, Schedule, Store, UnitOfWork, Wake

__all__ = [
    "Accept",
    "Arrival",
    "Aside",
    "Cases",
    "Citizens",
    "Clerk",
    "Clerks",
    "Clock",
    "Cursors",
    "Departure",
    "Dialogues",
    "Files",
    "Inbox",
    "Outbox",
    "Page",
    "Parser",
    "Photo",
    "Photos",
    "Places",
    "Query",
    "Queued",
    "Render",
    "Schedule",
    "Sent",
    "Session",
    "Spool",
    "Stale",
    "Store",
    "StoreUnavailable",
    "Taken",
    "UnitOfWork",
    "Wake",
]
