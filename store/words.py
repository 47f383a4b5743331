"""Which words a ticket and a conversation are found by, and how their hashes are written.

Of a ticket: what its citizens wrote (description, place, answers, comments and corrections, whoever made these), the
words of its street, its service and its area by their codes, the number that it had in the system from which it came,
and each three characters in a row of its own. All of them stand as hashes in one row beside the ticket, in the
transaction that wrote them.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import select, update

from handlers.phrases.stems import stems
from store.seal import Seal
from store.statement import many
from store.tables import thread_words, ticket_words
from store.transaction import Transaction
from tickets.model import Author, Field, Ticket, Update

SAID, SERVICE, AREA, PART = "word", "service", "area", "part"  # kinds of what is hashed: none is taken for another
_WORDS = frozenset({Field.PLACE, Field.DESCRIPTION, Field.ANSWER, Field.FORMER})
_TOLD = _WORDS | {Field.SERVICE}
_RUN = 3  # characters of a number
_KEEP = many(
    ("number", "closed_at", "words"),
    lambda insert: insert.on_conflict_do_update(
        index_elements=[ticket_words.c.number],
        set_={"closed_at": insert.excluded.closed_at, "words": insert.excluded.words},
    ),
    ticket_words,
)


def tells(change: Update) -> bool:
    """Whether the ticket is found by something else after this."""
    return bool(_said(change)) or any(one.field in _TOLD for one in change.changes)


def hashes(ticket: Ticket, history: Sequence[Update], seal: Seal) -> frozenset[int]:
    """Of all words of a ticket."""
    texts = [ticket.description, ticket.place.words, *(text for _, text in ticket.answers)]
    texts += [text for one in history for text in _texts(one)]
    found = named(ticket.number, ticket.service, ticket.place.area, ticket.place.street, texts)
    return frozenset(seal.finder(kind, word) for kind, word in found)


def named(
    number: str, service: str, area: str | None, street: str | None, texts: Iterable[str]
) -> set[tuple[str, str]]:
    """All of that, by kind and word, before it is hashed."""
    found = {(SAID, stem) for text in (*texts, street or "") if text for stem in stems(text)}
    found |= {(PART, run) for run in runs(number)} | {(SERVICE, service)}
    return found | {(AREA, area)} if area else found


def runs(number: str) -> Iterator[str]:
    """Each three characters in a row, of a number or a part of it, the hyphen left out."""
    plain = number.replace("-", "")
    return (plain[n : n + _RUN] for n in range(len(plain) - _RUN + 1))


class Words:
    """Writes them, joined to the transaction of whoever writes the words."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def of_ticket(self, ticket: Ticket, history: Sequence[Update]) -> None:
        """In place of what stood there."""
        await self.of_tickets([(ticket, history)])

    async def of_tickets(self, some: Iterable[tuple[Ticket, Sequence[Update]]]) -> None:
        """The same of many, each once."""
        seal = self._tx.codec.seal
        rows = [
            {"number": one.number, "closed_at": one.closed_at, "words": hashes(one, history, seal)}
            for one, history in some
        ]
        await self._tx.put(_KEEP, rows)

    async def closed(self, number: str, at: datetime | None) -> None:
        """The ticket is closed since, or open."""
        same = ticket_words.c.number == number
        await self._tx.execute(update(ticket_words).where(same).values(closed_at=at))

    async def of_thread(self, thread: int, texts: Iterable[str], *, anew: bool = False) -> None:
        """More of them, or instead of those that stood there. The thread is locked by the caller."""
        there = select(thread_words.c.words).where(thread_words.c.thread == thread)
        before: Collection[int] = () if anew else (await self._tx.execute(there)).scalar_one_or_none() or ()
        seal = self._tx.codec.seal
        found = {seal.finder(SAID, stem) for text in texts for stem in stems(text)}
        if not found - set(before) and not anew:
            return
        insert = self._tx.insert(thread_words).values(thread=thread, words=found | set(before))
        same = [thread_words.c.thread]
        await self._tx.execute(insert.on_conflict_do_update(index_elements=same, set_={"words": insert.excluded.words}))


def _texts(one: Update) -> Iterator[str]:
    yield _said(one)
    for change in one.changes:
        if change.field in _WORDS:
            yield from (change.old, change.new)


def _said(one: Update) -> str:
    """What a citizen wrote in it; clerks' notes are not searched."""
    return one.note if one.actor.author is Author.CITIZEN else ""
