"""The beginning of all work: the database brought to this version, as soon as it can be reached."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.ports import StoreUnavailable

PAUSE = 1.0  # seconds between tries
AWAY = "The database cannot be reached yet; messages are kept until it is back"
log = structlog.get_logger()


async def opened(prepare: Callable[[], Awaitable[None]], *, patient: bool, pause: float = PAUSE) -> None:
    """Prepare it; a patient process says once that it waits, then tries until it may work. Raises what `prepare` does,
    StoreUnavailable only where it is not patient."""
    told = False
    while True:
        try:
            return await prepare()
        except StoreUnavailable as away:
            if not patient:
                raise
            if not told:
                log.warning(AWAY, why=str(away))
            told = True
        await asyncio.sleep(pause)
