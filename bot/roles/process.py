"""One running process: what it does by its role, how it begins, and how it ends without losing anything."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import Any

import structlog
from aiohttp import web as http

from bot.config import Config
from bot.delivery.worker import AWAIT_RECEIPT
from bot.desk.bulk_work import Working
from bot.digesting.sending import Digesting
from bot.inbox.polling import Polling
from bot.inbox.reception import Reception
from bot.inbox.registering import register, register_at_last
from bot.loop import POLL, Loop
from bot.notices import Desk
from bot.opendata.daily import Daily
from bot.ports import Clock, StoreUnavailable
from bot.roles.opening import opened
from bot.roles.scrape import Scrape
from bot.roles.watching import Watching
from bot.schedule import Schedule
from channels import Channel, Polls, Registers
from nlu import danger
from store.database import Database

QUIET_LOOKS = 3
SPOOL_LOOK = 2.0  # seconds between looks into the spool
LIMIT = 20.0  # seconds in which what is in hand is finished at the end
log = structlog.get_logger()


class Role(StrEnum):
    """What a process does: `web` takes messages in and shows the desk, `worker` answers and sends, `all` does both."""

    ALL = "all"
    WEB = "web"
    WORKER = "worker"


@dataclass(slots=True, kw_only=True)
class Vecino:
    """All parts of one process, wired. `start` begins the work, `stop` ends it without losing any; messages can be
    taken in from before the start on, by the spool. `prepare` makes the database fit for work. `loops` are those that
    claim rows."""

    config: Config
    role: Role
    store: Database
    clock: Clock
    owner: str
    channels: Mapping[str, Channel]
    reception: Reception
    desk: Desk
    loops: Sequence[Loop[Any]]
    schedule: Schedule
    web: http.Application
    prepare: Callable[[], Awaitable[None]]
    demo_token: str | None = field(repr=False)
    watching: Watching
    scrape: Scrape
    digesting: Digesting | None = None
    open_data: Daily | None = None
    bulk: Working | None = None
    refresh: Callable[[], Awaitable[None]] | None = None
    _working: list[asyncio.Task[None]] = field(default_factory=list)
    _watching: list[asyncio.Task[None]] = field(default_factory=list)

    async def start(self) -> None:
        """When the database is there, free what a former self held, then work. Raises ForeignKey, and StoreUnavailable
        where SQLite's file cannot be used: nobody else brings that one back."""
        if self.role is not Role.WEB:
            self._watch("emergency rules", partial(asyncio.to_thread, danger.compile_rules))
        await opened(self.prepare, patient=not self.config.settings.database_url.startswith("sqlite"))
        self._watch("spool", self._watch_spool)
        if self.role is not Role.WEB:
            await self._release()
            self._working = [self.watching.begin(loop.name, loop.run) for loop in self.loops]
            self._watch("schedule", self.schedule.run)
            if self.bulk:
                self._watch("bulk", self.bulk.run)
            if self.digesting:
                self._watch("digest", self.digesting.run)
            if self.open_data:
                self._watch("open data", self.open_data.run)
        else:
            self._watch("schedule", self.schedule.here().run)
        for channel in self.channels.values():
            await self._open(channel)

    async def stop(self, limit: float = LIMIT) -> None:
        """Ask and register no more; finish what is in hand, for so many seconds; leave the rest claimed by nobody."""
        self.watching.end()
        for watcher in self._watching:
            watcher.cancel()
        await asyncio.gather(*self._watching, return_exceptions=True)
        await self._finish(limit)
        for channel in self.channels.values():
            await channel.close()
        await self.store.close()

    async def settled(self) -> None:
        """Wait until some looks in a row found nothing to do."""
        quiet = 0
        while quiet < QUIET_LOOKS:
            await asyncio.sleep(POLL)
            quiet = quiet + 1 if all(loop.quiet for loop in self.loops) else 0

    async def _open(self, channel: Channel) -> None:
        """Be told of its messages where we have an address, else ask for them."""
        if self.config.settings.public_url and isinstance(channel, Registers):
            if self.role is not Role.WORKER:
                await self._register(channel)
        elif isinstance(channel, Polls) and self.role is not Role.WEB:
            polling = Polling(
                channel=channel, store=self.store, reception=self.reception, clock=self.clock, owner=self.owner
            )
            self._watch(polling.name, polling.run)

    async def _register(self, channel: Channel) -> None:
        url = f"{self.config.settings.public_url}/channels/{channel.name}"
        if not await register(channel, url):
            self._watch(f"register:{channel.name}", partial(register_at_last, channel, url))

    def _watch(self, name: str, work: Callable[[], Awaitable[object]]) -> None:
        self._watching.append(self.watching.begin(name, work))

    async def _finish(self, limit: float) -> None:
        for loop in self.loops:
            loop.stop()
        if not self._working:
            return
        _, late = await asyncio.wait(self._working, timeout=limit)
        for task in late:
            task.cancel()
        await asyncio.gather(*self._working, return_exceptions=True)
        if late:
            log.warning("stopped_in_the_middle", limit=limit)
        await self._release()  # also where none was late: one that failed at the end let go of nothing

    async def _release(self) -> None:
        """What this process, or its former self that was killed, holds need not wait for the end of its lease."""
        receipts_by = self.clock.now() + timedelta(seconds=AWAIT_RECEIPT)
        unsure = {channel.name: receipts_by for channel in self.channels.values() if channel.traits.callbacks}
        with suppress(StoreUnavailable):
            async with self.store.work() as work:
                await work.inbox.release(self.owner)
                await work.outbox.release(self.owner, unsure)
                await work.photos.release(self.owner)
                await work.hooks.release(self.owner)
                await work.commit()

    async def _see_settings(self) -> None:
        """What clerks changed of them, here or in another process."""
        try:
            if self.refresh:
                await self.refresh()
        except StoreUnavailable:
            pass  # they stay as they are
        except Exception as error:  # noqa: BLE001 - as below
            log.error("settings_not_read", error=type(error).__name__)

    async def _watch_spool(self) -> None:
        while True:
            await self._see_settings()
            try:
                await self.reception.drain()
            except StoreUnavailable:
                pass  # what is spooled waits
            except Exception as error:  # noqa: BLE001 - this look fails, the next one may not
                log.error("spool_not_drained", error=type(error).__name__)
            await asyncio.sleep(SPOOL_LOOK)
