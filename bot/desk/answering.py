"""A clerk writes to the citizen of a ticket, through the channel by which they wrote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from bot.desk.seeing import Refusal, Refused, clerk
from bot.notices import seen, undeterred
from bot.outgoing import compose
from bot.ports import Clock, Kind, Queued, Render, Said, Store, UnitOfWork
from bot.ports.moving import IMPORT
from bot.telling import NoteTooLong, at_leisure, language_of
from channels import Channel, Folds, Windowed
from channels.message import Outbound, Template
from channels.numbers import other
from channels.segments import Segments, count
from handlers.effects import ThreadKind
from handlers.say import Say, say
from handlers.turn import Asked, Citizen, Dialogue
from tickets import casework
from tickets.city import Cities, City
from tickets.model import Actor, Ticket

DESK = "desk"  # the channel of who told us of something without leaving a number
_NOWHERE = frozenset({DESK, IMPORT, "erased"})
_OWN = "\ue000"  # stands for a clerk's own words: of Unicode's private use, so in no text of ours


class Folding(StrEnum):
    """What a channel does to the letters of a text (channels.segments)."""

    NONE = "none"
    SPACES = "spaces"  # `plain_spaces`
    GSM = "gsm"  # `gsm_safe`


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around a clerk's own words, and what the channel makes of the whole."""

    before: str = ""
    after: str = ""
    folding: Folding = Folding.NONE
    segmented: bool = False
    limit: int | None = None  # characters of the whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Whether and how its citizen can be written to. `free_until`: when their channel ends to take free text, None
    where it has no such end; `over`: that is past. Then they are told that something waits where `knocks`, and where
    they do not write within `patience` it goes `by_sms` or is found among what was not delivered."""

    channel: str
    language: str
    refusal: Refusal | None = None
    free_until: datetime | None = None
    over: bool = False
    knocks: bool = False
    patience: timedelta = timedelta()
    by_sms: bool = False
    frame: Frame = field(default_factory=Frame)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A text as it will arrive; `segments` where each of them costs."""

    text: str = field(repr=False)
    segments: Segments | None
    too_long: bool


class Answering:
    def __init__(
        self, store: Store, render: Render, clock: Clock, city: Cities,
        channels: Mapping[str, Channel] = MappingProxyType({}),
    ) -> None:  # fmt: skip
        """`channels`: by name, for how long a message may be and what becomes of its letters."""
        self._store, self._render, self._clock, self._cities, self._channels = store, render, clock, city, channels

    @property
    def _city(self) -> City:
        return self._cities.now

    async def reach(self, work: UnitOfWork, ticket: Ticket, name: str = "") -> Reach:
        """As it is now for the clerk of this `name`, in a view or a unit of work."""
        citizen = await work.citizens.get(ticket.reporter)
        if citizen is None or citizen.contact.channel in _NOWHERE:
            return Reach(channel=ticket.channel, language=ticket.language, refusal=Refusal.NO_CONTACT)
        until = await work.windows.open_until(citizen.id)
        channel = self._channels.get(citizen.contact.channel)
        windowed = channel is not None and bool(channel.traits.window)
        language = language_of(citizen, ticket, self._city)
        sms = other(citizen.contact)
        return Reach(
            channel=citizen.contact.channel,
            language=language,
            refusal=_refusal(citizen),
            free_until=until,
            over=until <= self._clock.now() if until else windowed,
            knocks=windowed and _knocks(channel, [language, *self._city.languages[:1]]),
            patience=channel.patience if windowed and isinstance(channel, Windowed) else timedelta(),
            by_sms=windowed and sms is not None and sms.channel in self._channels,
            frame=self._frame(ticket, citizen, channel, name),
        )

    def _frame(self, ticket: Ticket, citizen: Citizen, channel: Channel | None, name: str) -> Frame:
        before, _, after = self._outbound(ticket, citizen, "", name, _OWN).text.partition(_OWN)
        return Frame(
            before=before,
            after=after,
            folding=folding(channel),
            segmented=channel is not None and channel.traits.segmented,
            limit=channel.traits.text_limit if channel else None,
        )

    async def preview(self, work: UnitOfWork, ticket: Ticket, *, name: str, text: str) -> Preview | None:
        """None: there is nobody to read it."""
        citizen = await work.citizens.get(ticket.reporter)
        if citizen is None or citizen.contact.channel in _NOWHERE:
            return None
        written = self._outbound(ticket, citizen, "", name, text).text
        return arriving(written, self._channels.get(citizen.contact.channel))

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
            await work.threads.lock([ticket.reporter])
            citizen = await self._addressee(work, ticket)
            answered, update = casework.answer(ticket, actor=clerk(login), at=now, text=text)
            outbound = self._outbound(ticket, citizen, key, name, update.note)
            if self._is_too_long(citizen, outbound.text):
                raise NoteTooLong
            await work.tickets.change(answered, update)
            await _answered(work, citizen, actor=update.actor, text=update.note, key=key, now=now)
            row = Queued(
                outbound=outbound, citizen=citizen.id, kind=Kind.REPLY, number=number, version=update.version
            )  # fmt: skip
            await work.outbox.enqueue([row], now)
            await _expect(work, citizen, answered, now)
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


async def _answered(work: UnitOfWork, citizen: Citizen, *, actor: Actor, text: str, key: str, now: datetime) -> None:
    """What they said to the last letter is answered by this one."""
    thread = await work.threads.of_citizen(citizen.id)
    if thread and thread.kind is ThreadKind.REPLY and not thread.silent:
        await work.threads.write(thread.id, actor, Said(text=text), now, key)
        await work.threads.close(thread.id, now)


async def _expect(work: UnitOfWork, citizen: Citizen, ticket: Ticket, now: datetime) -> None:
    """What they say next may be their answer (handlers/people/answering.py); who is in the middle of something else is
    left to it."""
    if await at_leisure(work, [citizen], ticket, now):
        expecting = Dialogue(
            asked=Asked.WRITTEN, question=f"{ticket.number}/{ticket.version}", since=now, about=ticket.number,
            item=ticket.service,
        )  # fmt: skip
        await work.dialogues.save(citizen.id, expecting, now)


def arriving(written: str, channel: Channel | None) -> Preview:
    """A text as it arrives by this channel, and what it costs where each segment does."""
    arrives = channel.fold(written) if isinstance(channel, Folds) else written
    segments = count(arrives) if channel and channel.traits.segmented else None
    too_long = channel is not None and len(written) > channel.traits.text_limit
    return Preview(text=arrives, segments=segments, too_long=too_long)


def folding(channel: Channel | None) -> Folding:
    """Found out by asking: a channel says what becomes of a text, not how."""
    if not isinstance(channel, Folds):
        return Folding.NONE
    if channel.fold("á") == "a":
        return Folding.GSM
    return Folding.SPACES if channel.fold("\u202f") == " " else Folding.NONE


def _knocks(channel: Channel | None, languages: Sequence[str]) -> bool:
    """Whether they can be told that news wait (bot/delivery/window.py)."""
    return isinstance(channel, Windowed) and any(
        channel.approved(Template(name=Say.NEWS.value, language=language, values=())) for language in languages
    )


def _refusal(citizen: Citizen) -> Refusal | None:
    if citizen.opted_out:
        return Refusal.OPTED_OUT
    return Refusal.REFUSED if citizen.refused else None
