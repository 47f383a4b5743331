"""Asks channels that must be asked (Telegram without a public address). The offset moves with the rows it covers."""

import asyncio

import structlog

from bot.ports import Store, StoreUnavailable
from bot.reception import Reception
from channels import Channel, Polls, Throttled, Unavailable
from channels.message import Inbound

PAUSE, LONGEST = 2.0, 300.0  # seconds after trouble, and at most where the provider names a time
log = structlog.get_logger()


async def poll_for_ever(channel: Channel, store: Store, reception: Reception) -> None:
    """Until cancelled. Messages that cannot be stored stay at the provider: the offset has not moved."""
    while True:
        try:
            await poll_once(channel, store, reception)
        except Throttled as pause:
            await asyncio.sleep(max(PAUSE, min(pause.seconds, LONGEST)))
        except (Unavailable, StoreUnavailable) as trouble:
            log.warning("polling_failed", channel=channel.name, error=type(trouble).__name__)
            await asyncio.sleep(PAUSE)
        except Exception as error:  # noqa: BLE001 - a channel that is no longer asked would be silent unseen
            log.error("polling_failed", channel=channel.name, error=type(error).__name__)
            await asyncio.sleep(PAUSE)


async def poll_once(channel: Channel, store: Store, reception: Reception) -> None:
    """One long poll and one commit."""
    if not isinstance(channel, Polls):
        raise TypeError(f"{channel.name} cannot be polled")
    async with store.view() as view:
        after = await view.cursors.get(channel.name)
    news, offset = await channel.poll(after)
    if offset == after:
        return
    arrivals = [item for item in news if isinstance(item, Inbound)]
    async with store.work() as work:
        await work.inbox.accept(arrivals)
        await work.cursors.set(channel.name, offset)
        await work.commit()
    reception.acknowledge(arrivals)
