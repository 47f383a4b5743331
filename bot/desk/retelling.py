"""What citizens were not told: sent once more, by SMS instead, or told by a person. Each is done once, and its ticket's
history says who did it. What is sent again and fails again is a failure of its own: it comes back to the list."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.desk.answering import Preview, arriving
from bot.desk.seeing import Refusal, Refused, clerk
from bot.notices import undeterred
from bot.outgoing import lined
from bot.ports import Clerk, Clock, Missed, Only, Page, Store, UnitOfWork
from channels import Channel
from channels.message import Contact
from channels.numbers import is_sms, other
from channels.words import numbered
from tickets import casework, rights
from tickets.casework import Way

TOLD = (Way.PHONE, Way.PERSON, Way.LETTER, Way.OTHER)  # by a clerk's own word
_ALL = 100  # failures of one ticket that its page shows


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A failure and what can be done: `sms` is the text as it would arrive there and what it costs."""

    missed: Missed
    sms: Preview | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retelling:
    store: Store
    clock: Clock
    channels: Mapping[str, Channel]

    async def page(self, work: UnitOfWork, offset: int, limit: int, only: Only) -> Page[Choice]:
        """What presses most first."""
        found = await work.undelivered.missed(offset, limit, only, self.clock.now())
        return Page(rows=tuple(await self.choices(work, found.rows)), total=found.total)

    async def choices(self, work: UnitOfWork, missed: Sequence[Missed]) -> Sequence[Choice]:
        """What can be done about each."""
        return [await self._choice(work, one) for one in missed]

    async def of_ticket(self, work: UnitOfWork, number: str) -> Sequence[Choice]:
        return (await self.page(work, 0, _ALL, Only(number=number))).rows

    @undeterred
    async def again(self, *, missed: int, by: Clerk) -> None:
        """The same message by the same channel. Raises Refused."""
        await self._do(missed, by, Way.AGAIN, "", lambda work, _: work.undelivered.again(missed, self.clock.now()))

    @undeterred
    async def by_sms(self, *, missed: int, by: Clerk) -> None:
        """To the same number. Raises Refused."""

        async def send(work: UnitOfWork, one: Missed) -> bool:
            contact = self._number(one)
            if contact is None:
                raise Refused(Refusal.NO_SMS)
            citizen = await work.citizens.find(contact)
            await work.citizens.lock({one.citizen, *([citizen.id] if citizen else [])})
            if not await work.undelivered.by_sms(missed, contact, self.clock.now()):
                raise Refused(Refusal.NO_SMS if await work.undelivered.one(missed) else Refusal.DEALT_WITH)
            return True

        await self._do(missed, by, Way.SMS, "", send)

    @undeterred
    async def told(self, *, missed: int, by: Clerk, way: Way, note: str = "") -> None:
        """Off the list, for they were told in this way. Raises Refused."""
        await self._do(missed, by, way, note, lambda work, _: work.undelivered.settle(missed, self.clock.now()))

    async def _do(
        self, missed: int, by: Clerk, way: Way, note: str, act: Callable[[UnitOfWork, Missed], Awaitable[bool]]
    ) -> None:  # fmt: skip
        """The act and its line in the history, in one unit of work."""
        async with self.store.work() as work:
            one = await work.undelivered.one(missed)
            if one is None:
                raise Refused(Refusal.DEALT_WITH)
            number = one.failure.number
            await work.tickets.lock([number] if number else [])
            ticket = await work.tickets.get(number) if number else None
            if ticket and not rights.may_work(by.role, by.department, ticket):
                raise Refused(Refusal.OTHERS)
            if not await act(work, one):
                raise Refused(Refusal.DEALT_WITH)
            if ticket:
                reason, now = one.failure.reason, self.clock.now()
                step = casework.retold(ticket, way, reason=reason, actor=clerk(by.login), at=now, note=note)
                await work.tickets.change(*step)
            await work.commit()

    async def _choice(self, work: UnitOfWork, missed: Missed) -> Choice:
        contact = self._number(missed)
        citizen = await work.citizens.find(contact) if contact else None
        if contact is None or missed.outbound is None or (citizen and (citizen.opted_out or citizen.refused)):
            return Choice(missed=missed)
        text = numbered(lined(missed.outbound).text, missed.outbound.choices)
        return Choice(missed=missed, sms=arriving(text, self.channels[contact.channel]))

    def _number(self, missed: Missed) -> Contact | None:
        """The citizen's number for SMS, where it is known and the message did not fail there."""
        sms = other(missed.outbound.recipient) if missed.outbound and not missed.opted_out else None
        return sms if sms and is_sms(sms) and sms.channel in self.channels else None
