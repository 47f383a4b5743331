"""Keeps going what must go on for as long as the process lives: polling, schedules, the loops, the look into the spool.

What ends by an error is told, counted and begun again, later each time. The process itself goes on: one channel that
cannot be asked must not take the others, the desk and a loaded model down with it, again and again. `/readyz` names
what is in trouble, until it has lasted for a while.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

import structlog

from bot.metrics import Counters

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds before it is begun again, doubled each time
PROBATION = 30.0  # seconds that it must last to be trusted again
log = structlog.get_logger()


class Watching:
    """The work of one process, by name."""

    def __init__(self, counters: Counters | None = None) -> None:
        self._counters = counters or Counters()
        self._suspect: dict[str, float] = {}  # when it is trusted again, by the loop's clock
        self._ending = asyncio.Event()

    def begin(self, name: str, work: Callable[[], Awaitable[object]]) -> asyncio.Task[None]:
        """Work until it returns, or the task is cancelled."""
        return asyncio.create_task(self._keep_going(name, work), name=name)

    def end(self) -> None:
        """Begin nothing again: from now on an error ends what it happens in."""
        self._ending.set()

    def health(self) -> Mapping[str, bool]:
        """What has ever failed, and whether it is well again."""
        now = asyncio.get_running_loop().time()
        return {name: now >= until for name, until in self._suspect.items()}

    async def _keep_going(self, name: str, work: Callable[[], Awaitable[object]]) -> None:
        clock, pause = asyncio.get_running_loop().time, FIRST_PAUSE
        while True:
            began = clock()
            try:
                await work()
            except (Exception, asyncio.CancelledError) as error:  # told by its name: its words may be a citizen's
                if _is_meant():
                    raise
                if clock() - began >= PROBATION:
                    pause = FIRST_PAUSE
                log.error("work_failed", work=name, error=type(error).__name__, again_in=pause)
            else:
                self._suspect.pop(name, None)
                return
            self._counters.count("failures", work=name)
            self._suspect[name] = clock() + pause + PROBATION
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), pause)
            if self._ending.is_set():
                return
            pause = min(2 * pause, LONGEST_PAUSE)


def _is_meant() -> bool:
    """Whether somebody cancels this task, rather than something that it waited for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
