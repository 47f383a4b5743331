"""What citizens may ask for beside STOP: a copy of their data, and erasure.

A number has one holder: what is asked for by SMS is done for WhatsApp of the same number too, and the other way round.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot import claims
from bot.ports import UnitOfWork
from channels.message import Attachment, Contact, Outbound
from channels.numbers import other
from handlers.effects import Export
from handlers.say import Day, LanguageName, Reply, Say, say
from handlers.turn import Answer, Citizen
from tickets.city import City
from tickets.erasing import bare, discreet, is_of, wordless
from tickets.workflow import leave

EXPORT_LIVES: Final = timedelta(hours=24)
LAST_WORD_LIVES: Final = timedelta(hours=1)  # receipts come until then
ALL: Final = 100_000
TAKES_FILES: Final = frozenset({"telegram", "simulated_telegram"})
PATH: Final = "/my-data/"  # of the web, and the token behind it


async def prepared(
    view: UnitOfWork, citizen: Citizen, answer: Answer, language: str, city: City, public_url: str, now: datetime
) -> Answer:
    """The answer with the copy that it promises, and what is said of it. Made where nobody else has to wait: gathering
    everything may take a while."""
    asked = next((effect for effect in answer.effects if isinstance(effect, Export)), None)
    if asked is None:
        return answer
    persons = await _same_person(view, citizen)
    kept = [await view.exports.everything(one.id) for one in persons]
    export = replace(asked, content=_written(kept, city, now))
    effects = tuple(export if effect is asked else effect for effect in answer.effects)
    replies = (_summary(citizen, language, kept, now), _way(citizen, city, public_url, asked.token))
    return replace(answer, replies=(*replies, *answer.replies), effects=effects)


async def export(work: UnitOfWork, effect: Export, citizen: Citizen, now: datetime) -> None:
    """Keep the copy for its link; where the channel carries files it goes with the answer (`attached`)."""
    if citizen.contact.channel not in TAKES_FILES:
        await work.exports.keep(effect.token, citizen.id, effect.content, now + EXPORT_LIVES)


def attached(outbound: Outbound, reply: Reply, content: str, now: datetime) -> Outbound:
    """The outbound that says "it is in this file", with the file."""
    if reply.say is not Say.MY_DATA_ATTACHED:
        return outbound
    return replace(outbound, attachments=(Attachment(
        name=file_name(now), content_type="application/json", content=content.encode()
    ),))  # fmt: skip


def file_name(now: datetime) -> str:
    return f"vecino-{now:%Y-%m-%d}.json"


async def erase(work: UnitOfWork, citizen: Citizen, city: City, now: datetime) -> None:
    """Out of every table; raises Stale where a clerk has just changed one of their tickets."""
    for one in await lock(work, citizen):
        await claims.take(work, one.id, now)  # they write by the number that was given: the words are theirs
        for ticket in await work.followers.of_citizen(one.id, ALL):
            await work.followers.remove(ticket.number, one.id)
            await work.tickets.change(*leave(ticket, at=now))
        await work.erasure.unreadable(one.id)
        for number in await work.erasure.numbers(one.id):
            await _erase_words(work, number, one, city, now)
        await work.erasure.person(one.id, now)


async def lock(work: UnitOfWork, citizen: Citizen) -> Sequence[Citizen]:
    """All that is theirs, in the order of everybody; who it is that holds this number."""
    persons = await _same_person(work, citizen)
    ids = [one.id for one in persons]
    numbers: set[str] = set()
    for id_ in ids:
        numbers |= {ticket.number for ticket in await work.followers.of_citizen(id_, ALL)}
        numbers |= set(await work.erasure.numbers(id_)) | set(await work.askings.waiting(id_))
    await work.tickets.lock(numbers)
    await work.threads.lock(ids)
    await work.inbox.lock(ids)
    await work.citizens.lock(ids)
    return persons


async def _erase_words(work: UnitOfWork, number: str, citizen: Citizen, city: City, now: datetime) -> None:
    ticket = await work.tickets.get(number)
    reporter = ticket.reporter if ticket else 0  # of another's that no key opens
    changed = []
    for update in await work.tickets.history(number):
        if is_of(update, citizen.id, reporter):
            changed.append((update, wordless(update)))
        elif reporter == citizen.id and update.citizen is None:
            changed.append((update, discreet(update, citizen.contact.address)))
    await work.erasure.rewrite([new for old, new in changed if new != old])
    if ticket and reporter == citizen.id:
        await work.tickets.change(*bare(ticket, city.service(ticket.service), at=now))


async def holders(work: UnitOfWork, contact: Contact) -> Sequence[Citizen]:
    """Whoever holds this number, by SMS and by WhatsApp; nobody: none."""
    wanted = [contact, twin] if (twin := other(contact)) else [contact]
    found = [await work.citizens.find(one) for one in wanted]
    return [one for one in found if one]


async def _same_person(work: UnitOfWork, citizen: Citizen) -> Sequence[Citizen]:
    contact = other(citizen.contact)
    found = await work.citizens.find(contact) if contact else None
    return [citizen, *([found] if found else [])]


def _written(kept: Sequence[Mapping[str, object]], city: City, now: datetime) -> str:
    whole = {"city": city.name, "made_at": now, "privacy_notice": city.privacy_url, "what_we_keep": kept}
    return json.dumps(whole, ensure_ascii=False, indent=1, default=_plain)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _summary(citizen: Citizen, language: str, kept: Sequence[Mapping[str, object]], now: datetime) -> Reply:
    since = [at for one in kept if isinstance(at := one.get("since"), datetime)]
    return say(
        Say.MY_DATA,
        contact=masked(citizen.contact),
        language=LanguageName(citizen.language or language),
        since=Day(min(since, default=now)),
        reports=_count(kept, "reports"),
        messages=_count(kept, "messages_from_you") + _count(kept, "messages_to_you"),
    )


def _count(kept: Sequence[Mapping[str, object]], name: str) -> int:
    lists = (one.get(name) for one in kept)
    return sum(len(one) for one in lists if isinstance(one, list))


def _way(citizen: Citizen, city: City, public_url: str, token: str) -> Reply:
    if citizen.contact.channel in TAKES_FILES:
        return say(Say.MY_DATA_ATTACHED)
    if public_url:
        return say(Say.MY_DATA_FILE, url=f"{public_url.rstrip('/')}{PATH}{token}")
    return say(Say.PRIVACY, url=city.privacy_url, phone=city.office.phone)


def masked(contact: Contact) -> str:
    """As much of it as its owner needs to know it by."""
    address = contact.address
    return f"{address[:3]}***{address[-2:]}" if len(address) >= len("+1234567") else "***"
