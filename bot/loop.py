"""The loop of whoever claims rows (inbox, outbox, photos, what is parked): claim what is due, work on it side by side,
sleep until the bell."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Generic, TypeVar

import structlog

from bot.ports import Clock, Store, StoreUnavailable, UnitOfWork, Wake

T = TypeVar("T")
POLL = 0.25  # seconds between looks when nothing rings
GATHER = 0.02  # seconds after a claim in which more may come: one claim for many costs as much as one for each
AFTER_TROUBLE = 2.0  # seconds
PERSEVERANCE, PAUSE = 30.0, 0.5  # seconds: half of the leases of inbox and outbox, so that the row is still ours
log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """What every worker of a process shares. `owner` is the name under which it claims rows."""

    store: Store
    clock: Clock
    random: Random
    owner: str
    wake: Wake


async def insist(write: Callable[[], Awaitable[None]], seconds: float = PERSEVERANCE) -> None:
    """Do what ends the work on an item, and again while the store is away, for that long: a message sent but not noted
    as sent would be sent twice, one not given back would wait for the end of its lease. Raises StoreUnavailable."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while True:
        try:
            return await write()
        except StoreUnavailable:
            if loop.time() >= end:
                raise
            await asyncio.sleep(PAUSE)


async def noted(store: Store, write: Callable[[UnitOfWork], Awaitable[None]]) -> None:
    """What became of an item, in a unit of work of its own, which is insisted on."""

    async def once() -> None:
        async with store.work() as work:
            await write(work)
            await work.commit()

    await insist(once)


class Loop(Generic[T]):
    """Claims up to `limit` items at a time and handles them concurrently. A handler must not raise."""

    def __init__(
        self, claim: Callable[[int], Awaitable[Sequence[T]]], handle: Callable[[T], Awaitable[None]],
        wake: Wake, queue: str, *, limit: int = 16, poll: float = POLL,
    ) -> None:  # fmt: skip
        self._claim, self._handle, self._limit = claim, handle, limit
        self._wake, self._queue, self._poll = wake, queue, poll
        self._running: set[asyncio.Task[None]] = set()
        self._freed, self._stopping = asyncio.Event(), asyncio.Event()
        self._found = True

    @property
    def name(self) -> str:
        return self._queue

    @property
    def quiet(self) -> bool:
        """Nothing is in hand, and the last look found nothing."""
        return not self._running and not self._found

    async def step(self) -> int:
        """Claim once and finish what was claimed; how many. For tests and for draining."""
        items = await self._claim(self._limit)
        await asyncio.gather(*(self._handle(item) for item in items))
        return len(items)

    async def run(self) -> None:
        """Until `stop`; then what is being handled is finished. Cancelled, it takes that with it."""
        try:
            while not self._stopping.is_set():
                await self._turn()
            if self._running:
                await asyncio.wait(self._running)
        finally:
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)

    def stop(self) -> None:
        self._stopping.set()
        self._freed.set()

    async def _turn(self) -> None:
        """A look, and the pause behind it."""
        try:
            started = await self._start_some()
        except StoreUnavailable:
            log.warning("store_unavailable", queue=self._queue)
            await self._pause(min(self._poll, AFTER_TROUBLE))
        except Exception as error:  # noqa: BLE001 - a queue whose loop has ended would stand still unseen
            log.error("claiming_failed", queue=self._queue, error=type(error).__name__)
            await self._pause(AFTER_TROUBLE)
        else:
            await (asyncio.sleep(GATHER) if started else self._rest())

    async def _start_some(self) -> int:
        free = self._limit - len(self._running)
        if free <= 0:
            return 0
        items = await self._claim(free)
        self._found = bool(items)
        for item in items:
            task = asyncio.create_task(self._one(item))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return len(items)

    async def _one(self, item: T) -> None:
        try:
            await self._handle(item)
        except Exception as error:  # noqa: BLE001 - asyncio would print it whole, with a citizen's words in it
            log.error("handler_raised", queue=self._queue, error=type(error).__name__)
        self._freed.set()  # its lane is free again: the next message in it need not wait for the poll

    async def _pause(self, seconds: float) -> None:
        """So long, whatever rings, unless it is to stop."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _rest(self) -> None:
        """Until something was queued or finished, at most one poll."""
        waits = {
            asyncio.create_task(self._wake.wait(self._queue, self._poll)),
            asyncio.create_task(self._freed.wait()),
        }
        _, pending = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in pending:
            wait.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        self._freed.clear()
