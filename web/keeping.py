"""Digests that were counted just now: whoever sorts a table, saves it or asks at the same time is not counted for
again."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp.web import AppKey

from tickets.figures import Digest, Scope
from tickets.period import Period

_FOR = timedelta(minutes=1)
_MOST = 16  # digests
Key = tuple[Period, Scope]
Counting = asyncio.Task[Digest]


@dataclass(slots=True)
class Kept:
    """Of this process. A period that is not over is only shared by those who wait for it."""

    _counts: dict[Key, tuple[datetime, Counting]] = field(default_factory=dict)

    async def get(
        self, key: Key, now: datetime, count: Callable[[], Coroutine[Any, Any, Digest]], *, is_over: bool
    ) -> Digest:
        """The one that is kept or under way, or a new one; raises what `count` raises. Who gives up waiting stops
        nobody else's."""
        self._forget(now)
        if key not in self._counts:
            counting = asyncio.create_task(count())
            self._counts[key] = now, counting
            counting.add_done_callback(lambda done: self._done(key, done, is_over=is_over))
        return await asyncio.shield(self._counts[key][1])

    def _done(self, key: Key, counting: Counting, *, is_over: bool) -> None:
        failed = counting.cancelled() or counting.exception() is not None
        if (failed or not is_over) and key in self._counts and self._counts[key][1] is counting:
            del self._counts[key]

    def _forget(self, now: datetime) -> None:
        """What is too old, or of a time to come (a clock was set back), and the oldest where there are too many."""
        done = {key: at for key, (at, counting) in self._counts.items() if counting.done()}
        past = [key for key, at in done.items() if not at <= now < at + _FOR]
        spare = [key for key in done if key not in past][: max(0, len(done) - len(past) - _MOST + 1)]
        for key in (*past, *spare):
            del self._counts[key]


KEPT = AppKey("digests", Kept)
