"""What rules of retention do to many reports at once: without words, photos or people, or gone.

What asks for a place in a key twice, once its citizens are one and the same nobody, is told apart by microseconds, so
that figures count as many as before.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Table, delete, exists, insert, or_, select, union, update

from channels.message import Contact
from store.citizens import Citizens
from store.codec import UNOPENED
from store.erasure import ERASED, Erasure
from store.search import Search
from store.tables import (
    citizens,
    cleared,
    cleared_photos,
    closures,
    dialogues,
    doomed,
    exports,
    followers,
    hook_events,
    inbox,
    lessons,
    metadata,
    outbox,
    parked,
    photos,
    postings,
    ratings,
    referrals,
    threads,
    tickets,
    untold,
    updates,
    windows,
)
from store.tickets import update_of, update_row
from store.transaction import Transaction
from tickets.erasing import wordless
from tickets.retention import Duty

NOBODY: Final = Contact(channel=ERASED, address="rule")  # in whose place all come who are anonymised
_WORDLESS: Final = "changes"
_MICRO: Final = timedelta(microseconds=1)


class Trimming:
    """Of these reports, which are locked. `before`: when they had been closed at the latest; who wrote to us since then
    is not forgotten, whatever is left of their reports."""

    def __init__(self, tx: Transaction, numbers: Sequence[str], now: datetime, before: datetime) -> None:
        self._tx, self._numbers, self._now, self._before = tx, numbers, now, before

    async def do(self, duty: Duty) -> None:
        match duty:
            case Duty.REDACT_TEXT:
                await self._without_words()
            case Duty.DELETE_MEDIA:
                await self._without_media()
            case Duty.ANONYMISE_REPORTER:
                await self._without_people()
            case Duty.DELETE_CASE:
                await self._gone()

    async def _without_words(self) -> None:
        empty = {"place_words": self._blank(tickets.c.place_words), "description": self._blank(tickets.c.description)}
        await self._set(tickets, **empty, answers=None)
        await self._silent()
        await self._set(ratings, word=None)
        await self._set(referrals, note=self._blank(referrals.c.note))
        blank = {"words": self._blank(cleared.c.words), "news": self._blank(cleared.c.news), "news_version": None}
        await self._set(cleared, **blank)
        await self._delete(lessons)
        await self._sent()
        await Search(self._tx).renew(self._numbers)

    async def _silent(self) -> None:
        """Their histories: that something happened, not what was said."""
        changed = select(updates).where(updates.c.number.in_(self._numbers), updates.c.changes.is_not(None))
        for row in (await self._tx.execute(changed)).all():
            meant = (updates.c.number == row.number) & (updates.c.version == row.version)
            try:
                kept = update_row(wordless(update_of(row, self._tx.codec)), self._tx.codec)[_WORDLESS]
            except UNOPENED:
                kept = None
            await self._tx.execute(update(updates).where(meant).values(changes=kept))
        await self._set(updates, note=self._blank(updates.c.note))

    async def _sent(self) -> None:
        """What was sent of them, which tells in words what it was about."""
        waits = exists().where(parked.c.id == outbox.c.id)
        told = outbox.c.number.in_(self._numbers) & outbox.c.done_at.is_not(None) & ~waits
        await self._tx.execute(delete(outbox).where(told))

    async def _without_media(self) -> None:
        await self._delete(cleared_photos)
        gone = await self._tx.execute(delete(photos).where(self._of(photos)).returning(photos.c.name))
        if names := [{"name": name} for name in gone.scalars() if name]:
            await self._tx.execute(insert(doomed), names)

    async def _without_people(self) -> None:
        persons = await self._persons()
        nobody = await self._nobody()
        await self._set(tickets, reporter=nobody)
        await self._delete(followers)
        await self._delete(untold)
        await self._one_nobody(ratings, "at", nobody, {"word": None})
        await self._one_nobody(closures, "resolved_at", nobody, {"due": None})
        for table in (updates, photos):
            await self._set(table, citizen=None)
        await self._sent()
        await self._forget(persons)

    async def _gone(self) -> None:
        """Whatever names a report, also what comes later: every table that refers to tickets."""
        persons = await self._persons()
        await self._without_media()
        await self._sent()
        for table in (hook_events, postings):
            await self._delete(table)
        for table in reversed(metadata.sorted_tables):
            for column in table.c:
                if any(key.column is tickets.c.number for key in column.foreign_keys):
                    await self._tx.execute(delete(table).where(column.in_(self._numbers)))
        await self._delete(tickets)
        await self._forget(persons)

    async def _persons(self) -> Sequence[int]:
        """Who has to do with these."""
        columns = (tickets.c.reporter, *(table.c.citizen for table in (followers, ratings, closures, updates, photos)))
        found = union(*(select(one).where(self._of(one.table), one.is_not(None)) for one in columns))
        return sorted((await self._tx.execute(found)).scalars())

    async def _nobody(self) -> int:
        found = Citizens(self._tx)
        lane = (await found.lanes([NOBODY]))[NOBODY]
        await self._tx.execute(update(citizens).where(citizens.c.id == lane).values(opted_out=True))
        return lane

    async def _one_nobody(self, table: Table, when: str, nobody: int, values: dict[str, Any]) -> None:
        """All citizens of these rows become one."""
        rows = (await self._tx.execute(select(table).where(self._of(table)))).all()
        taken: set[tuple[str, datetime]] = set()
        fresh = []
        for row in rows:
            at = row._mapping[when]
            while (row.number, at) in taken:
                at += _MICRO
            taken.add((row.number, at))
            fresh.append({**row._mapping, **values, when: at, "citizen": nobody})
        await self._delete(table)
        if fresh:
            await self._tx.execute(insert(table), fresh)

    async def _forget(self, persons: Sequence[int]) -> None:
        """The contacts of those of whom nothing else is left: they are nobody from now on, as after an erasure. Their
        reports keep what the rule leaves, also in a copy that is put back."""
        kept = [
            exists().where(column == citizens.c.id)
            for column in (
                tickets.c.reporter, followers.c.citizen, ratings.c.citizen, closures.c.citizen, updates.c.citizen,
                photos.c.citizen, threads.c.citizen, dialogues.c.citizen, exports.c.citizen, untold.c.citizen,
                inbox.c.lane,
            )
        ]  # fmt: skip
        kept.append(exists().where(outbox.c.lane == citizens.c.id, outbox.c.done_at.is_(None)))
        kept.append(exists().where(windows.c.citizen == citizens.c.id, windows.c.heard_at >= self._before))
        left = select(citizens.c.id).where(citizens.c.id.in_(persons), citizens.c.channel != ERASED, ~or_(*kept))
        for one in (await self._tx.execute(left.order_by(citizens.c.id).with_for_update(key_share=True))).scalars():
            await Erasure(self._tx).by_rule(one, self._now)

    async def _set(self, table: Table, **values: Any) -> None:
        await self._tx.execute(update(table).where(self._of(table)).values(values))

    async def _delete(self, table: Table) -> None:
        await self._tx.execute(delete(table).where(self._of(table)))

    def _of(self, table: Any) -> Any:
        return table.c.number.in_(self._numbers)

    def _blank(self, column: Any) -> bytes:
        return self._tx.codec.pack(column, "")
