"""A citizen's data goes, their cases stay. What remains of them is a row without contact, which tickets name.

Messages that wait to be answered are no past: they become those of a new citizen with the same contact. What we last
say to who was erased, and what the staff was told in their words, stands in `fleeting`: it goes once it was delivered.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from secrets import token_bytes
from typing import Any

from sqlalchemy import Row, Select, delete, exists, insert, literal, or_, select, union, update

from bot.ports import Kind
from channels.message import Contact, Inbound
from store.citizens import Citizens
from store.clearing import Cleared
from store.codec import UNOPENED, Codec
from store.search import Search
from store.tables import (
    askings,
    citizens,
    closures,
    consents,
    dialogues,
    doomed,
    exports,
    fleeting,
    followers,
    inbox,
    lessons,
    outbox,
    paces,
    parked,
    photos,
    ratings,
    referrals,
    silenced,
    slots,
    thread_messages,
    thread_words,
    threads,
    tickets,
    untold,
    updates,
    windows,
)
from store.tickets import ticket_of, update_of, update_row
from store.traces import Traces
from store.transaction import Transaction
from tickets.model import Update

ERASED = "erased"  # the channel of who is nobody any more
NOBODY = Contact(channel=ERASED, address="")
_RECEIPTS_COME = timedelta(hours=1)  # and what they refuse may be sent once more
_MICRO = timedelta(microseconds=1)


class Erasure:
    """Keeps `bot.ports.Erasure`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def numbers(self, citizen: int) -> Sequence[str]:
        reported = select(tickets.c.number).where(tickets.c.reporter == citizen)
        written = select(updates.c.number).where(updates.c.citizen == citizen)
        return sorted((await self._tx.execute(union(reported, written))).scalars())

    async def unreadable(self, citizen: int) -> None:
        own = select(tickets.c.number).where(tickets.c.reporter == citizen)
        empty = {
            "place_words": self._sealed(tickets.c.place_words, ""),
            "description": self._sealed(tickets.c.description, ""),
            "answers": None,
        }
        for row in await self._unopened(select(tickets).where(tickets.c.reporter == citizen), ticket_of):
            await self._tx.execute(update(tickets).where(tickets.c.number == row.number).values(empty))
        silent = {"note": self._sealed(updates.c.note, ""), "changes": None}
        theirs = or_(updates.c.citizen == citizen, updates.c.number.in_(own))
        for row in await self._unopened(select(updates).where(theirs), update_of):
            meant = (updates.c.number == row.number) & (updates.c.version == row.version)
            await self._tx.execute(update(updates).where(meant).values(silent))

    async def rewrite(self, history: Sequence[Update]) -> None:
        for one in history:
            row = update_row(one, self._tx.codec)
            meant = (updates.c.number == one.number) & (updates.c.version == one.version)
            await self._tx.execute(update(updates).where(meant).values(note=row["note"], changes=row["changes"]))

    async def person(self, citizen: int, now: datetime) -> None:
        if row := await self._forgotten(citizen, now):
            self._tx.erased[_began(row, now)] |= marks_of(row, self._tx.codec)

    async def by_rule(self, citizen: int, now: datetime) -> None:
        """Nobody asked for it, so no restore does it again: in an old copy they are the rule's once more."""
        if row := await self._forgotten(citizen, now):
            self._tx.forgotten[_began(row, now)] |= marks_of(row, self._tx.codec)

    async def _forgotten(self, citizen: int, now: datetime) -> Row[Any] | None:
        """As they were; None: they are nobody already."""
        row = (await self._tx.execute(select(citizens).where(citizens.c.id == citizen))).first()
        if row is None or row.channel == ERASED:
            return None
        await self._keep_silent(row, now)
        await self._nobody(citizen)
        await self._messages(row, now)
        await self._cases(citizen, now)
        if address := self._tx.codec.readable(citizens.c.address, row.address, str):
            await Traces(self._tx).remove(address)
        for table in (dialogues, consents, followers, paces, exports, askings, untold):
            await self._tx.execute(delete(table).where(table.c.citizen == citizen))
        await Search(self._tx).renew(await self.numbers(citizen))
        await self._tx.execute(delete(slots).where(slots.c.name == f"{row.channel}/{citizen}"))
        return row

    async def fleeting(self, key: str, until: datetime) -> None:
        row = self._tx.insert(fleeting).values(key=key, until=until)
        await self._tx.execute(row.on_conflict_do_nothing(index_elements=[fleeting.c.key]))

    async def tidy(self, now: datetime) -> int:
        """Delete what is fleeting and done; how many."""
        due = select(fleeting.c.key).where(fleeting.c.until <= now)
        waits = exists().where(parked.c.id == outbox.c.id)
        done = outbox.c.key.in_(due) & outbox.c.done_at.is_not(None) & ~waits
        rows = (await self._tx.execute(select(outbox.c.id, outbox.c.lane).where(done))).all()
        if rows:
            await self._tx.execute(delete(outbox).where(outbox.c.id.in_([row.id for row in rows])))
            gone = select(citizens.c.id).where(
                citizens.c.id.in_([row.lane for row in rows]), citizens.c.channel == ERASED
            )
            await self._tx.execute(delete(windows).where(windows.c.citizen.in_(gone)))
        left = exists().where(outbox.c.key == fleeting.c.key)
        await self._tx.execute(delete(fleeting).where(fleeting.c.until <= now, ~left))
        return len(rows)

    async def _keep_silent(self, row: Row[Any], now: datetime) -> None:
        """STOP outlives them; what their provider told of them does not."""
        if row.opted_out and row.refused is None:
            kept = self._tx.insert(silenced).values(contact_hash=row.contact_hash, since=now)
            await self._tx.execute(kept.on_conflict_do_nothing(index_elements=[silenced.c.contact_hash]))

    async def _nobody(self, citizen: int) -> None:
        """Nothing is sent to nobody, and nobody is found by this hash."""
        nobody = {
            "channel": ERASED, "contact_hash": token_bytes(32), "address": self._sealed(citizens.c.address, ""),
            "language": None, "chosen": False, "opted_out": True, "refused": None, "welcomed": False, "thread": None,
            "consent": None,
        }  # fmt: skip
        await self._tx.execute(update(citizens).where(citizens.c.id == citizen).values(nobody))

    async def _messages(self, person: Row[Any], now: datetime) -> None:
        theirs = inbox.c.lane == person.id
        await self._go_on(person, now)
        blank = Inbound(sender=NOBODY, external_id="", received_at=now)
        emptied = {"inbound": self._sealed(inbox.c.inbound, blank), "aside_at": None, "reason": ""}
        await self._tx.execute(update(inbox).where(theirs).values(emptied))
        await self._tx.execute(delete(parked).where(parked.c.citizen == person.id))
        await self._tx.execute(delete(outbox).where(outbox.c.lane == person.id))
        theirs_open = select(threads.c.id).where(threads.c.citizen == person.id)
        for words in (thread_messages, thread_words):
            await self._tx.execute(delete(words).where(words.c.thread.in_(theirs_open)))
        await self._tx.execute(delete(threads).where(threads.c.citizen == person.id))

    async def _go_on(self, person: Row[Any], now: datetime) -> None:
        """What waits is handled as a newcomer's; whoever holds one of these rows has lost it."""
        waiting = (inbox.c.lane == person.id) & inbox.c.done_at.is_(None)
        if not (await self._tx.execute(select(inbox.c.id).where(waiting).limit(1))).all():
            return
        address = self._tx.codec.readable(citizens.c.address, person.address, str)
        if address is None:
            return
        contact = Contact(channel=person.channel, address=address)
        lane = (await Citizens(self._tx).lanes([contact]))[contact]
        moved = {"lane": lane, "owner": None, "token": None, "due": now}
        await self._tx.execute(update(inbox).where(waiting).values(moved))
        # A restore tells them by this from who was erased: also where the clock stood still meanwhile.
        began = _began(person, now)
        young = (citizens.c.id == lane) & (citizens.c.since <= began)
        await self._tx.execute(update(citizens).where(young).values(since=began + _MICRO))
        heard = select(literal(lane, citizens.c.id.type), windows.c.heard_at, windows.c.until).where(
            windows.c.citizen == person.id
        )
        await self._tx.execute(insert(windows).from_select(["citizen", "heard_at", "until"], heard))
        self._tx.filled.add(inbox.name)

    async def _cases(self, citizen: int, now: datetime) -> None:
        """What hangs on tickets. Their own rows, and the history, are rewritten by who knows what words are."""
        own = select(tickets.c.number).where(tickets.c.reporter == citizen)
        await self._tx.execute(delete(lessons).where(lessons.c.number.in_(own)))
        await self._tx.execute(update(ratings).where(ratings.c.citizen == citizen).values(word=None))
        await self._tx.execute(update(closures).where(closures.c.citizen == citizen).values(due=None))
        blank = {"note": self._sealed(referrals.c.note, "")}  # told to a body beyond the city in a clerk's words
        await self._tx.execute(update(referrals).where(referrals.c.number.in_(own)).values(blank))
        await self._files(own, citizen)
        alerts = select(outbox.c.key).where(outbox.c.number.in_(own), outbox.c.kind == Kind.ALERT)
        for key in (await self._tx.execute(alerts)).scalars().all():  # of places in the reporter's words
            await self.fleeting(key, now + _RECEIPTS_COME)

    async def _files(self, own: Select[Any], citizen: int) -> None:
        sent = or_(photos.c.citizen == citizen, photos.c.number.in_(own) & photos.c.citizen.is_(None))
        await Cleared(self._tx).forget(own, select(photos.c.name).where(sent, photos.c.name.is_not(None)))
        gone = await self._tx.execute(delete(photos).where(sent).returning(photos.c.name))
        names = [{"name": name} for name in gone.scalars() if name]
        if names:
            await self._tx.execute(insert(doomed), names)

    async def _unopened(self, wanted: Select[Any], value: Callable[[Any, Codec], object]) -> Sequence[Row[Any]]:
        found = []
        for row in await self._tx.execute(wanted):
            try:
                value(row, self._tx.codec)
            except UNOPENED:
                found.append(row)
        return found

    def _sealed(self, column: Any, value: object) -> bytes:
        return self._tx.codec.pack(column, value)


def marks_of(person: Row[Any], codec: Codec) -> set[bytes]:
    """By which this row is found, or would be by another of our keys: `erasures.log` has those of the erasure's day."""
    address = codec.readable(citizens.c.address, person.address, str)
    others = codec.seal.lookups("contact", person.channel, address) if address is not None else ()
    return {person.contact_hash, *others}


def _began(person: Row[Any], now: datetime) -> datetime:
    """When, as it is noted; never before they came, whosever clock said when that was."""
    since: datetime = person.since
    return max(now, since)
