"""News that wait on WhatsApp for too long go by SMS to the same number, or onto the clerks' list."""

from collections.abc import Mapping, Sequence

import structlog

from bot.loop import Loop, Workplace, noted
from bot.ports import Parked, StoreUnavailable, UnitOfWork
from channels import Channel
from channels.message import Contact, Outbound
from channels.numbers import other
from channels.reason import Reason

LOOK = 15.0  # seconds between looks; what need not wait rings
LEASE = 60.0  # seconds; what could not be decided is tried again then
MAX_ATTEMPTS = 5
log = structlog.get_logger()


class FallbackWorker:
    """One of any number on the same store. Each message is claimed, and decided on in a transaction of its own."""

    def __init__(self, at: Workplace, *, channels: Mapping[str, Channel]) -> None:
        self._store, self._clock, self._channels = at.store, at.clock, channels
        self.loop = Loop(self._claim, self._handle, at.wake, "parked", poll=LOOK)

    async def _claim(self, limit: int) -> Sequence[Parked]:
        async with self._store.work() as work:
            overdue = await work.windows.claim(self._clock.now(), LEASE, limit)
            await work.commit()
        return overdue

    async def _handle(self, parked: Parked) -> None:
        """By SMS or to a clerk; whatever goes wrong, the lease ends and it is tried again, then a clerk sees it."""
        try:
            await self._attempt(parked)
        except Exception as error:  # noqa: BLE001 - the last fence: one message must not stop the others
            log.error("fallback_failed", parked=parked.id, attempt=parked.attempts, error=type(error).__name__)

    async def _attempt(self, parked: Parked) -> None:
        """None, where the store was away, unless it stays away for so long that even this cannot be written."""
        try:
            await self._decide(parked)
        except StoreUnavailable:
            log.warning("store_unavailable", parked=parked.id)
            await noted(self._store, lambda work: work.windows.put_back(parked))

    async def _decide(self, parked: Parked) -> None:
        if parked.outbound is None:
            await self._give_up(parked, Reason.UNREADABLE)
        elif parked.attempts > MAX_ATTEMPTS:
            await self._give_up(parked, Reason.INTERNAL_ERROR)
        elif (contact := self._sms(parked.outbound)) is None or not await self._by_sms(parked, contact):
            await self._give_up(parked, Reason.OUTSIDE_WINDOW)

    async def _by_sms(self, parked: Parked, contact: Contact) -> bool:
        async with self._store.work() as work:
            sms = await work.citizens.find(contact)
            await work.citizens.lock({parked.citizen, *([sms.id] if sms else [])})
            queued = await work.windows.by_sms(parked, contact, self._clock.now())
            if queued:
                await self._ask_there(work, parked, contact)
            await work.commit()
        if queued:
            log.info("no_answer_to_news", outbound=parked.id, by_sms=True)
        return queued

    async def _ask_there(self, work: UnitOfWork, parked: Parked, contact: Contact) -> None:
        """The question that a message asks goes with it: answered by SMS, it is answered."""
        asked = {choice.id.partition(":")[0] for choice in parked.outbound.choices} if parked.outbound else set()
        citizen = await work.citizens.find(contact) if asked else None
        if citizen is None:
            return
        talks = await work.dialogues.quiet([parked.citizen, citizen.id])
        dialogue = talks.get(parked.citizen)
        if dialogue and dialogue.question in asked and citizen.id in talks and talks[citizen.id] is None:
            await work.dialogues.save(citizen.id, dialogue, self._clock.now())

    async def _give_up(self, parked: Parked, reason: Reason) -> None:
        async with self._store.work() as work:
            given_up = await work.windows.give_up(parked, reason)
            await work.commit()
        if given_up:
            log.info("no_answer_to_news", outbound=parked.id, by_sms=False)

    def _sms(self, outbound: Outbound) -> Contact | None:
        contact = other(outbound.recipient)
        return contact if contact and contact.channel in self._channels else None
