"""Where messages come in: the store, or the spool while the store cannot take them. Nothing is answered here."""

import asyncio
from collections.abc import Mapping, Sequence

import structlog

from bot.ports import Clock, ReceiptSpool, Spool, Store, StoreUnavailable, Told
from bot.together import Together
from channels import Acknowledges, Channel
from channels.message import Inbound, Receipt
from channels.reason import Reason

log = structlog.get_logger()


class Reception:
    """Keeps bot.ports.Accept by `accept`."""

    def __init__(
        self, store: Store, spool: Spool, clock: Clock, channels: Mapping[str, Channel] | None = None,
        told: ReceiptSpool | None = None,
    ) -> None:  # fmt: skip
        """`told` takes the receipts while the store cannot; without it they are refused then."""
        self._store, self._spool, self._clock, self._told = store, spool, clock, told
        self._arrivals, self._receipts = Together(self._keep), Together(self._note)
        self._channels = channels or {}
        self._courtesies: set[asyncio.Task[None]] = set()

    async def accept(self, arrivals: Sequence[Inbound]) -> None:
        """When it returns they are safe; raises StoreUnavailable when neither store nor spool can take them."""
        if not arrivals:
            return
        try:
            await self._drain_if_readable()
            await self._arrivals.keep(arrivals)
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
        """Bring what was spooled into the store, oldest first; raises StoreUnavailable while it cannot take it: then
        no file is opened, for a key that the store does not know must not set them aside as unreadable."""
        if not (self._spool.pending() or (self._told and self._told.pending())):
            return
        async with self._store.view():
            pass
        if self._spool.pending():
            count = await self._spool.drain(self._keep)
            log.info("spool_drained", messages=count)
        if self._told and self._told.pending():
            count = await self._told.drain(self._note)
            log.info("spool_drained", receipts=count)

    async def _drain_if_readable(self) -> None:
        """A spool folder that cannot be read holds back what is in it, but not what comes now."""
        try:
            await self.drain()
        except OSError as error:
            log.error("spool_not_drained", error=type(error).__name__)

    async def receipts(self, channel: str, receipts: Sequence[Receipt]) -> None:
        """Note what became of messages sent, now or, while the store is away, later; raises StoreUnavailable when the
        spool cannot take them either."""
        told = [Told(channel=channel, receipt=receipt) for receipt in receipts]
        if not told:
            return
        try:
            await self._receipts.keep(told)
        except StoreUnavailable:
            self._spool_receipts(told)

    async def _note(self, told: Sequence[Told]) -> None:
        """Always in the same order: other processes may note receipts of the same messages."""
        now = self._clock.now()
        async with self._store.work() as work:
            for one in sorted(told, key=lambda one: (one.receipt.key or "", one.receipt.external_id)):
                await work.outbox.receipt(one.channel, one.receipt, now)
                if one.receipt.reason == Reason.OUTSIDE_WINDOW:
                    await work.windows.refused_late(one.channel, one.receipt, now)
            await work.commit()

    def _spool_receipts(self, told: Sequence[Told]) -> None:
        if self._told is None:
            raise StoreUnavailable("The receipts cannot be noted now")
        try:
            self._told.append(told)
        except OSError:
            log.error("spool_failed", receipts=len(told))
            raise StoreUnavailable from None
        log.warning("spooled", receipts=len(told))

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
