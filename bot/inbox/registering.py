"""Tells a provider where to send messages. One that is down at our start must not keep the other channels down."""

import asyncio

import structlog

from channels import Channel, Registers, Rejected, Throttled, Unavailable

PAUSE = 10.0  # seconds between tries
log = structlog.get_logger()


async def register(channel: Channel, url: str) -> bool:
    """One try; False when it has to be tried again."""
    if not isinstance(channel, Registers):
        raise TypeError(f"{channel.name} cannot be registered")
    try:
        await channel.register(url)
    except (Rejected, Throttled, Unavailable) as trouble:
        reason = getattr(trouble, "reason", "throttled")
        log.warning("not_registered", channel=channel.name, reason=reason, again_in=PAUSE)
        return False
    return True


async def register_at_last(channel: Channel, url: str) -> None:
    """Until it is done, or cancelled."""
    while True:
        await asyncio.sleep(PAUSE)
        if await register(channel, url):
            log.info("registered", channel=channel.name)
            return
