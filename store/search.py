"""Conversations found by words, and all words hashed anew."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import delete, select

from bot.ports import Word
from store.codec import UNOPENED
from store.finding import threads_with
from store.tables import thread_messages, thread_words, threads, ticket_words, tickets, updates
from store.threads import said_in
from store.tickets import ticket_of, update_of
from store.transaction import Transaction
from store.words import Words
from tickets.model import Update


class Search:
    """Keeps `bot.ports.Search`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def threads(self, words: Sequence[Word], limit: int) -> Sequence[int]:
        if not words:
            return []
        found = threads_with(words, self._tx.codec.seal, self._tx.dialect.name)
        newest = select(thread_words.c.thread).where(found).order_by(thread_words.c.thread.desc()).limit(limit)
        return list((await self._tx.execute(newest)).scalars())

    async def reindex_tickets(self, after: str, limit: int) -> Sequence[str]:
        numbers = await self._next(tickets.c.number, after, limit)
        await self.renew(numbers)
        return numbers

    async def reindex_threads(self, after: int, limit: int) -> Sequence[int]:
        ids = await self._next(threads.c.id, after, limit)
        for thread in ids:
            texts = select(thread_messages.c.text).where(thread_messages.c.thread == thread)
            rows = (await self._tx.execute(texts)).scalars().all()
            await Words(self._tx).of_thread(thread, [said_in(self._tx.codec, text).text for text in rows], anew=True)
        return ids

    async def renew(self, numbers: Sequence[str]) -> None:
        """Of these tickets, by what stands there now. What no key of ours opens is found by nothing."""
        known, found = await self._histories(numbers), []
        for row in (await self._tx.execute(select(tickets).where(tickets.c.number.in_(numbers)))).all():
            try:
                found.append((ticket_of(row, self._tx.codec), known.get(row.number, ())))
            except UNOPENED:
                await self._tx.execute(delete(ticket_words).where(ticket_words.c.number == row.number))
        await Words(self._tx).of_tickets(found)

    async def _next(self, key: Any, after: Any, limit: int) -> list[Any]:
        """In order, and locked: nobody writes words of them meanwhile."""
        some = select(key).where(key > after).order_by(key).limit(limit).with_for_update(key_share=True)
        return list((await self._tx.execute(some)).scalars())

    async def _histories(self, numbers: Sequence[str]) -> Mapping[str, Sequence[Update]]:
        found: dict[str, list[Update]] = defaultdict(list)
        for row in await self._tx.execute(select(updates).where(updates.c.number.in_(numbers))):
            with suppress(*UNOPENED):
                found[row.number].append(update_of(row, self._tx.codec))
        return found
