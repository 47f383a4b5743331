"""The open data of each day: written at a set hour by the city's clocks, once however many processes look."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from bot.metrics import Counters
from bot.opendata.child import Errand, NotExported, Told
from bot.ports import Clock, Store, StoreUnavailable
from tickets.city import Cities

NAME: Final = "open data"
FIRST: Final = 60.0  # seconds after the start: what citizens wait for comes first
LOOK: Final = 60.0  # seconds between looks
log = structlog.get_logger()


@dataclass(slots=True, kw_only=True)
class Daily:
    """The same in each process that works. `errand` but for its city, which is the one that holds. A run of its own
    beside the schedule, whose other jobs must not wait for it."""

    store: Store
    clock: Clock
    city: Cities
    errand: Errand
    hour: int
    send: Callable[[Errand], Awaitable[Told]]
    notes: Callable[[str], dict[str, str]]
    counters: Counters = field(default_factory=Counters)
    _settled: datetime | None = None

    async def run(self) -> None:
        """Until cancelled."""
        await asyncio.sleep(FIRST)
        while True:
            await self.look()
            await asyncio.sleep(LOOK)

    async def look(self) -> None:
        """Write it if it is due and nobody else has begun to. What goes wrong is logged and counted, and the next day
        tries again: the last export stays as it was."""
        at = due(self.clock.now(), self.hour, ZoneInfo(self.city.now.timezone))
        if self._settled == at:
            return
        try:
            if await self._first(at):
                await self._write()
        except StoreUnavailable:
            return  # the next look, of whichever process, goes on
        self._settled = at

    async def _first(self, at: datetime) -> bool:
        async with self.store.work() as work:
            first = await work.schedule.once(NAME, at)
            await work.commit()
        return first

    async def _write(self) -> None:
        city, began = self.city.now, self.clock.now()
        try:
            told = await self.send(replace(self.errand, city=city, notes=self.notes(city.languages[0])))
        except (NotExported, StoreUnavailable) as why:
            self.counters.count("exports", outcome="failed")
            log.error("open_data_failed", why=str(why))
            return
        self.counters.count("exports", outcome="made")
        seconds = round((self.clock.now() - began).total_seconds(), 1)
        log.info("open_data_made", tickets=told.tickets, months=told.months, same=told.same, seconds=seconds)


def due(now: datetime, hour: int, zone: ZoneInfo) -> datetime:
    """The latest time, not after now, at which these clocks show the hour; in UTC."""
    today = now.astimezone(zone).date()
    at = datetime.combine(today, time(hour), zone).astimezone(UTC)
    if at > now:
        at = datetime.combine(today - timedelta(days=1), time(hour), zone).astimezone(UTC)
    return at
