"""The news of an act on many: told when the two minutes are over in which it may be undone.

They are not put into the outbox before: a message that waits there for its time would hold up every answer to the same
citizen behind it, and the question whether it is fixed would be open before anybody was asked.
"""

from dataclasses import dataclass

from bot.desk.bulk_book import Line
from bot.notices import undeterred
from bot.ports import Clock, Kind, Sent, Store, UnitOfWork
from bot.telling import NoteTooLong, Telling
from tickets.model import Update
from tickets.undoing import is_of


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    store: Store
    clock: Clock
    telling: Telling

    async def __call__(self, batch: int, line: Line) -> None:
        """Of one ticket, once, unless it was moved again meanwhile: then there are newer ones."""
        try:
            await self._tell(batch, line)
        except NoteTooLong:  # somebody joined it since, by a channel of shorter messages
            line.untold = True

    @undeterred
    async def _tell(self, batch: int, line: Line) -> None:
        async with self.store.work() as work:
            await work.tickets.lock([line.number])
            ticket = await work.tickets.get(line.number)
            update = await _standing(work, batch, line)
            if ticket is None or update is None or await told_of(work, line.number, update.version):
                return
            await self.telling.tell(work, ticket, update, self.clock.now())
            await work.commit()


async def told_of(work: UnitOfWork, number: str, version: int) -> list[Sent]:
    """The news of this version that were queued, whatever became of them."""
    sent = await work.outbox.of_ticket(number)
    return [one for one in sent if one.version == version and one.kind is Kind.NOTICE]


async def _standing(work: UnitOfWork, batch: int, line: Line) -> Update | None:
    """What the act did to it, if nothing moved it since, be it an undoing."""
    later = [one for one in await work.tickets.history(line.number) if one.version > line.version]
    if not later or not is_of(later[0], batch):
        return None
    return None if any(one.old is not one.new for one in later[1:]) else later[0]
