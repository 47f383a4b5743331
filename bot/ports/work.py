"""The database: units of work over everything, and being woken by it."""

from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from bot.ports.cases import Cases
from bot.ports.citizens import Citizens, Dialogues
from bot.ports.clerks import Clerks
from bot.ports.inbox import Inbox
from bot.ports.outbox import Outbox
from bot.ports.photos import Photos


class Cursors(Protocol):
    """Where polling stands (Telegram's offset), moved in the transaction that keeps what was polled."""

    async def get(self, name: str) -> int: ...

    async def set(self, name: str, value: int) -> None: ...


class Schedule(Protocol):
    """Who runs a scheduled job: the one whose transaction first says so."""

    async def once(self, schedule: str, at: datetime) -> bool:
        """True for the first who asks for this schedule and time, False for everybody after."""
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
    def photos(self) -> Photos: ...
    @property
    def clerks(self) -> Clerks: ...
    @property
    def cursors(self) -> Cursors: ...
    @property
    def schedule(self) -> Schedule: ...

    async def commit(self) -> None:
        """Raises StoreUnavailable; then nothing was written."""
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
        """Until rows were added to `inbox` or `outbox` since the last wait (True), or the seconds are over (False).
        One waiter per queue in a process."""
        ...
