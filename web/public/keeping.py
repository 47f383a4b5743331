"""Answers that were made just now: of a storm of visitors the first one pays, the others are handed the same."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from bot.ports import StoreUnavailable

Made = TypeVar("Made")


@dataclass(slots=True, kw_only=True)
class Keeping(Generic[Made]):
    """Of this process. `fresh`: for how long one is handed out; `stale`: for how long after that when the database is
    away; `most`: how many are kept, the ones made last."""

    fresh: timedelta
    stale: timedelta
    most: int
    _kept: dict[Hashable, tuple[datetime, Made]] = field(default_factory=dict)
    _making: dict[Hashable, "asyncio.Task[Made]"] = field(default_factory=dict)

    def has(self, key: Hashable, now: datetime) -> bool:
        """Whether it costs nothing: it is kept, or being made for somebody else."""
        kept = self._kept.get(key)
        return key in self._making or (kept is not None and timedelta(0) <= now - kept[0] < self.fresh)

    async def get(self, key: Hashable, now: datetime, make: Callable[[], Coroutine[Any, Any, Made]]) -> Made:
        """The one that is kept or being made, or a new one; raises what `make` raises. Who gives up waiting stops
        nobody else's."""
        kept = self._kept.get(key)
        if kept and timedelta(0) <= now - kept[0] < self.fresh:
            return kept[1]
        try:
            return await asyncio.shield(self._made(key, now, make))
        except StoreUnavailable:
            if kept and timedelta(0) <= now - kept[0] < self.fresh + self.stale:
                return kept[1]
            raise

    def _made(
        self, key: Hashable, now: datetime, make: Callable[[], Coroutine[Any, Any, Made]]
    ) -> "asyncio.Task[Made]":  # fmt: skip
        if key not in self._making:
            making = asyncio.create_task(make())
            self._making[key] = making
            making.add_done_callback(lambda done: self._done(key, now, done))
        return self._making[key]

    def _done(self, key: Hashable, now: datetime, made: "asyncio.Task[Made]") -> None:
        del self._making[key]
        if made.cancelled() or made.exception() is not None:
            return
        self._kept.pop(key, None)  # so that it stands last
        self._kept[key] = now, made.result()
        while len(self._kept) > self.most:
            del self._kept[next(iter(self._kept))]
