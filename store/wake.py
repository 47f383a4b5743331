"""The wake-up beside polling: an event per queue, and across processes PostgreSQL's NOTIFY."""

import asyncio
import logging
from collections import defaultdict
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.ports import StoreUnavailable
from store.unavailable import reachable

CHANNEL: Final = "vecino"
_log = logging.getLogger(__name__)


class Bell:
    """Keeps `bot.ports.Wake`. A ring that comes while nobody waits is not lost: the next wait returns at once."""

    def __init__(self) -> None:
        self._rung: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    def ring(self, queue: str) -> None:
        self._rung[queue].set()

    async def wait(self, queue: str, seconds: float) -> bool:
        rung = self._rung[queue]
        try:
            await asyncio.wait_for(rung.wait(), seconds)
        except TimeoutError:
            return False
        rung.clear()
        return True


def ring(queue: str) -> str:
    """The SQL that rings in every process once the transaction commits. Queues are named by tables of ours."""
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
            await lost.wait()
            await connection.invalidate()
