"""Over to a person and back: threads, what is written in them, and alerts to the staff on duty."""

from datetime import datetime

from bot import alerting
from bot.ports import Arrival, Render, Said, Stale, UnitOfWork
from channels.message import Inbound
from handlers.effects import AlertStaff, HandOver, TakeBack, ThreadKind, ToClerk
from handlers.turn import Citizen
from tickets.city import City
from tickets.model import CITIZEN


async def apply(
    work: UnitOfWork, effect: HandOver | ToClerk | TakeBack | AlertStaff, arrival: Arrival, citizen: Citizen,
    city: City, render: Render, now: datetime,
) -> None:  # fmt: skip
    """What an answer wants of a person. Raises Stale where a clerk was quicker: then it is answered anew."""
    match effect:
        case HandOver():
            await _hand_over(work, effect, arrival, citizen, now)
        case ToClerk():
            thread = await work.threads.of_citizen(citizen.id)
            if thread is None or not thread.silent:
                raise Stale
            await work.threads.write(thread.id, CITIZEN, said(arrival.inbound), now)
        case TakeBack():
            await _take_back(work, citizen, now)
        case AlertStaff(number=number):
            await alerting.alert(work, number, citizen, city, render, now)


def said(inbound: Inbound) -> Said:
    """A message as the clerk will see it."""
    pressed = (inbound.choice or "").rpartition(":")[2]
    return Said(text=inbound.text, media=inbound.media, point=inbound.point, form=inbound.kind, pressed=pressed)


async def _hand_over(
    work: UnitOfWork, effect: HandOver, arrival: Arrival, citizen: Citizen, now: datetime
) -> None:  # fmt: skip
    thread = await work.threads.open(citizen.id, effect.kind, now, silent=effect.silent)
    if effect.kind is ThreadKind.DANGER:
        return  # a person is to know that somebody needs one; what they told is theirs to tell
    await work.threads.write(thread.id, CITIZEN, said(arrival.inbound), now)
    ticket = await work.tickets.get(effect.number) if effect.number and thread.clerk is None else None
    if ticket and ticket.assignee:
        await work.threads.take(thread.id, ticket.assignee)


async def _take_back(work: UnitOfWork, citizen: Citizen, now: datetime) -> None:
    """An emergency stays in the queue until a person has seen to it."""
    thread = await work.threads.of_citizen(citizen.id)
    if thread is None:
        return
    if thread.kind is ThreadKind.EMERGENCY:
        await work.threads.silence(thread.id, silent=False)
    else:
        await work.threads.close(thread.id, now)
