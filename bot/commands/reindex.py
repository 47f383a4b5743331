"""`python -m bot reindex`: hashes the words of all tickets and conversations anew, while everything runs."""

from time import monotonic

from bot.clock import SystemClock
from bot.commands.terminal import show
from bot.config import Config
from bot.opening import open_store
from bot.ports import Store

_BATCH = 200  # tickets that nobody else changes meanwhile
_TELLS = 5.0  # seconds between lines of progress


async def reindex(config: Config) -> None:
    """Raises WeakSecret, ForeignKey, BadUrl or StoreUnavailable; what was done until then stays."""
    store, _ = await open_store(config, SystemClock())
    try:
        tickets, threads = await renewed(store)
    finally:
        await store.close()
    show(f"{tickets:,} tickets and {threads:,} conversations can be found by their words")


async def renewed(store: Store, batch: int = _BATCH) -> tuple[int, int]:
    """How many tickets and conversations."""
    return await _tickets(store, batch), await _threads(store, batch)


async def _tickets(store: Store, batch: int) -> int:
    done, after, told = 0, "", monotonic()
    while True:
        async with store.work() as work:
            some = await work.search.reindex_tickets(after, batch)
            await work.commit()
        done += len(some)
        if len(some) < batch:
            return done
        after = some[-1]
        if monotonic() - told > _TELLS:
            told = monotonic()
            show(f"{done:,} tickets")


async def _threads(store: Store, batch: int) -> int:
    done, after = 0, 0
    while True:
        async with store.work() as work:
            some = await work.search.reindex_threads(after, batch)
            await work.commit()
        done += len(some)
        if len(some) < batch:
            return done
        after = some[-1]
