"""One unit of work over all tables."""

from types import TracebackType
from typing import Self

from bot.ports import Clock
from store.citizens import Citizens, Dialogues
from store.clerks import Clerks
from store.codec import Codec
from store.cursors import Cursors
from store.engine import Access
from store.inbox import Inbox
from store.outbox import Outbox
from store.photos import Photos
from store.schedule import Schedule
from store.tickets import Tickets
from store.transaction import Transaction
from store.unavailable import reachable
from store.wake import Bell, notify


class Work:
    """Keeps `bot.ports.UnitOfWork`. With a bell it writes; without one it is a view, whose commit does nothing."""

    def __init__(self, access: Access, codec: Codec, clock: Clock, bell: Bell | None) -> None:
        self._access, self._codec, self._clock, self._bell = access, codec, clock, bell

    async def __aenter__(self) -> Self:
        self._tx = Transaction(await self._access.begin(), self._codec, self._clock)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._access.end(self._tx.connection, error)

    async def commit(self) -> None:
        if self._bell is None:
            return
        if self._tx.connection.dialect.name == "postgresql":
            for queue in sorted(self._tx.filled):
                await self._tx.execute(notify(queue))
        with reachable():
            await self._tx.connection.commit()
        for queue in self._tx.filled:
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
    def photos(self) -> Photos:
        return Photos(self._tx)

    @property
    def clerks(self) -> Clerks:
        return Clerks(self._tx)

    @property
    def cursors(self) -> Cursors:
        return Cursors(self._tx)

    @property
    def schedule(self) -> Schedule:
        return Schedule(self._tx)
