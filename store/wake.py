"""The wake-up beside polling: an event per queue, and across processes PostgreSQL's NOTIFY."""

import asyncio
import logging
import re
from collections import defaultdict
from collections.abc import Callable, Collection
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.ports import StoreUnavailable
from bot.ports.live import ANYTHING
from store.unavailable import reachable

CHANNEL: Final = "vecino"
NEWS: Final = "news:"  # before a ticket's number, TALK or ANYTHING, among the names of queues
_AT_ONCE = 100  # tickets of one transaction that are named
_PLAIN = re.compile(r"[a-z_]+|news:[0-9A-Z*-]*")
_log = logging.getLogger(__name__)


class Bell:
    """Keeps `bot.ports.Wake` and `bot.ports.live.News`. A ring that comes while nobody waits for a queue is not lost:
    the next wait returns at once. News that nobody hears is gone."""

    def __init__(self) -> None:
        self._rung: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._told: list[Callable[[str], None]] = []

    def ring(self, queue: str) -> None:
        if not queue.startswith(NEWS):
            self._rung[queue].set()
            return
        for told in tuple(self._told):
            told(queue.removeprefix(NEWS))

    def hear(self, told: Callable[[str], None]) -> Callable[[], None]:
        self._told.append(told)
        return lambda: self._told.remove(told)

    async def wait(self, queue: str, seconds: float) -> bool:
        rung = self._rung[queue]
        try:
            await asyncio.wait_for(rung.wait(), seconds)
        except TimeoutError:
            return False
        rung.clear()
        return True


def rings(filled: Collection[str]) -> list[str]:
    """What to ring for at a commit: each queue, and each ticket unless they are very many."""
    news = {one for one in filled if one.startswith(NEWS)}
    return sorted({*filled} - news | {NEWS + ANYTHING} if len(news) > _AT_ONCE else filled)


def ring(queue: str) -> str:
    """The SQL that rings in every process once the transaction commits. Queues are named by tables of ours, tickets by
    their numbers (letters, digits and a hyphen)."""
    if not _PLAIN.fullmatch(queue):
        queue = NEWS + ANYTHING
    return f"NOTIFY {CHANNEL}, '{queue}'"


async def listen(engine: AsyncEngine, bell: Bell, pause: float = 1.0) -> None:
    """Ring `bell` for what other processes queue, until cancelled; connects again `pause` seconds after a loss."""
    while True:
        try:
            await _listen_once(engine, bell)
        except StoreUnavailable:
            _log.info("No wake-ups from the database for now; polling goes on, connecting again in %g s", pause)
        except Exception as error:  # noqa: BLE001 - the driver's own errors: a lost wake-up must end nothing
            _log.warning("No wake-ups from the database for now (%s); polling goes on", type(error).__name__)
        await asyncio.sleep(pause)


async def _listen_once(engine: AsyncEngine, bell: Bell) -> None:
    with reachable():
        async with engine.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection  # asyncpg's own, which listens
            lost = asyncio.Event()
            driver.add_termination_listener(lambda _driver: lost.set())
            await driver.add_listener(CHANNEL, lambda _driver, _pid, _channel, queue: bell.ring(queue))
            bell.ring(NEWS + ANYTHING)  # what was told while nobody listened
            await lost.wait()
            await connection.invalidate()
