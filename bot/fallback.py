"""News that wait on WhatsApp for too long go by SMS to the same number, or onto the clerks' list."""

from collections.abc import Mapping, Sequence

import structlog

from bot.loop import Loop, Workplace
from bot.ports import Parked, UnitOfWork
from channels import Channel
from channels.message import Contact
from channels.numbers import other

LOOK = 15.0  # seconds between looks
log = structlog.get_logger()


class FallbackWorker:
    """One of any number on the same store: whoever takes a parked message off decides on it, in one transaction."""

    def __init__(self, at: Workplace, *, channels: Mapping[str, Channel]) -> None:
        self._store, self._clock, self._channels = at.store, at.clock, channels
        self.loop = Loop(self._decide, self._told, at.wake, "parked", poll=LOOK)

    async def _decide(self, limit: int) -> Sequence[Parked]:
        async with self._store.view() as view:
            overdue = await view.windows.overdue(self._clock.now(), limit)
        for parked in overdue:
            async with self._store.work() as work:
                await self._by_sms(work, parked)
                await work.commit()
        return overdue

    async def _by_sms(self, work: UnitOfWork, parked: Parked) -> None:
        contact, now = self._sms(parked), self._clock.now()
        if contact is None or not await work.windows.by_sms(parked, contact, now):
            await work.windows.give_up(parked)

    def _sms(self, parked: Parked) -> Contact | None:
        contact = other(parked.outbound.recipient) if parked.outbound else None
        return contact if contact and contact.channel in self._channels else None

    async def _told(self, parked: Parked) -> None:
        log.info("no_answer_to_news", outbound=parked.id)
