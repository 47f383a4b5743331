"""Reports that a program files for somebody: whom of them we may write to, and what makes a report theirs.

A number or an address that somebody typed into a program is nobody's consent. Who has written to us themselves is told
at once; others are asked once, by SMS or by a mail whose link says yes, and hear nothing else until they do. A STOP
holds against all of it. Until then their report is nobody's: they cannot read what somebody else wrote under it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot import letters
from bot.outgoing import compose
from bot.ports import Kind, Queued, Render, UnitOfWork
from channels.mailbox import is_mail, without_tag
from channels.message import Contact, Outbound
from channels.numbers import other
from handlers.effects import Claim
from handlers.say import Say, say
from handlers.turn import Asked, Citizen, Dialogue
from tickets.city import City
from tickets.claiming import claimed

API: Final = "open311"  # the channel of what a program filed
ASKED_AGAIN: Final = timedelta(days=7)  # after the last time that a contact was asked, also where it was erased since
LINKS: Final = timedelta(days=7)  # for so long the link in a mail says yes
_AT_MOST: Final = 5  # reports a day that a program can file for who is told at once
_WAITING: Final = 20  # reports that wait for the same yes
_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What a contact may be sent. `citizen`: who is told, and so is the report's own reporter; `ask`: they are to be
    asked first; neither: nothing, ever."""

    citizen: Citizen | None = None
    ask: bool = False


async def reach(work: UnitOfWork, contact: Contact, now: datetime) -> Reach:
    """Of a contact that a program gave."""
    if await _stopped(work, contact):
        return Reach()
    citizen = await work.citizens.find(contact)
    if citizen is None:
        return Reach(ask=True)
    asking = await work.askings.get(citizen.id)
    if asking is not None and asking.said is False:
        return Reach()
    if asking.said is None if asking else not citizen.welcomed:
        return Reach(ask=True)
    return Reach() if await _often(work, citizen, now) else Reach(citizen=citizen)


async def ask(
    work: UnitOfWork, contact: Contact, number: str, city: City, render: Render, language: str, now: datetime,
    public_url: str = "",
) -> None:  # fmt: skip
    """The report is theirs once they say yes; they are asked whether they want that, unless they were lately, or are
    talking with us about something else just now. `public_url`: where the link in a mail leads."""
    lane = (await work.citizens.lanes([contact]))[contact]
    if len(await work.askings.waiting(lane)) >= _WAITING:
        return
    await work.askings.wait(number, lane, now)
    citizen = await work.citizens.get(lane)
    quiet = await work.dialogues.quiet([lane])
    if citizen is None or citizen.thread is not None or quiet.get(lane, ...) is not None:
        return
    name = "ask:" + work.citizens.marks_of(without_tag(contact) if is_mail(contact) else contact)[0]
    if not await work.leases.hold(name, number, now, now + ASKED_AGAIN):
        return
    await work.askings.asked(lane, now)
    spoken = citizen.language or language
    if is_mail(contact):
        outbound = await _by_mail(work, citizen, number, city, render, spoken, f"{public_url}{letters.YES}", now)
    else:
        outbound = await _by_phone(work, citizen, number, city, render, spoken, now)
    if outbound:
        row = Queued(outbound=outbound, citizen=lane, kind=Kind.REPLY, number=number, version=1)
        await work.outbox.enqueue([row], now)


async def _by_phone(
    work: UnitOfWork, citizen: Citizen, number: str, city: City, render: Render, language: str, now: datetime
) -> Outbound:  # fmt: skip
    dialogue = Dialogue(asked=Asked.CLAIM, question=number, since=now, about=number)
    await work.dialogues.save(citizen.id, dialogue, now)
    question = say(Say.ASK_TO_TELL, city=city.name, number=number)
    return compose(question, citizen, language, render, key=f"claim:{number}", question=number)


async def _by_mail(
    work: UnitOfWork, citizen: Citizen, number: str, city: City, render: Render, language: str, link: str,
    now: datetime,
) -> Outbound | None:  # fmt: skip
    """In the language that they are written to from now on."""
    ticket = await work.public.get(number, city)
    if ticket is None:
        return None
    await work.citizens.remember(replace(citizen, language=language))
    url = f"{link}{work.askings.token(citizen.id, now + LINKS)}?language={language}"
    return letters.question(ticket, citizen, city, render, language, url)


async def answer(work: UnitOfWork, citizen: Citizen, effect: Claim, now: datetime) -> None:
    """What they said. Raises Stale where a clerk has just changed one of the reports."""
    if effect.wanted:
        await take(work, citizen.id, now)
    else:
        await work.askings.settle(citizen.id)
    await work.askings.answered(citizen.id, said=effect.wanted)


async def take(work: UnitOfWork, citizen: int, now: datetime) -> None:
    """All reports that wait for their yes are theirs. Raises Stale, as above."""
    for number in await work.askings.waiting(citizen):
        ticket = await work.tickets.get(number)
        if ticket is not None:
            await work.tickets.change(*claimed(ticket, citizen, at=now))
    await work.askings.settle(citizen)


async def _stopped(work: UnitOfWork, contact: Contact) -> bool:
    """By whichever channel of the same number; or their provider refuses them."""
    for one in filter(None, (contact, other(contact))):
        if await work.silenced.has(one):
            return True
        known = await work.citizens.find(one)
        if known is not None and (known.opted_out or (one == contact and known.refused)):
            return True
    return False


async def _often(work: UnitOfWork, citizen: Citizen, now: datetime) -> bool:
    """Whether programs have filed so much for them lately that it is hardly theirs."""
    newest = await work.tickets.of_reporter(citizen.id, _AT_MOST)
    return len(newest) == _AT_MOST and all(one.channel == API and now - one.filed_at < _A_DAY for one in newest)
