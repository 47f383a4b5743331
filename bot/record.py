"""What the answer to a message writes: effects on tickets, what is remembered of the citizen, the outbounds."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from bot import alerting, claims, handing, opting, rights
from bot.conversation import Outcome
from bot.outgoing import compose, queued
from bot.ports import Arrival, Kind, Queued, Rating, Render, UnitOfWork
from bot.telling import Telling
from channels.message import Contact
from channels.numbers import other
from handlers.effects import (
    AlertStaff,
    AnswerClosure,
    ChangeTicket,
    ChooseLanguage,
    Claim,
    Consent,
    Effect,
    Erase,
    Export,
    FileTicket,
    Follow,
    HandOver,
    Leave,
    OptIn,
    OptOut,
    Rate,
    TakeBack,
    ToClerk,
)
from handlers.people import privacy
from handlers.turn import Citizen
from tickets.city import Cities, City


class Record:
    """Writes answers, in the caller's unit of work."""

    def __init__(self, render: Render, city: Cities, limits: Mapping[str, int] = MappingProxyType({})) -> None:
        """`limits`: characters of one message, by channel."""
        self._render, self._cities, self._telling = render, city, Telling(render, city, limits)

    async def __call__(self, work: UnitOfWork, arrival: Arrival, outcome: Outcome, now: datetime) -> None:
        """All of it; raises Taken or Stale."""
        answer, citizen = outcome.answer, remembered(arrival.citizen, outcome)
        if any(isinstance(effect, Erase) for effect in answer.effects):
            await self._erase(work, arrival, outcome, now)
            return
        for effect in answer.effects:
            await self._apply(work, effect, arrival, citizen, now)
        if citizen.opted_out != arrival.citizen.opted_out:
            await work.citizens.save(citizen)
        elif citizen != arrival.citizen:  # they may have said STOP by the other channel of their number meanwhile
            await work.citizens.remember(citizen)
        if answer.dialogue != arrival.dialogue:
            await work.dialogues.save(citizen.id, answer.dialogue, now)
        await self._say(work, arrival, outcome, citizen, now)

    @property
    def _city(self) -> City:
        return self._cities.now

    async def lock(self, work: UnitOfWork, arrival: Arrival, effects: Sequence[Effect]) -> None:
        """Before the message is answered, which locks its citizen: the tickets and the thread that its effects change,
        and the other citizens. Most have none of them."""
        citizen = arrival.citizen
        if any(isinstance(effect, Erase) for effect in effects):
            await rights.lock(work, citizen)
            return
        changed = {effect.ticket.number for effect in effects if isinstance(effect, ChangeTicket)}
        if any(isinstance(effect, Claim) for effect in effects):
            changed |= set(await work.askings.waiting(citizen.id))
        await work.tickets.lock(changed)
        if any(isinstance(effect, (HandOver, ToClerk, TakeBack)) for effect in effects):
            await work.threads.lock([citizen.id])
        if others := await self._others(work, effects, citizen):
            await work.citizens.lock({citizen.id, *others})

    async def _others(self, work: UnitOfWork, effects: Sequence[Effect], citizen: Citizen) -> set[int]:
        contacts: set[Contact] = set()
        told: set[int] = set()
        for effect in effects:
            match effect:
                case ChangeTicket(tell=True, ticket=ticket):
                    told |= {one.id for one in await self._telling.audience(work, ticket)}
                case AlertStaff():
                    contacts.update(alerting.contacts(self._city))
                case OptOut() | OptIn():
                    contacts |= {contact} if (contact := other(citizen.contact)) else set()
                case _:
                    pass
        found = [await work.citizens.find(contact) for contact in contacts]
        return told | {one.id for one in found if one}

    async def _erase(self, work: UnitOfWork, arrival: Arrival, outcome: Outcome, now: datetime) -> None:
        """Nothing is remembered of them; the last word to them is not kept either."""
        await rights.erase(work, arrival.citizen, self._city, now)
        rows = _outbounds(arrival, outcome, arrival.citizen, self._render)
        await work.outbox.enqueue([replace(row, kind=Kind.STOP) for row in rows], now)
        for row in rows:
            await work.erasure.fleeting(row.outbound.key, now + rights.LAST_WORD_LIVES)

    async def _say(self, work: UnitOfWork, arrival: Arrival, outcome: Outcome, citizen: Citizen, now: datetime) -> None:
        rows = _outbounds(arrival, outcome, citizen, self._render)
        copy = next((effect for effect in outcome.answer.effects if isinstance(effect, Export)), None)
        if copy:
            pairs = zip(rows, outcome.answer.replies, strict=True)
            rows = [replace(r, outbound=rights.attached(r.outbound, said, copy.content, now)) for r, said in pairs]
        await work.outbox.enqueue(rows, now)
        for row, said in zip(rows, outcome.answer.replies, strict=True):
            if row.outbound.attachments:
                await work.erasure.fleeting(row.outbound.key, now + rights.EXPORT_LIVES)
            elif said.say in privacy.SECRET:
                await work.erasure.fleeting(row.outbound.key, now + privacy.LIVES)

    async def _apply(
        self, work: UnitOfWork, effect: Effect, arrival: Arrival, citizen: Citizen, now: datetime
    ) -> None:  # fmt: skip
        match effect:
            case FileTicket() | ChangeTicket() | Follow() | Leave() | Rate() | AnswerClosure():
                await self._case(work, effect, citizen, now)
            case HandOver() | ToClerk() | TakeBack() | AlertStaff():
                await handing.apply(work, effect, arrival, citizen, self._city, self._render, now)
            case Export():
                await rights.export(work, effect, citizen, now)
            case Consent(version=version):
                await work.consents.record(citizen.id, version, now)
            case Claim() | OptOut() | OptIn():
                await _wished(work, effect, citizen, now)
            case ChooseLanguage() | Erase():
                pass  # the one is kept with the citizen, see remembered; beside the other nothing else is written

    async def _case(
        self, work: UnitOfWork, effect: FileTicket | ChangeTicket | Follow | Leave | Rate | AnswerClosure,
        citizen: Citizen, now: datetime,
    ) -> None:  # fmt: skip
        match effect:
            case FileTicket(ticket=ticket, update=update, media=media):
                await work.tickets.file(ticket, update)
                await work.photos.add(ticket.number, ticket.channel, media, now, citizen.id)
            case ChangeTicket(ticket=ticket, update=update, media=media):
                await work.tickets.change(ticket, replace(update, citizen=citizen.id))
                await work.photos.add(ticket.number, citizen.contact.channel, media, now, citizen.id)
                if effect.tell:
                    await self._telling.tell(work, ticket, update, now, but=citizen.id)
            case Follow(number=number):
                await work.followers.add(number, citizen.id, now)
            case Leave(number=number):
                await work.followers.remove(number, citizen.id)
            case Rate(number=number, score=score, word=word):
                await work.ratings.rate(Rating(number=number, citizen=citizen.id, at=now, score=score, word=word))
            case AnswerClosure(number=number, fixed=fixed):
                await work.closures.answered(number, citizen.id, "yes" if fixed else "no")


