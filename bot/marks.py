"""Notes what was sent, all that waits in one unit of work. A kill between a send and its note doubles the message: what
shortens that time is that nobody's note waits behind another's commit."""

import asyncio
from collections.abc import Coroutine

from bot.loop import insist
from bot.ports import Clock, Departure, Store

_Waiting = tuple[Departure, str, asyncio.Future[None]]


class Marks:
    """Shared by all sends of a process."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._waiting: list[_Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    async def sent(self, departure: Departure, external_id: str) -> None:
        """When it returns this is written; raises StoreUnavailable when the database stays away."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((departure, external_id, future))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        await future

    async def _write(self) -> None:
        """Whoever comes while one batch is written is in the next."""
        try:
            await asyncio.sleep(0)  # what is answered in the same moment goes into the same batch
            while self._waiting:
                batch, self._waiting = self._waiting, []
                await _settle(batch, self._commit(batch))
        finally:
            self._writing = None

    async def _commit(self, batch: list[_Waiting]) -> None:
        await insist(lambda: self._once(batch))

    async def _once(self, batch: list[_Waiting]) -> None:
        async with self._store.work() as work:
            for departure, external_id, _ in batch:
                await work.outbox.sent(departure, external_id, self._clock.now())
            await work.commit()


async def _settle(batch: list[_Waiting], writing: Coroutine[None, None, None]) -> None:
    try:
        await writing
    except BaseException as error:
        _tell(batch, error)
        if not isinstance(error, Exception):
            raise
    else:
        _tell(batch, None)


def _tell(batch: list[_Waiting], error: BaseException | None) -> None:
    """Some may have been cancelled meanwhile."""
    for _, _, future in batch:
        if future.done():
            continue
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(error)
