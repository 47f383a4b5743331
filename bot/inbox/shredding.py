"""Files of citizens who had their data erased: deleted after the erasure was committed, by whichever process looks."""

from datetime import datetime

import structlog

from bot.ports import Files, Store

BATCH = 100  # files between two units of work
log = structlog.get_logger()


async def shred(files: Files, store: Store, _: datetime) -> None:
    """All that are doomed; what a disk does not let go is the next time's. No unit of work is open meanwhile."""
    kept: set[str] = set()
    while names := await _doomed(store, kept):
        gone = [name for name in names if await _removed(files, name)]
        kept |= {*names} - {*gone}
        async with store.work() as work:
            await work.photos.gone(gone)
            await work.commit()


async def _doomed(store: Store, kept: set[str]) -> list[str]:
    async with store.view() as view:
        return [name for name in await view.photos.doomed(BATCH + len(kept)) if name not in kept]


async def _removed(files: Files, name: str) -> bool:
    try:
        await files.remove(name)
    except OSError as error:
        log.warning("file_not_deleted", error=type(error).__name__)
        return False
    return True
