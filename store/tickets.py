"""Tickets and their history. A ticket's row is its newest version; `updates` is only ever appended to."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Integer, bindparam, select, update

from bot.ports import Page, Query, Stale, Taken
from store import desk
from store.codec import Codec
from store.statement import Statement, many
from store.tables import tickets, updates
from store.tallies import Tallies
from store.transaction import Transaction
from tickets.model import Actor, Author, Event, Place, Point, Priority, Status, Ticket, Update
from tickets.workflow import OPEN

_GET = Statement(lambda _insert: select(tickets).where(tickets.c.number == bindparam("number_")))
_OF_REPORTER = Statement(
    lambda _insert: (
        select(tickets)
        .where(tickets.c.reporter == bindparam("reporter_"))
        .order_by(tickets.c.filed_at.desc(), tickets.c.number)
        .limit(bindparam("limit_", type_=Integer()))
    )
)
_FILE = many(
    tuple(tickets.c.keys()),
    lambda insert: insert.on_conflict_do_nothing(index_elements=[tickets.c.number]).returning(tickets.c.number),
    tickets,
)
_APPEND = many(tuple(updates.c.keys()), lambda insert: insert, updates)


class Tickets:
    """Keeps `bot.ports.Cases` and `tickets.ports.Tickets`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def get(self, number: str) -> Ticket | None:
        rows = await self._tx.run(_GET, {"number_": number})
        return ticket_of(rows[0], self._tx.codec) if rows else None

    async def of_reporter(self, reporter: int, limit: int) -> Sequence[Ticket]:
        rows = await self._tx.run(_OF_REPORTER, {"reporter_": reporter, "limit_": limit})
        return [ticket_of(row, self._tx.codec) for row in rows]

    async def history(self, number: str) -> Sequence[Update]:
        rows = await self._tx.execute(select(updates).where(updates.c.number == number).order_by(updates.c.version))
        return [update_of(row, self._tx.codec) for row in rows]

    async def file(self, ticket: Ticket, update: Update) -> None:
        if not await self._tx.put(_FILE, [ticket_row(ticket, self._tx.codec)]):
            raise Taken(f"There is a ticket {ticket.number} already")
        await self._append(update)

    async def change(self, ticket: Ticket, update: Update) -> None:
        if not await self._replace(ticket):
            raise Stale(f"Ticket {ticket.number} is not at version {ticket.version - 1} any more")
        await self._append(update)

    async def page(self, query: Query) -> Page[Ticket]:
        listed = desk.statuses(query)
        found = await self._tickets(desk.page(query, self._tx.dialect.name)) if listed else []
        return Page(rows=tuple(found), total=await self._total(query, listed))

    async def count_by_status(self) -> Mapping[Status, int]:
        return await Tallies(self._tx).by_status()

    async def _total(self, query: Query, listed: Sequence[Status]) -> int:
        if query.text:
            return int((await self._tx.execute(desk.matching(query))).scalar_one())
        return await Tallies(self._tx).total(listed, query.service)

    async def _tickets(self, query: Any) -> list[Ticket]:
        return [ticket_of(row, self._tx.codec) for row in await self._tx.execute(query)]

    async def _replace(self, ticket: Ticket) -> bool:
        before = (tickets.c.number == ticket.number) & (tickets.c.version == ticket.version - 1)
        return await self._tx.changed(update(tickets).where(before).values(ticket_row(ticket, self._tx.codec))) == 1

    async def _append(self, update: Update) -> None:
        await self._tx.put(_APPEND, [update_row(update, self._tx.codec)])


def ticket_row(ticket: Ticket, codec: Codec) -> dict[str, Any]:
    """A ticket as a row of `tickets`."""
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
        "due_at": ticket.due_at,
        "closed_at": ticket.closed_at,
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
        "old": update.old or update.old_service,
        "new": update.new or update.new_service,
        "note": codec.pack(updates.c.note, update.note),
        "public": update.public,
    }


def update_of(row: Any, codec: Codec) -> Update:
    """A row of `updates` as a value."""
    corrected = row.event == Event.CORRECTED  # then `old` and `new` are services
    return Update(
        number=row.number,
        version=row.version,
        at=row.at,
        actor=Actor(author=Author(row.author), name=row.actor),
        event=Event(row.event),
        old=Status(row.old) if row.old and not corrected else None,
        new=Status(row.new) if row.new and not corrected else None,
        old_service=row.old if corrected else None,
        new_service=row.new if corrected else None,
        note=codec.unpack(updates.c.note, row.note, str),
        public=row.public,
    )
