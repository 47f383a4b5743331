"""Somebody asks by letter that their data be deleted: an admin finds them, sees what would go, and has it deleted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot import rights
from bot.ports import Clock, Stale, Store
from bot.ports.audit import Deed, Entry
from channels.message import Contact
from tickets.city import Cities

_TRIES: Final = 5  # times, where a clerk changes one of their tickets at that very moment
_COUNTED: Final = (
    "reports", "followed_reports", "your_words_in_others_reports", "ratings", "messages_from_you", "messages_to_you",
    "conversations_with_a_person",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Somebody of whom there is something, and how much of what (words of `bot.ports.Exports.everything`)."""

    contact: Contact
    counts: Mapping[str, int]


class Erasing:
    """The same erasure as the citizen's own (bot/rights.py), without a word to them."""

    def __init__(self, store: Store, clock: Clock, city: Cities) -> None:
        self._store, self._clock, self._cities = store, clock, city

    async def find(self, contact: Contact) -> Found | None:
        """Who writes from there; with what is kept of the same number on the other channel. None: nobody does."""
        async with self._store.view() as view:
            persons = await rights.holders(view, contact)
            kept = [await view.exports.everything(one.id) for one in persons]
        if not kept:
            return None
        return Found(contact=contact, counts={name: _count(kept, name) for name in _COUNTED})

    async def reporter(self, number: str) -> Contact | None:
        """Of this ticket; None: there is no such ticket, or it has none."""
        async with self._store.view() as view:
            ticket = await view.tickets.get(number)
            citizen = await view.citizens.get(ticket.reporter) if ticket else None
        return citizen.contact if citizen and citizen.contact.address else None

    async def erase(self, contact: Contact, login: str) -> bool:
        """All of it, in one transaction, and that it was done; False: there is nobody. Raises StoreUnavailable, or
        Stale where their tickets never rest."""
        for attempt in range(1, _TRIES + 1):
            try:
                return await self._erased(contact, login)
            except Stale:
                if attempt == _TRIES:
                    raise
        return False

    async def _erased(self, contact: Contact, login: str) -> bool:
        now = self._clock.now()
        async with self._store.work() as work:
            persons = await rights.holders(work, contact)
            reports = sum([len(await work.erasure.numbers(one.id)) for one in persons])
            if persons:
                await rights.erase(work, persons[0], self._cities.now, now)
                await work.audit.note(Entry(at=now, login=login, deed=Deed.ERASED, detail=f"{reports} reports"))
                await work.commit()
        return bool(persons)


def _count(kept: Sequence[Mapping[str, object]], name: str) -> int:
    lists = (one.get(name) for one in kept)
    return sum(len(one) for one in lists if isinstance(one, list))
