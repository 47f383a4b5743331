"""Fetches citizens' photos from the providers, outside any unit of work, and keeps them in Files."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import structlog

from bot.loop import Loop, Workplace
from bot.ports import Files, Photo, StoreUnavailable
from channels import Channel, Fetches, Rejected, Throttled, Unavailable

RETRY = timedelta(minutes=1)
GIVE_UP = timedelta(hours=24)  # no provider keeps a file it could not hand out for a day
log = structlog.get_logger()


class PhotoWorker:
    """Fetching twice is harmless, so photos need no lease: the later one wins."""

    def __init__(self, at: Workplace, *, channels: Mapping[str, Channel], files: Files) -> None:
        self._store, self._clock, self._channels, self._files = at.store, at.clock, channels, files
        self._busy: set[int] = set()
        self.loop = Loop(self._claim, self._handle, at.wake, "photos", limit=4, poll=1.0)

    async def _claim(self, limit: int) -> Sequence[Photo]:
        async with self._store.view() as view:
            due = await view.photos.due(self._clock.now(), limit + len(self._busy))
        fresh = [photo for photo in due if photo.id not in self._busy][:limit]
        self._busy |= {photo.id for photo in fresh}
        return fresh

    async def _handle(self, photo: Photo) -> None:
        try:
            await self._fetch(photo)
        except StoreUnavailable:
            log.warning("store_unavailable", photo=photo.id)
        finally:
            self._busy.discard(photo.id)

    async def _fetch(self, photo: Photo) -> None:
        channel = self._channels.get(photo.channel)
        if not isinstance(channel, Fetches):
            await self._failed(photo, "channel_off", again=False)
            return
        try:
            content = await channel.fetch(photo.media)
            name = await self._files.put(content, photo.media.content_type)
        except Rejected as refusal:
            await self._failed(photo, refusal.reason, again=False)
        except StoreUnavailable:
            raise
        except (Unavailable, Throttled, OSError) as trouble:
            await self._failed(photo, type(trouble).__name__, again=True)
        except Exception as error:  # noqa: BLE001 - the last fence: an address that cannot be read is not tried for ever
            await self._failed(photo, type(error).__name__, again=False)
        else:
            async with self._store.work() as work:
                await work.photos.fetched(photo, name, photo.media.content_type)
                await work.commit()

    async def _failed(self, photo: Photo, reason: str, *, again: bool) -> None:
        log.warning("photo_not_fetched", photo=photo.id, reason=reason)
        now = self._clock.now()
        retry_at = now + RETRY if again and now - photo.added_at < GIVE_UP else None
        async with self._store.work() as work:
            await work.photos.failed(photo, reason, retry_at)
            await work.commit()
