"""Tickets and their history. A ticket's row is its newest version; `updates` is only ever appended to."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, func, select, update

from bot.ports import Counts, Page, Query, Stale, Taken
from store import near, words
from store.codec import UNOPENED, Codec
from store.desk import Desk
from store.hooked import Hooked
from store.statement import Statement, many
from store.tables import IS_RUNNING, followers, tickets, updates
from store.tallies import Tallies
from store.tombstones import Tombstones
from store.transaction import Transaction
from store.wake import NEWS
from store.words import Words
from tickets.duplicates import nearest
from tickets.model import Actor, Author, Change, Event, Field, Place, Point, Priority, Status, Ticket, Update
from tickets.retention import Tombstone
from tickets.workflow import CLOSED, OPEN

_GET = Statement(lambda _insert: select(tickets).where(tickets.c.number == bindparam("number_")))
_OF_REPORTER = Statement(
    lambda _insert: (
        select(tickets)
        .where(tickets.c.reporter == bindparam("reporter_"))
        .order_by(tickets.c.filed_at.desc(), tickets.c.number)
        .limit(bindparam("limit_", type_=Integer()))
    )
)
_FOLLOWS = Statement(
    lambda _insert: select(followers.c.citizen).where(
        followers.c.number == bindparam("number_"), followers.c.citizen == bindparam("citizen_")
    )
)
_FOLLOWED_BY = Statement(
    lambda _insert: (
        select(tickets)
        .join(followers, followers.c.number == tickets.c.number)
        .where(followers.c.citizen == bindparam("citizen_"))
        .order_by(followers.c.since.desc(), followers.c.number)
        .limit(bindparam("limit_", type_=Integer()))
    )
)
_LAST_NEWS = Statement(
    lambda _insert: (
        select(updates)
        .where(updates.c.number == bindparam("number_"), updates.c.public.is_(True))
        .order_by(updates.c.version.desc())
        .limit(1)
    )
)
_HISTORY = Statement(
    lambda _insert: select(updates).where(updates.c.number == bindparam("number_")).order_by(updates.c.version)
)
_REPORTED = Statement(
    lambda _insert: (
        select(func.count().label("tickets")).select_from(tickets).where(tickets.c.reporter == bindparam("reporter_"))
    )
)
_FILE = many(
    tuple(tickets.c.keys()),
    lambda insert: insert.on_conflict_do_nothing(index_elements=[tickets.c.number]).returning(tickets.c.number),
    tickets,
)
_AT_ONCE = 1000  # tickets: PostgreSQL takes no more than 32,767 values
_PAGE = 50  # more of them
_Answers, _Changes = tuple[tuple[str, str], ...], tuple[Change, ...]
_APPEND = many(tuple(updates.c.keys()), lambda insert: insert, updates)


class Tickets:
    """Keeps `bot.ports.Cases` and `tickets.ports.Tickets`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def get(self, number: str) -> Ticket | None:
        rows = await self._tx.run(_GET, {"number_": number})
        return next(iter(self._opened(rows)), None)

    async def of_reporter(self, reporter: int, limit: int) -> Sequence[Ticket]:
        return self._opened(await self._tx.run(_OF_REPORTER, {"reporter_": reporter, "limit_": limit}))

    async def followed_by(self, citizen: int, limit: int) -> Sequence[Ticket]:
        return self._opened(await self._tx.run(_FOLLOWED_BY, {"citizen_": citizen, "limit_": limit}))

    async def follows(self, number: str, citizen: int) -> bool:
        return bool(await self._tx.run(_FOLLOWS, {"number_": number, "citizen_": citizen}))

    async def near(self, place: Place, service: str, metres: float, since: datetime, limit: int) -> Sequence[Ticket]:
        rows = await near.candidates(self._tx, place, service, metres, since)
        return nearest(place, self._opened(rows), metres, limit)

    async def past(self, place: Place, service: str, metres: float, since: datetime, limit: int) -> Sequence[Ticket]:
        rows = await near.closed(self._tx, place, service, metres, since)
        return nearest(place, self._opened(rows), metres, limit)

    async def reported(self, reporter: int) -> int:
        (row,) = await self._tx.run(_REPORTED, {"reporter_": reporter})
        return int(row.tickets)

    async def overdue(self, now: datetime, limit: int) -> Sequence[Ticket]:
        """Walks the index of what is due no further than it must, however many are late after a long stop."""
        when, number = tickets.c.due_at, tickets.c.number
        missed = select(tickets).where(IS_RUNNING, when < now).order_by(when, number)
        found: list[Ticket] = []
        page, size = missed, limit
        while len(found) < limit:
            rows = (await self._tx.execute(page.limit(size))).all()
            found += self._opened(rows)
            if len(rows) < size:
                break
            # some could not be opened: those behind them must not wait for it
            last, size = rows[-1], _PAGE
            page = missed.where(when >= last.due_at, (when > last.due_at) | (number > last.number))
        return found[:limit]

    async def last_news(self, number: str) -> Update | None:
        rows = await self._tx.run(_LAST_NEWS, {"number_": number})
        return update_of(rows[0], self._tx.codec) if rows else None

    async def history(self, number: str) -> Sequence[Update]:
        rows = await self._tx.run(_HISTORY, {"number_": number})
        found = []
        for row in rows:
            with suppress(*UNOPENED):
                found.append(update_of(row, self._tx.codec))
        return found

    async def buried(self, number: str) -> Tombstone | None:
        return await Tombstones(self._tx).get(number)

    async def file(self, ticket: Ticket, update: Update) -> None:
        if await self.buried(ticket.number):
            raise Taken(f"There was a ticket {ticket.number} once")
        if not await self._tx.put(_FILE, [ticket_row(ticket, self._tx.codec, update.at)]):
            raise Taken(f"There is a ticket {ticket.number} already")
        await self._append(update)
        await Hooked(self._tx).note(ticket, update)
        await Words(self._tx).of_ticket(ticket, [update])

    async def change(self, ticket: Ticket, update: Update) -> None:
        if not await self._replace(ticket, update.at):
            raise Stale(f"Ticket {ticket.number} is not at version {ticket.version - 1} any more")
        await self._append(update)
        await Hooked(self._tx).note(ticket, update)
        await self._find(ticket, update)

    async def lock(self, numbers: Collection[str]) -> None:
        wanted = sorted(numbers)
        for first in range(0, len(wanted), _AT_ONCE):
            some = tickets.c.number.in_(wanted[first : first + _AT_ONCE])
            locked = select(tickets.c.number).where(some).order_by(tickets.c.number)
            await self._tx.execute(locked.with_for_update(key_share=True))

    async def page(self, query: Query) -> Page[Ticket]:
        return await self._queue.page(query)

    async def counts(self, query: Query) -> Counts:
        return await self._queue.counts(query)

    async def count(self, query: Query) -> int | None:
        return await self._queue.count(query)

    async def board(self, query: Query) -> tuple[Page[Ticket], Counts]:
        return await self._queue.board(query)

    async def count_by_status(self) -> Mapping[Status, int]:
        return await Tallies(self._tx).by_status()

    @property
    def _queue(self) -> Desk:
        return Desk(self._tx, self._opened)

    def _opened(self, rows: Iterable[Any]) -> list[Ticket]:
        """Without those that are sealed with a key that is lost: the others can be worked on."""
        found = []
        for row in rows:
            with suppress(*UNOPENED):
                found.append(ticket_of(row, self._tx.codec))
        return found

    async def _replace(self, ticket: Ticket, at: datetime) -> bool:
        before = (tickets.c.number == ticket.number) & (tickets.c.version == ticket.version - 1)
        row = ticket_row(ticket, self._tx.codec, at)
        return await self._tx.changed(update(tickets).where(before).values(row)) == 1

    async def _find(self, ticket: Ticket, update: Update) -> None:
        """By what it is found after this update."""
        if words.tells(update):
            await Words(self._tx).of_ticket(ticket, await self.history(ticket.number))
        elif update.old in CLOSED or update.new in CLOSED:
            await Words(self._tx).closed(ticket.number, ticket.closed_at)

    async def _append(self, update: Update) -> None:
        self._tx.filled.add(NEWS + update.number)
        await self._tx.put(_APPEND, [update_row(update, self._tx.codec)])


