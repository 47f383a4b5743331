"""Where messages come in: the store, or the spool while the store cannot take them. Nothing is answered here."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

import structlog

from bot.metrics import Counters
from bot.ports import Clock, Noted, ReceiptSpool, Spool, Store, StoreUnavailable, Told, UnitOfWork
from bot.together import Together
from channels import Acknowledges, Channel
from channels.message import Inbound, Receipt
from channels.reason import Reason

log = structlog.get_logger()


class Reception:
    """Keeps bot.ports.Accept by `accept`."""

    def __init__(
        self, store: Store, spool: Spool, clock: Clock, channels: Mapping[str, Channel] | None = None,
        told: ReceiptSpool | None = None, counters: Counters | None = None,
    ) -> None:  # fmt: skip
        """`told` takes the receipts while the store cannot; without it they are refused then."""
        self._store, self._spool, self._clock, self._told = store, spool, clock, told
        self._arrivals, self._receipts = Together(self._keep), Together(self._note)
        self._channels, self.counters = channels or {}, counters or Counters()
        self._stuck = False  # the spool holds what nobody can read: it must not hold up the rest
        self._unwell: set[str] = set()  # the spools that could not be emptied though the store is there
        self._courtesies: set[asyncio.Task[None]] = set()

    async def accept(self, arrivals: Sequence[Inbound]) -> None:
        """When it returns they are safe; raises StoreUnavailable when neither store nor spool can take them."""
        if not arrivals:
            return
        if not self._queue_up(arrivals):
            try:
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
        """Bring what was spooled into the store, each spool oldest first; raises StoreUnavailable while it cannot take
        it: then no file is opened. Raises OSError where a spool cannot be read, which holds back what is in it, but
        from then on not what comes; and what the store refuses everything with."""
        try:
            await self._empty("messages", self._drain_messages)
        finally:  # whatever is wrong with the messages, receipts are told once only
            await self._empty("receipts", self._drain_receipts)

    async def _empty(self, spool: str, drain: Callable[[], Awaitable[None]]) -> None:
        try:
            await drain()
        except StoreUnavailable:
            raise
        except Exception:
            self._unwell.add(spool)
            raise
        self._unwell.discard(spool)

    async def _drain_messages(self) -> None:
        try:
            if self._spool.pending():
                await self._ask()
                count = await self._spool.drain(self._keep)
                log.info("spool_drained", messages=count)
            self._stuck = False
        except OSError:
            self._stuck = True
            raise

    async def _drain_receipts(self) -> None:
        if self._told and self._told.pending():
            await self._ask()
            count = await self._told.drain(self._note)
            log.info("spool_drained", receipts=count)

    async def _ask(self) -> None:
        """Raises StoreUnavailable unless the store answers: any short question will do."""
        async with self._store.view() as view:
            await view.cursors.get("")

    def _queue_up(self, arrivals: Sequence[Inbound]) -> bool:
        """Behind what is spooled, so that nobody's messages overtake each other; False where nothing is, or where they
        cannot. A webhook never drains: its provider gives up after 15 s, and a long outage leaves more than that."""
        if self._stuck:
            return False
        try:
            if not self._spool.pending():
                return False
            self._spool.append(arrivals)
        except OSError as error:
            log.error("spool_not_used", error=type(error).__name__)
            return False
        return True

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
        """Always in the same order: other processes may note receipts of the same messages. What they mean for citizens
        comes last and in the order of these, for other messages of theirs may be noted meanwhile."""
        now, known = self._clock.now(), list[tuple[Noted, Told]]()
        async with self._store.work() as work:
            for one in sorted(told, key=lambda one: (one.receipt.key or "", one.receipt.external_id)):
                if noted := await work.outbox.receipt(one.channel, one.receipt, now):
                    known.append((noted, one))
            for noted, one in sorted(known, key=lambda pair: pair[0].citizen):
                await _concern(work, noted, one, now)
            await work.commit()
        for one in told:
            delivery, reason = one.receipt.delivery.value, one.receipt.reason
            self.counters.count("receipts", channel=one.channel, delivery=delivery, reason=reason)

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
            new = await work.inbox.accept(arrivals)
            await work.commit()
        self.counters.count("messages_in", new)

    @property
    def waiting(self) -> bool:
        """Whether something lies in the spools. Raises OSError."""
        return self._spool.pending() or (self._told is not None and self._told.pending())

    @property
    def well(self) -> bool:
        """Whether the spools could be emptied, but for the store's absence, when it was last tried."""
        return not self._unwell

    def apart(self) -> Mapping[str, Mapping[str, int]]:
        """What was set apart in each spool, by ending. Raises OSError."""
        return {"messages": self._spool.apart(), "receipts": self._told.apart() if self._told else {}}

    def _put_aside(self, arrivals: Sequence[Inbound]) -> None:
        try:
            self._spool.append(arrivals)
        except OSError:
            log.error("spool_failed", messages=len(arrivals))
            raise StoreUnavailable from None
        log.warning("spooled", messages=len(arrivals))


async def _concern(work: UnitOfWork, noted: Noted, told: Told, now: datetime) -> None:
    """What a receipt means for its citizen."""
    if noted.refused:
        await work.refusals.record(noted.citizen, told.receipt.reason)
    if told.receipt.reason == Reason.OUTSIDE_WINDOW:
        await work.windows.refused_late(told.channel, told.receipt, now)
