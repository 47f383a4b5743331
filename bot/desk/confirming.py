"""What the links in a citizen's mail do: yes to news of a report that a program filed with their address; STOP, and
START.

A yes is one who was asked and has not answered; a link that was used, is too old or was never ours is none, whatever
the reason. STOP is good for as long as the mail is likely to be kept, after an erasure too.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot import claims, opting
from bot.notices import undeterred
from bot.ports import Clock, Store, UnitOfWork
from channels.message import Contact
from handlers.effects import Claim
from handlers.turn import Citizen
from tickets.city import Cities

LONGEST: Final = 2000  # characters of a token


class NoLink(Exception):
    """Nothing is done by this link, now or any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirming:
    store: Store
    clock: Clock
    city: Cities

    async def asks(self, token: str) -> bool:
        """Whether this link is somebody's who has not answered yet."""
        async with self.store.view() as view:
            return await self._asked(view, token, self.clock.now()) is not None

    @undeterred
    async def yes(self, *, token: str, language: str) -> None:
        """The reports that came with their address are theirs, and news go out in this language. Raises NoLink, or
        Stale where a clerk has just changed one of them; then nothing was written."""
        now, city = self.clock.now(), self.city.now
        async with self.store.work() as work:
            citizen = await self._asked(work, token, now)
            if citizen is None:
                raise NoLink
            await work.tickets.lock(await work.askings.waiting(citizen.id))
            await work.citizens.lock([citizen.id])
            citizen = await self._asked(work, token, now)  # or somebody was quicker
            if citizen is None:
                raise NoLink
            await claims.answer(work, citizen, Claim(number="", wanted=True), now)
            await work.consents.record(citizen.id, city.privacy_version, now)
            await work.citizens.remember(
                replace(citizen, language=language, welcomed=True, consent=city.privacy_version)
            )
            await work.commit()

    async def stops(self, token: str) -> bool | None:
        """Whether this link's mailbox gets no mail any more; None where the link is none."""
        async with self.store.view() as view:
            contact = view.silenced.holder(token[:LONGEST], self.clock.now())
            return await _is_silent(view, contact) if contact else None

    @undeterred
    async def stop(self, *, token: str) -> None:
        """No more mail to them, whoever they are; twice is once. Raises NoLink."""
        now = self.clock.now()
        async with self.store.work() as work:
            contact = work.silenced.holder(token[:LONGEST], now)
            if contact is None:
                raise NoLink
            await _silence(work, contact, now)
            await work.commit()

    @undeterred
    async def start(self, *, token: str) -> None:
        """They take their STOP back. Raises NoLink."""
        async with self.store.work() as work:
            contact = work.silenced.holder(token[:LONGEST], self.clock.now())
            if contact is None:
                raise NoLink
            await work.silenced.remove(contact)
            citizen = await work.citizens.find(contact)
            if citizen and not citizen.refused:  # what their mail server refuses no button mends
                await opting.start(work, citizen)
                await work.citizens.save(replace(citizen, opted_out=False))
            await work.commit()

    async def _asked(self, work: UnitOfWork, token: str, now: datetime) -> Citizen | None:
        id_ = work.askings.holder(token[:LONGEST], now)
        asking = await work.askings.get(id_) if id_ else None
        if id_ is None or asking is None or asking.said is not None:
            return None
        citizen = await work.citizens.get(id_)
        return citizen if citizen and not citizen.opted_out else None


async def _is_silent(work: UnitOfWork, contact: Contact) -> bool:
    citizen = await work.citizens.find(contact)
    return await work.silenced.has(contact) or (citizen is not None and citizen.opted_out and not citizen.refused)


async def _silence(work: UnitOfWork, contact: Contact, now: datetime) -> None:
    """Who was erased, or is sealed with a key that is lost, is known by the hash alone."""
    await work.silenced.add(contact, now)
    found = await work.citizens.find(contact)
    if found is None:
        return
    await opting.stop(work, found, now)
    citizen = await work.citizens.get(found.id)
    if citizen:
        await work.citizens.save(replace(citizen, opted_out=True))
