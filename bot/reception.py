"""Where messages come in: the store, or the spool while the store cannot take them. Nothing is answered here."""

import asyncio
from collections.abc import Mapping, Sequence

import structlog

from bot.ports import Clock, Spool, Store, StoreUnavailable
from channels import Acknowledges, Channel
from channels.message import Inbound, Receipt

log = structlog.get_logger()


class Reception:
    """Keeps bot.ports.Accept by `accept`."""

    def __init__(self, store: Store, spool: Spool, clock: Clock, channels: Mapping[str, Channel] | None = None) -> None:
        self._store, self._spool, self._clock = store, spool, clock
        self._channels = channels or {}
        self._courtesies: set[asyncio.Task[None]] = set()

    async def accept(self, arrivals: Sequence[Inbound]) -> None:
        """When it returns they are safe; raises StoreUnavailable when neither store nor spool can take them."""
        if not arrivals:
            return
        try:
            await self._drain_if_readable()
            await self._keep(arrivals)
        except StoreUnavailable:
            self._put_aside(arrivals)
        self.acknowledge(arrivals)

    def acknowledge(self, arrivals: Sequence[Inbound]) -> None:
        """Stop the pressed buttons' spinning, beside everything else: nothing waits for it or depends on it."""
        for inbound in arrivals:
            channel = self._channels.get(inbound.sender.channel)
            if inbound.acknowledge and isinstance(channel, Acknowledges):
                task = asyncio.create_task(channel.acknowledge(inbound))
                self._courtesies.add(task)
                task.add_done_callback(self._courtesies.discard)

    async def drain(self) -> None:
        """Bring what was spooled into the store, oldest first; raises StoreUnavailable while it cannot take it."""
        if not self._spool.pending():
            return
        count = await self._spool.drain(self._keep)
        if count:
            log.info("spool_drained", messages=count)

    async def _drain_if_readable(self) -> None:
        """A spool folder that cannot be read holds back what is in it, but not what comes now."""
        try:
            await self.drain()
        except OSError as error:
            log.error("spool_not_drained", error=type(error).__name__)

    async def receipts(self, channel: str, receipts: Sequence[Receipt]) -> None:
        """Note what became of messages sent; raises StoreUnavailable (the provider tells again)."""
        if not receipts:
            return
        async with self._store.work() as work:
            for receipt in receipts:
                await work.outbox.receipt(channel, receipt, self._clock.now())
            await work.commit()

    async def _keep(self, arrivals: Sequence[Inbound]) -> None:
        async with self._store.work() as work:
            await work.inbox.accept(arrivals)
            await work.commit()

    def _put_aside(self, arrivals: Sequence[Inbound]) -> None:
        try:
            self._spool.append(arrivals)
        except OSError:
            log.error("spool_failed", messages=len(arrivals))
            raise StoreUnavailable from None
        log.warning("spooled", messages=len(arrivals))
