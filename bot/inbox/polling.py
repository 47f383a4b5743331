"""Asks channels that must be asked (Telegram without a public address). The offset moves with the rows it covers.

Of any number of processes one asks: it holds a lease in the store, keeps it while it lives, and gives it up when it
stops; when it is killed, the lease ends and another one goes on.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.inbox.reception import Reception
from bot.ports import Clock, Store, StoreUnavailable
from channels import Channel, Polls, Throttled, Unavailable
from channels.message import Inbound

PAUSE, LONGEST = 2.0, 300.0  # seconds after trouble, and at most where the provider names a time
log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Polling:
    """One channel and the process that may ask it. `lease` and `renew` in seconds: another process takes over after at
    most the sum of both."""

    channel: Channel
    store: Store
    reception: Reception
    clock: Clock
    owner: str
    lease: float = 8.0
    renew: float = 2.0

    @property
    def name(self) -> str:
        return f"poll:{self.channel.name}"

    async def run(self) -> None:
        """Until cancelled: wait for our turn, then ask for as long as it lasts. Raises what holding the lease raises,
        save StoreUnavailable, and what ends the asking; then nobody asks in our name any more."""
        while True:
            try:
                if until := await self._hold():
                    await self._while_held(until)
            except StoreUnavailable:
                pass  # asked again soon
            await asyncio.sleep(self.renew)

    async def _while_held(self, until: datetime) -> None:
        asking = asyncio.create_task(poll_for_ever(self))
        try:
            while self.clock.now() < until:
                await asyncio.wait({asking}, timeout=self.renew)
                if asking.done():
                    asking.result()
                try:
                    held = await self._hold()
                except StoreUnavailable:
                    continue  # ours until it ends, and then so does this: whoever reaches the store may take it
                if held is None:
                    return
                until = held
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            await self._give_up()

    async def _hold(self) -> datetime | None:
        """Until when we may ask, None while another one does."""
        now = self.clock.now()
        until = now + timedelta(seconds=self.lease)
        async with self.store.work() as work:
            held = await work.leases.hold(self.name, self.owner, now, until)
            await work.commit()
        return until if held else None

    async def _give_up(self) -> None:
        with suppress(StoreUnavailable):
            async with self.store.work() as work:
                await work.leases.give_up(self.name, self.owner)
                await work.commit()


async def poll_for_ever(polling: Polling) -> None:
    """Until cancelled. Messages that cannot be stored stay at the provider: the offset has not moved."""
    name = polling.channel.name
    while True:
        try:
            await poll_once(polling)
        except Throttled as pause:
            await asyncio.sleep(max(PAUSE, min(pause.seconds, LONGEST)))
        except (Unavailable, StoreUnavailable) as trouble:
            log.warning("polling_failed", channel=name, error=type(trouble).__name__)
            await asyncio.sleep(PAUSE)
        except Exception as error:  # noqa: BLE001 - a channel that is no longer asked would be silent unseen
            log.error("polling_failed", channel=name, error=type(error).__name__)
            await asyncio.sleep(PAUSE)


async def poll_once(polling: Polling) -> None:
    """One long poll and one commit, which a process that has lost its lease meanwhile cannot make."""
    channel, now = polling.channel, polling.clock.now
    if not isinstance(channel, Polls):
        raise TypeError(f"{channel.name} cannot be polled")
    async with polling.store.view() as view:
        after = await view.cursors.get(channel.name)
    news, offset = await channel.poll(after)
    if offset == after:
        return
    arrivals = [item for item in news if isinstance(item, Inbound)]
    async with polling.store.work() as work:
        if not await work.leases.hold(polling.name, polling.owner, now(), now() + timedelta(seconds=polling.lease)):
            return
        new = await work.inbox.accept(arrivals)
        await work.cursors.set(channel.name, offset)
        await work.commit()
    polling.reception.counters.count("messages_in", new)
    polling.reception.acknowledge(arrivals)
