"""The database: units of work over everything, and being woken by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from bot.ports.amendments import Amendments
from bot.ports.askings import Askings
from bot.ports.audit import Audit
from bot.ports.cases import Cases
from bot.ports.citizens import Citizens, Dialogues
from bot.ports.clerks import Clerks
from bot.ports.escalations import Escalations
from bot.ports.figures import Editions, Statistics, Unsubscribed
from bot.ports.followers import Closures, Followers, Ratings
from bot.ports.hooks import Hooks
from bot.ports.inbox import Bursts, Inbox, SetAside
from bot.ports.keys import Keys, Postings
from bot.ports.learning import Lessons
from bot.ports.links import Batches, Links, Referrals
from bot.ports.live import Habits, Live
from bot.ports.moving import Moving
from bot.ports.opendata import OpenData
from bot.ports.outbox import Outbox
from bot.ports.pace import Paces
from bot.ports.photos import Photos
from bot.ports.points import Points
from bot.ports.privacy import Consents, Erasure, Exports, Silenced
from bot.ports.public import Public
from bot.ports.retention import Retention
from bot.ports.rotation import Rotation
from bot.ports.routes import Routes
from bot.ports.search import Search
from bot.ports.slots import Slots
from bot.ports.threads import Threads
from bot.ports.town import Towns
from bot.ports.tries import Tries
from bot.ports.undelivered import Refusals, Undelivered
from bot.ports.windows import Windows


class Cursors(Protocol):
    """Where polling stands (Telegram's offset), moved in the transaction that keeps what was polled."""

    async def get(self, name: str) -> int: ...

    async def set(self, name: str, value: int) -> None: ...


class Schedule(Protocol):
    """Who runs a scheduled job: the one whose transaction first says so."""

    async def once(self, schedule: str, at: datetime) -> bool:
        """True for the first who asks for this schedule and time, False for everybody after: a job of one part."""
        ...

    async def next_part(self, schedule: str, at: datetime) -> int | None:
        """Where the next part of this run begins, 0 for the first; None when all is done. Until the end of this unit of
        work nobody else gets a part of it."""
        ...

    async def last(self) -> datetime | None:
        """For when the latest run that anybody began was due; None: there never was one."""
        ...

    async def reached(self, schedule: str, at: datetime, after: int | None) -> None:
        """The part is done, in this unit of work; the next one begins here, or (None) there is none."""
        ...


class Leases(Protocol):
    """Who does, for a while, what only one process may do at a time."""

    async def hold(self, name: str, owner: str, now: datetime, until: datetime) -> bool:
        """Take it or keep it until then; False while somebody else holds it."""
        ...

    async def give_up(self, name: str, owner: str) -> None:
        """Others may take it at once."""
        ...

    async def over(self, prefix: str, now: datetime, limit: int) -> Sequence[str]:
        """Those whose name begins so and which nobody holds any more, the longest over first: work that was put off
        until then, or that somebody left in the middle."""
        ...


class Housekeeping(Protocol):
    """Forgets what has had its time."""

    async def messages(self, before: datetime, after: int) -> int | None:
        """Delete messages that were answered before this time, one batch of those with an id above `after`; where the
        next batch begins, None when there is none. Those set aside stay."""
        ...

    async def replies(self, before: datetime) -> bool:
        """Delete messages from us that were queued before this time and belong to no ticket, one batch; whether there
        may be more. What reached nobody and was not seen to stays."""
        ...

    async def rest(self, now: datetime, before: datetime) -> int:
        """Delete log-ins that have expired, and what else is older than `before`: drafts, paces, leases, runs of
        schedules but the newest of each; and threads closed half a year ago. How many."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What waits in a queue (`inbox`, `outbox`, `photos`, `parked`, `hook_events`): how many, since when the oldest."""

    queue: str
    waiting: int
    oldest: datetime | None


class Backlogs(Protocol):
    async def all(self) -> Sequence[Backlog]:
        """Of every queue, what is claimed by somebody counted in."""
        ...

    async def late(self, now: datetime) -> int:
        """How many open tickets there are whose promised date is gone."""
        ...


class UnitOfWork(Protocol):
    """One transaction over everything. Left without `commit()` it rolls back. Never open while a provider is called."""

    @property
    def inbox(self) -> Inbox: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def citizens(self) -> Citizens: ...
    @property
    def dialogues(self) -> Dialogues: ...
    @property
    def tickets(self) -> Cases: ...
    @property
    def followers(self) -> Followers: ...
    @property
    def ratings(self) -> Ratings: ...
    @property
    def closures(self) -> Closures: ...
    @property
    def threads(self) -> Threads: ...
    @property
    def consents(self) -> Consents: ...
    @property
    def escalations(self) -> Escalations: ...
    @property
    def exports(self) -> Exports: ...
    @property
    def erasure(self) -> Erasure: ...
    @property
    def silenced(self) -> Silenced: ...
    @property
    def photos(self) -> Photos: ...
    @property
    def points(self) -> Points: ...
    @property
    def public(self) -> Public: ...
    @property
    def open_data(self) -> OpenData: ...
    @property
    def clerks(self) -> Clerks: ...
    @property
    def lessons(self) -> Lessons: ...
    @property
    def cursors(self) -> Cursors: ...
    @property
    def schedule(self) -> Schedule: ...
    @property
    def search(self) -> Search: ...
    @property
    def slots(self) -> Slots: ...
    @property
    def refusals(self) -> Refusals: ...
    @property
    def undelivered(self) -> Undelivered: ...
    @property
    def towns(self) -> Towns: ...
    @property
    def bursts(self) -> Bursts: ...
    @property
    def set_aside(self) -> SetAside: ...
    @property
    def paces(self) -> Paces: ...
    @property
    def leases(self) -> Leases: ...
    @property
    def housekeeping(self) -> Housekeeping: ...
    @property
    def windows(self) -> Windows: ...
    @property
    def backlogs(self) -> Backlogs: ...
    @property
    def rotation(self) -> Rotation: ...
    @property
    def retention(self) -> Retention: ...
    @property
    def statistics(self) -> Statistics: ...
    @property
    def editions(self) -> Editions: ...
    @property
    def unsubscribed(self) -> Unsubscribed: ...
    @property
    def audit(self) -> Audit: ...
    @property
    def amendments(self) -> Amendments: ...
    @property
    def routes(self) -> Routes: ...
    @property
    def links(self) -> Links: ...
    @property
    def referrals(self) -> Referrals: ...
    @property
    def batches(self) -> Batches: ...
    @property
    def live(self) -> Live: ...
    @property
    def habits(self) -> Habits: ...
    @property
    def tries(self) -> Tries: ...
    @property
    def hooks(self) -> Hooks: ...
    @property
    def moving(self) -> Moving: ...
    @property
    def keys(self) -> Keys: ...
    @property
    def postings(self) -> Postings: ...
    @property
    def askings(self) -> Askings: ...

    async def commit(self) -> None:
        """Raises StoreUnavailable; then nothing was written, save where the connection was lost before the answer: then
        all of it may have been. Keys and fences make doing it again harmless."""
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Store(Protocol):
    """The database. `work()` opens a unit of work that writes, `view()` one that only reads (its commit does nothing);
    both raise StoreUnavailable when the database cannot be reached or stays locked."""

    def work(self) -> UnitOfWork: ...

    def view(self) -> UnitOfWork: ...

    async def close(self) -> None: ...


class Wake(Protocol):
    """Says that a queue got something to do: what makes polling quick, never instead of it."""

    async def wait(self, queue: str, seconds: float) -> bool:
        """Until rows were added to this queue (`inbox`, `outbox`, `photos`, `parked`) since the last wait (True), or
        the seconds are over (False). One waiter per queue in a process."""
        ...
