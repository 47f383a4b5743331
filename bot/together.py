"""Writes what comes at the same time in one unit of work: while one batch is being committed, the next one gathers."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from bot.ports import StoreUnavailable

T = TypeVar("T")
MOST = 64  # in one unit of work: others wait meanwhile
_Waiting = tuple[Sequence[T], "asyncio.Future[None]"]


class Together(Generic[T]):
    """`write` keeps items or raises. Each caller learns of its own items only: when a batch fails for any reason but an
    absent database, each part of it is written by itself. Batches are written in the order in which they came."""

    def __init__(self, write: Callable[[Sequence[T]], Awaitable[None]]) -> None:
        self._write = write
        self._waiting: list[_Waiting[T]] = []
        self._writing: asyncio.Task[None] | None = None

    async def keep(self, items: Sequence[T]) -> None:
        """When it returns they are kept; raises what `write` raises for them. If cancelled, they may be kept yet."""
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((items, kept))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._work())
        await kept

    async def _work(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            try:
                await self._batch(batch)
            except BaseException as error:
                for _, kept in batch + self._waiting:
                    _settle(kept, error)
                self._waiting = []
                raise

    async def _batch(self, batch: list[_Waiting[T]]) -> None:
        try:
            await self._write([item for items, _ in batch for item in items])
        except StoreUnavailable as error:
            self._away(batch, error)
        except Exception as error:  # noqa: BLE001 - it belongs to one of them
            if len(batch) == 1:
                _settle(batch[0][1], error)
            else:
                await self._one_by_one(batch)
        else:
            for _, kept in batch:
                _settle(kept, None)

    async def _one_by_one(self, batch: list[_Waiting[T]]) -> None:
        for place, (items, kept) in enumerate(batch):
            try:
                await self._write(items)
            except StoreUnavailable as error:
                self._away(batch[place:], error)
                return
            except Exception as error:  # noqa: BLE001 - this one's own
                _settle(kept, error)
            else:
                _settle(kept, None)

    def _away(self, batch: list[_Waiting[T]], error: StoreUnavailable) -> None:
        """Nothing of this batch was written, and what waits behind it has waited as long as it took to learn that: it
        need not wait again."""
        waited, self._waiting = self._waiting, []
        for _, kept in batch + waited:
            _settle(kept, error)


def _settle(kept: "asyncio.Future[None]", error: BaseException | None) -> None:
    if kept.done():  # its caller was cancelled
        return
    if error is None:
        kept.set_result(None)
    elif isinstance(error, Exception):
        kept.set_exception(error)
    else:
        kept.cancel()