async def _wished(work: UnitOfWork, effect: Claim | OptOut | OptIn, citizen: Citizen, now: datetime) -> None:
    """Whether they want to be written to."""
    match effect:
        case Claim():
            await claims.answer(work, citizen, effect, now)
        case OptOut():
            await opting.stop(work, citizen, now)
        case OptIn():
            await opting.start(work, citizen)


def remembered(citizen: Citizen, outcome: Outcome) -> Citizen:
    """The citizen after this answer: language, greeting, opt-out."""
    if outcome.answer.replies and not any(isinstance(effect, OptOut) for effect in outcome.answer.effects):
        citizen = replace(citizen, welcomed=True)
    followed = any(isinstance(effect, FileTicket | Follow) for effect in outcome.answer.effects)
    if (outcome.detected and not citizen.chosen) or (citizen.language is None and followed):  # news will come
        citizen = replace(citizen, language=outcome.language)
    for effect in outcome.answer.effects:
        match effect:
            case ChooseLanguage(language=language):
                citizen = replace(citizen, language=language, chosen=True)
            case Consent(version=version):
                citizen = replace(citizen, consent=version)
            case OptOut():
                citizen = replace(citizen, opted_out=True)
            case OptIn():
                citizen = replace(citizen, opted_out=False)
            case _:
                pass
    return citizen


def _outbounds(arrival: Arrival, outcome: Outcome, citizen: Citizen, render: Render) -> list[Queued]:
    """Keys name the inbox row they answer, so that answering it twice enqueues once. They stand in clear in
    the store and in callbacks, so the provider's id, which may hold a chat id, is no part of them."""
    stops = any(isinstance(effect, OptOut) for effect in outcome.answer.effects)
    kind = Kind.STOP if stops else Kind.REPLY
    question = outcome.answer.dialogue.question if outcome.answer.dialogue else ""
    language = citizen.language if citizen.chosen and citizen.language else outcome.language
    return [
        queued(
            compose(reply, citizen, language, render, key=f"{kind}:{arrival.id}:{position}", question=question),
            citizen,
            kind,
        )
        for position, reply in enumerate(outcome.answer.replies)
    ]