def ticket_row(ticket: Ticket, codec: Codec, changed_at: datetime) -> dict[str, Any]:
    """A ticket as a row of `tickets`; `changed_at` is the time of its newest update."""
    point = ticket.place.point
    return {
        "number": ticket.number,
        "version": ticket.version,
        "service": ticket.service,
        "department": ticket.department,
        "status": ticket.status,
        "is_open": ticket.status in OPEN,
        "priority": ticket.priority,
        "rank": 0 if ticket.priority is Priority.EMERGENCY else 1,
        "place_words": codec.pack(tickets.c.place_words, ticket.place.words),
        "latitude": point.latitude if point else None,
        "longitude": point.longitude if point else None,
        "street": ticket.place.street,
        "area": ticket.place.area,
        "description": codec.pack(tickets.c.description, ticket.description),
        "reporter": ticket.reporter,
        "channel": ticket.channel,
        "language": ticket.language,
        "confidence": ticket.confidence,
        "filed_at": ticket.filed_at,
        "changed_at": changed_at,
        "due_at": ticket.due_at,
        "closed_at": ticket.closed_at,
        "answers": codec.pack(tickets.c.answers, ticket.answers) if ticket.answers else None,
        "followers": ticket.followers,
        "reopened": ticket.reopened,
        "postponed": ticket.postponed,
        "first_due_at": ticket.first_due_at,
        "waiting_since": ticket.waiting_since,
        "answered_at": ticket.answered_at,
        "assignee": ticket.assignee,
        "outside": ticket.outside,
        "merged_into": ticket.merged_into,
        "route": ticket.route,
    }


