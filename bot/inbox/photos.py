"""Fetches citizens' photos from the providers, outside any unit of work, and keeps them in Files.

A photo is claimed by one process, and what became of it is written only under that claim. Each fetch makes a file of
its own, loose until the photo's row names it: whoever finds the claim gone removes that file, and what a kill leaves
loose is swept. (Were the name made of the photo's id, two processes would write one file, and the one that lost, or
sweeping, could remove what the other has just named.)
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot.loop import Loop, Workplace
from bot.ports import Files, Photo, Store, StoreUnavailable
from channels import Channel, Fetches, Rejected, Throttled, Unavailable

RETRY = timedelta(minutes=1)
GIVE_UP = timedelta(hours=24)  # no provider keeps a file it could not hand out for a day
LONGEST, LEASE = 90.0, 120.0  # seconds: a fetch, and a claim, which must outlast it and the writing
MAX_CLAIMS = 10  # a photo that ended its process as often is not tried again: it would end all the others' too
LOOK = 15.0  # seconds between looks: new photos ring, only what is tried again and dead processes' claims do not
LOOSE = timedelta(hours=1)  # far longer than a claim: nobody will name that file any more
BATCH = 500  # files swept at a time
log = structlog.get_logger()


class PhotoWorker:
    """One of any number on the same store and the same files."""

    def __init__(self, at: Workplace, *, channels: Mapping[str, Channel], files: Files) -> None:
        self._store, self._clock, self._owner = at.store, at.clock, at.owner
        self._channels, self._files = channels, files
        self.loop = Loop(self._claim, self._handle, at.wake, "photos", limit=4, poll=LOOK)

    async def _claim(self, limit: int) -> Sequence[Photo]:
        async with self._store.work() as work:
            claimed = await work.photos.claim(self._owner, self._clock.now(), LEASE, limit)
            await work.commit()
        return claimed

    async def _handle(self, photo: Photo) -> None:
        try:
            await self._fetch(photo)
        except (StoreUnavailable, OSError) as trouble:  # its claim ends by itself, a file left loose is swept
            log.warning("photo_not_noted", photo=photo.id, error=type(trouble).__name__)

    async def _fetch(self, photo: Photo) -> None:
        if photo.attempts > MAX_CLAIMS:
            await self._failed(photo, "never_finished", again=False)
            return
        channel = self._channels.get(photo.channel)
        if not isinstance(channel, Fetches):
            await self._failed(photo, "channel_off", again=False)
            return
        try:
            async with asyncio.timeout(LONGEST):
                content = await channel.fetch(photo.media)
            name = await self._files.put(content, photo.media.content_type)
        except Rejected as refusal:
            await self._failed(photo, refusal.reason, again=False)
        except (Unavailable, Throttled, OSError) as trouble:  # TimeoutError is an OSError
            await self._failed(photo, type(trouble).__name__, again=True)
        except Exception as error:  # noqa: BLE001 - the last fence: an address that cannot be read is not tried for ever
            await self._failed(photo, type(error).__name__, again=False)
        else:
            await self._fetched(photo, name)

    async def _fetched(self, photo: Photo, name: str) -> None:
        async with self._store.work() as work:
            ours = await work.photos.fetched(photo, name, self._clock.now())
            await work.commit()
        await (self._files.keep(name) if ours else self._files.remove(name))

    async def _failed(self, photo: Photo, reason: str, *, again: bool) -> None:
        now = self._clock.now()
        retry_at = now + RETRY if again and now - photo.added_at < GIVE_UP else None
        async with self._store.work() as work:
            ours = await work.photos.failed(photo, reason, retry_at)
            await work.commit()
        if ours:
            log.warning("photo_not_fetched", photo=photo.id, reason=reason)


async def sweep(files: Files, store: Store, now: datetime) -> None:
    """Files loose for an hour are kept where a photo names them, else removed. No unit of work is open meanwhile: a
    slow disk must not hold up those who write. What a kill leaves is the next time's."""
    while await _sweep_some(files, store, now):
        pass


async def _sweep_some(files: Files, store: Store, now: datetime) -> bool:
    """Whether there may be more: not where none of these could be moved, they would only come again."""
    loose = await files.loose(now - LOOSE, BATCH)
    async with store.view() as view:
        named = await view.photos.named(loose)
    moved = [await _moved(files, name, keep=name in named) for name in loose]
    return any(moved) and len(loose) == BATCH


async def _moved(files: Files, name: str, *, keep: bool) -> bool:
    try:
        await (files.keep(name) if keep else files.remove(name))
    except OSError as error:  # this file's trouble; the others are none the worse
        log.warning("file_not_swept", error=type(error).__name__)
        return False
    return True
