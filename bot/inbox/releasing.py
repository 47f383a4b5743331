"""A citizen writes while news wait for it (bot/delivery/window.py): they are sent; what they wrote starts nothing."""

from dataclasses import dataclass, replace

from bot.ports import Arrival, Clock, Store
from channels.message import Inbound, Kind
from handlers.people.rights import is_stop
from handlers.phrases.words import NO, YES, says
from handlers.turn import Asked

_DIGITS = 2  # a number as short as this chooses something


@dataclass(frozen=True, slots=True, kw_only=True)
class Releasing:
    store: Store
    clock: Clock

    async def of(self, arrival: Arrival) -> Arrival | None:
        """The message as it is to be answered; None when it only said "tell me", and is done with."""
        if arrival.inbound.free_until is None or is_stop(arrival.inbound) or not await self._waits(arrival):
            return arrival
        if is_nod(arrival.inbound):
            await self._release(arrival, nod=True)
            return None
        await self._release(arrival, nod=False)
        return replace(arrival, dialogue=None)

    async def _waits(self, arrival: Arrival) -> bool:
        async with self.store.view() as view:
            return await view.windows.waiting(arrival.citizen.id)

    async def _release(self, arrival: Arrival, *, nod: bool) -> None:
        now, citizen = self.clock.now(), arrival.citizen.id
        async with self.store.work() as work:
            if nod and not await work.inbox.answered(arrival, now):
                return  # another worker has taken it over
            released = await work.windows.release(citizen, now)  # 0: another worker has, and may have asked something
            if released and arrival.dialogue and not nod and arrival.dialogue.asked is not Asked.FIXED:
                await work.dialogues.save(citizen, None, now)  # a question of long ago, and not among what is released
            await work.commit()


def is_nod(inbound: Inbound) -> bool:
    """Whether it answers "we have news" and says nothing else: a button, "sí", "1", a sticker."""
    if inbound.point or inbound.media or inbound.kind not in (Kind.MESSAGE, Kind.STICKER):
        return False
    text = inbound.text.strip()
    chooses = text.isdigit() and len(text) <= _DIGITS
    return inbound.choice is not None or not text or chooses or says(text, YES | NO)
