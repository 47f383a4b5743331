"""A clerk writes to the citizen of a ticket, through the channel by which they wrote."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from bot.desk.seeing import Refusal, Refused, clerk, seen
from bot.notices import undeterred
from bot.outgoing import compose
from bot.ports import Clock, Kind, Queued, Render, Store, UnitOfWork
from bot.telling import NoteTooLong, language_of
from channels import Channel, Folds
from channels.message import Outbound
from channels.segments import Segments, count
from handlers.say import Say, say
from handlers.turn import Citizen
from tickets import casework
from tickets.city import City
from tickets.model import Ticket

DESK = "desk"  # the channel of who told us of something without leaving a number
_NOWHERE = frozenset({DESK, "erased"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Whether and how its citizen can be written to. `free_until`: when their channel ends to take free text, None
    where it has no such end; `over`: that is past, and they are told that something waits."""

    channel: str
    language: str
    refusal: Refusal | None = None
    free_until: datetime | None = None
    over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A text as it will arrive; `segments` where each of them costs."""

    text: str = field(repr=False)
    segments: Segments | None
    too_long: bool


class Answering:
    def __init__(
        self, store: Store, render: Render, clock: Clock, city: City,
        channels: Mapping[str, Channel] = MappingProxyType({}),
    ) -> None:  # fmt: skip
        """`channels`: by name, for how long a message may be and what becomes of its letters."""
        self._store, self._render, self._clock, self._city, self._channels = store, render, clock, city, channels

    async def reach(self, work: UnitOfWork, ticket: Ticket) -> Reach:
        """As it is now, in a view or a unit of work."""
        citizen = await work.citizens.get(ticket.reporter)
        if citizen is None or citizen.contact.channel in _NOWHERE:
            return Reach(channel=ticket.channel, language=ticket.language, refusal=Refusal.NO_CONTACT)
        until = await work.windows.open_until(citizen.id)
        channel = self._channels.get(citizen.contact.channel)
        windowed = channel is not None and bool(channel.traits.window)
        return Reach(
            channel=citizen.contact.channel,
            language=language_of(citizen, ticket, self._city),
            refusal=_refusal(citizen),
            free_until=until,
            over=until <= self._clock.now() if until else windowed,
        )

    async def preview(self, work: UnitOfWork, ticket: Ticket, *, name: str, text: str) -> Preview | None:
        """None: there is nobody to read it."""
        citizen = await work.citizens.get(ticket.reporter)
        if citizen is None or citizen.contact.channel in _NOWHERE:
            return None
        channel = self._channels.get(citizen.contact.channel)
        written = self._outbound(ticket, citizen, "", name, text).text
        arrives = channel.fold(written) if isinstance(channel, Folds) else written
        segments = count(arrives) if channel and channel.traits.segmented else None
        return Preview(text=arrives, segments=segments, too_long=self._is_too_long(citizen, written))

    @undeterred
    async def answer(self, *, number: str, version: int, login: str, name: str, text: str, once: str) -> None:
        """`name` is the clerk's, `once` the form's: sent twice, it is one message. Raises Unknown, Stale, Refused or
        NoteTooLong."""
        now, key = self._clock.now(), f"answer:{number}:{once}"
        async with self._store.work() as work:
            await work.tickets.lock([number])
            if any(one.key == key for one in await work.outbox.of_ticket(number)):
                return
            ticket = await seen(work, number, version)
            citizen = await self._addressee(work, ticket)
            answered, update = casework.answer(ticket, actor=clerk(login), at=now, text=text)
            outbound = self._outbound(ticket, citizen, key, name, update.note)
            if self._is_too_long(citizen, outbound.text):
                raise NoteTooLong
            await work.tickets.change(answered, update)
            row = Queued(
                outbound=outbound, citizen=citizen.id, kind=Kind.REPLY, number=number, version=update.version
            )  # fmt: skip
            await work.outbox.enqueue([row], now)
            await work.commit()

    async def _addressee(self, work: UnitOfWork, ticket: Ticket) -> Citizen:
        citizen = await work.citizens.get(ticket.reporter)
        if citizen is None or citizen.contact.channel in _NOWHERE:
            raise Refused(Refusal.NO_CONTACT)
        if refusal := _refusal(citizen):
            raise Refused(refusal)
        return citizen

    def _outbound(self, ticket: Ticket, citizen: Citizen, key: str, name: str, text: str) -> Outbound:
        reply = say(Say.ABOUT_REPORT, number=ticket.number, text=text, name=name)
        return compose(reply, citizen, language_of(citizen, ticket, self._city), self._render, key=key)

    def _is_too_long(self, citizen: Citizen, text: str) -> bool:
        """The provider would refuse it for good."""
        channel = self._channels.get(citizen.contact.channel)
        return channel is not None and len(text) > channel.traits.text_limit


def _refusal(citizen: Citizen) -> Refusal | None:
    if citizen.opted_out:
        return Refusal.OPTED_OUT
    return Refusal.REFUSED if citizen.refused else None
