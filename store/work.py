"""One unit of work over all tables."""

from types import TracebackType
from typing import Self

from bot.ports import Clock
from store.amendments import Amendments
from store.askings import Askings
from store.audit import Audit
from store.backlogs import Backlogs
from store.batches import Batches
from store.bursts import Bursts
from store.citizens import Citizens, Dialogues
from store.clerks import Clerks
from store.closures import Closures
from store.codec import Codec
from store.consents import Consents
from store.crowd import Sight
from store.cursors import Cursors
from store.editions import Editions
from store.erasure import Erasure
from store.erasures import Erasures
from store.escalations import Escalations
from store.exports import Exports
from store.figures import Statistics
from store.followers import Followers
from store.hooks import Hooks
from store.housekeeping import Housekeeping
from store.inbox import Inbox
from store.keys import Keys, Postings
from store.learning import Lessons
from store.leases import Leases
from store.links import Links
from store.live import Habits, Live
from store.moving import Moving
from store.opendata import OpenData
from store.outbox import Outbox
from store.paces import Paces
from store.photos import Photos
from store.points import Points
from store.public import Public
from store.ratings import Ratings
from store.referrals import Referrals
from store.refusals import Refusals
from store.retention import Retention
from store.rotation import Rotation
from store.routes import Routes
from store.schedule import Schedule
from store.search import Search
from store.session import Access
from store.set_aside import SetAside
from store.silenced import Silenced
from store.slots import Slots
from store.threads import Threads
from store.tickets import Tickets
from store.town import Towns
from store.transaction import Transaction
from store.tries import Tries
from store.undelivered import Undelivered
from store.unsubscribed import Unsubscribed
from store.wake import Bell, rings
from store.windows import Windows


class Work:
    """Keeps `bot.ports.UnitOfWork`. With a bell it writes; without one it is a view, whose commit does nothing."""

    def __init__(
        self, access: Access, codec: Codec, clock: Clock, bell: Bell | None, erasures: Erasures | None = None,
        *, sight: Sight,
    ) -> None:  # fmt: skip
        self._tx, self._bell, self._erasures = Transaction(access, codec, clock), bell, erasures
        self._sight = sight

    async def __aenter__(self) -> Self:
        if self._bell:
            await self._tx.begin()  # a view begins when it is asked something
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._tx.end(error)

    @property
    def tries(self) -> Tries:
        return Tries(self._tx)

    async def commit(self) -> None:
        if self._bell is None:
            return
        if self._erasures:
            for at, marks in self._tx.erased.items():
                self._erasures.note(marks, at)
            for at, marks in self._tx.forgotten.items():
                self._erasures.note_forgotten(marks, at)
        await self._tx.commit()
        for queue in rings(self._tx.filled):
            self._bell.ring(queue)

    @property
    def inbox(self) -> Inbox:
        return Inbox(self._tx)

    @property
    def outbox(self) -> Outbox:
        return Outbox(self._tx)

    @property
    def citizens(self) -> Citizens:
        return Citizens(self._tx)

    @property
    def dialogues(self) -> Dialogues:
        return Dialogues(self._tx)

    @property
    def tickets(self) -> Tickets:
        return Tickets(self._tx)

    @property
    def followers(self) -> Followers:
        return Followers(self._tx)

    @property
    def photos(self) -> Photos:
        return Photos(self._tx)

    @property
    def points(self) -> Points:
        return Points(self._tx)

    @property
    def open_data(self) -> OpenData:
        return OpenData(self._tx, self._sight)

    @property
    def public(self) -> Public:
        return Public(self._tx, self._sight)

    @property
    def clerks(self) -> Clerks:
        return Clerks(self._tx)

    @property
    def cursors(self) -> Cursors:
        return Cursors(self._tx)

    @property
    def schedule(self) -> Schedule:
        return Schedule(self._tx)

    @property
    def search(self) -> Search:
        return Search(self._tx)

    @property
    def slots(self) -> Slots:
        return Slots(self._tx)

    @property
    def refusals(self) -> Refusals:
        return Refusals(self._tx)

    @property
    def undelivered(self) -> Undelivered:
        return Undelivered(self._tx)

    @property
    def towns(self) -> Towns:
        return Towns(self._tx)

    @property
    def bursts(self) -> Bursts:
        return Bursts(self._tx)

    @property
    def set_aside(self) -> SetAside:
        return SetAside(self._tx)

    @property
    def paces(self) -> Paces:
        return Paces(self._tx)

    @property
    def leases(self) -> Leases:
        return Leases(self._tx)

    @property
    def housekeeping(self) -> Housekeeping:
        return Housekeeping(self._tx)

    @property
    def windows(self) -> Windows:
        return Windows(self._tx)

    @property
    def backlogs(self) -> Backlogs:
        return Backlogs(self._tx)

    @property
    def consents(self) -> Consents:
        return Consents(self._tx)

    @property
    def threads(self) -> Threads:
        return Threads(self._tx)

    @property
    def ratings(self) -> Ratings:
        return Ratings(self._tx)

    @property
    def closures(self) -> Closures:
        return Closures(self._tx)

    @property
    def escalations(self) -> Escalations:
        return Escalations(self._tx)

    @property
    def exports(self) -> Exports:
        return Exports(self._tx)

    @property
    def erasure(self) -> Erasure:
        return Erasure(self._tx)

    @property
    def silenced(self) -> Silenced:
        return Silenced(self._tx)

    @property
    def lessons(self) -> Lessons:
        return Lessons(self._tx)

    @property
    def unsubscribed(self) -> Unsubscribed:
        return Unsubscribed(self._tx)

    @property
    def rotation(self) -> Rotation:
        return Rotation(self._tx)

    @property
    def retention(self) -> Retention:
        return Retention(self._tx)

    @property
    def statistics(self) -> Statistics:
        return Statistics(self._tx)

    @property
    def editions(self) -> Editions:
        return Editions(self._tx)

    @property
    def audit(self) -> Audit:
        return Audit(self._tx)

    @property
    def amendments(self) -> Amendments:
        return Amendments(self._tx)

    @property
    def routes(self) -> Routes:
        return Routes(self._tx)

    @property
    def links(self) -> Links:
        return Links(self._tx)

    @property
    def referrals(self) -> Referrals:
        return Referrals(self._tx)

    @property
    def live(self) -> Live:
        return Live(self._tx)

    @property
    def habits(self) -> Habits:
        return Habits(self._tx)

    @property
    def moving(self) -> Moving:
        return Moving(self._tx)

    @property
    def batches(self) -> Batches:
        return Batches(self._tx)

    @property
    def hooks(self) -> Hooks:
        return Hooks(self._tx)

    @property
    def keys(self) -> Keys:
        return Keys(self._tx)

    @property
    def postings(self) -> Postings:
        return Postings(self._tx)

    @property
    def askings(self) -> Askings:
        return Askings(self._tx)