def ticket_of(row: Any, codec: Codec) -> Ticket:
    """A row of `tickets` as a value."""
    point = None if row.latitude is None else Point(latitude=row.latitude, longitude=row.longitude)
    words = codec.unpack(tickets.c.place_words, row.place_words, str)
    return Ticket(
        number=row.number,
        version=row.version,
        service=row.service,
        department=row.department,
        status=Status(row.status),
        priority=Priority(row.priority),
        place=Place(words=words, point=point, street=row.street, area=row.area),
        description=codec.unpack(tickets.c.description, row.description, str),
        reporter=row.reporter,
        channel=row.channel,
        language=row.language,
        confidence=row.confidence,
        filed_at=row.filed_at,
        due_at=row.due_at,
        closed_at=row.closed_at,
        answers=codec.unpack(tickets.c.answers, row.answers, _Answers) if row.answers else (),
        followers=row.followers,
        reopened=row.reopened,
        postponed=row.postponed,
        first_due_at=row.first_due_at,
        waiting_since=row.waiting_since,
        answered_at=row.answered_at,
        assignee=row.assignee,
        outside=row.outside,
        merged_into=row.merged_into,
        route=row.route,
    )


def update_row(update: Update, codec: Codec) -> dict[str, Any]:
    """An update as a row of `updates`."""
    return {
        "number": update.number,
        "version": update.version,
        "at": update.at,
        "author": update.actor.author,
        "actor": update.actor.name,
        "event": update.event,
        "old": update.old,
        "new": update.new,
        "note": codec.pack(updates.c.note, update.note),
        "public": update.public,
        "changes": codec.pack(updates.c.changes, update.changes) if update.changes else None,
        "citizen": update.citizen,
    }


def update_of(row: Any, codec: Codec) -> Update:
    """A row of `updates` as a value."""
    corrected = row.event == Event.CORRECTED  # where `old` and `new` are services, if it is older than `changes`
    return Update(
        number=row.number,
        version=row.version,
        at=row.at,
        actor=Actor(author=Author(row.author), name=row.actor),
        event=Event(row.event),
        old=Status(row.old) if row.old and not corrected else None,
        new=Status(row.new) if row.new and not corrected else None,
        changes=_changes(row, codec),
        note=codec.unpack(updates.c.note, row.note, str),
        public=row.public,
        citizen=row.citizen,
    )


def _changes(row: Any, codec: Codec) -> tuple[Change, ...]:
    if row.changes:
        return codec.unpack(updates.c.changes, row.changes, _Changes)
    if row.event == Event.CORRECTED and row.new:
        return (Change(field=Field.SERVICE, old=row.old, new=row.new),)
    return ()
