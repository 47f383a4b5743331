"""A supervisor keeps a closed ticket out of all rules of retention: somebody sues, somebody asks what was known."""

from bot.desk.seeing import clerk
from bot.notices import NoteTooLong, seen, undeterred
from bot.ports import Clock, Store
from tickets.retention import Hold, held

LONGEST = 1000  # characters of a reason


class Holding:
    """No citizen is told of it; its history is."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    @undeterred
    async def hold(self, *, number: str, version: int, login: str, hold: bool, note: str) -> None:
        """Keep it out, or leave it to the rules again. Raises Unknown, Stale, NoteTooLong, or NoteNeeded without a
        reason."""
        if len(note) > LONGEST:
            raise NoteTooLong
        now = self._clock.now()
        async with self._store.work() as work:
            ticket = await seen(work, number, version)
            await work.tickets.change(*held(ticket, hold=hold, actor=clerk(login), at=now, note=note))
            if hold:
                await work.retention.hold(Hold(number=number, at=now, login=login))
            else:
                await work.retention.release(number)
            await work.commit()
