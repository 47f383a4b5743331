"""What the answer to a message writes: effects on tickets, what is remembered of the citizen, the outbounds."""

from dataclasses import replace
from datetime import datetime

from bot import opting
from bot.conversation import Outcome
from bot.outgoing import compose, queued
from bot.ports import Arrival, Kind, Queued, Render, UnitOfWork
from handlers.turn import AddComment, ChooseLanguage, Citizen, Effect, FileTicket, OptIn, OptOut


async def record(work: UnitOfWork, arrival: Arrival, outcome: Outcome, render: Render, now: datetime) -> None:
    """All of it, in this unit of work; raises Taken or Stale."""
    answer, citizen = outcome.answer, remembered(arrival.citizen, outcome)
    for effect in answer.effects:
        await _apply(work, effect, citizen, now)
    if citizen.opted_out != arrival.citizen.opted_out:
        await work.citizens.save(citizen)
    elif citizen != arrival.citizen:  # they may have said STOP by the other channel of their number meanwhile
        await work.citizens.remember(citizen)
    if answer.dialogue != arrival.dialogue:
        await work.dialogues.save(citizen.id, answer.dialogue, now)
    await work.outbox.enqueue(_outbounds(arrival, outcome, citizen, render), now)


def remembered(citizen: Citizen, outcome: Outcome) -> Citizen:
    """The citizen after this answer: language, greeting, opt-out."""
    if outcome.answer.replies:
        citizen = replace(citizen, welcomed=True)
    if outcome.detected and not citizen.chosen:
        citizen = replace(citizen, language=outcome.language)
    for effect in outcome.answer.effects:
        match effect:
            case ChooseLanguage(language=language):
                citizen = replace(citizen, language=language, chosen=True)
            case OptOut():
                citizen = replace(citizen, opted_out=True)
            case OptIn():
                citizen = replace(citizen, opted_out=False)
            case _:
                pass
    return citizen


async def _apply(work: UnitOfWork, effect: Effect, citizen: Citizen, now: datetime) -> None:
    match effect:
        case FileTicket(ticket=ticket, update=update, media=media):
            await work.tickets.file(ticket, update)
            await work.photos.add(ticket.number, ticket.channel, media, now)
        case AddComment(ticket=ticket, update=update, media=media):
            await work.tickets.change(ticket, update)
            await work.photos.add(ticket.number, citizen.contact.channel, media, now)
        case OptOut():
            await opting.stop(work, citizen, now)
        case OptIn():
            await opting.start(work, citizen)
        case ChooseLanguage():
            pass  # kept with the citizen, see remembered


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
