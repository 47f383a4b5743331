"""Tickets and their history. A ticket's row is its newest version; `updates` is only ever appended to."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select, true, update

from bot.ports import Page, Query, Stale, Taken
from store.codec import Codec
from store.tables import tickets, updates
from store.transaction import Transaction
from tickets.model import Actor, Author, Event, Place, Point, Priority, Status, Ticket, Update
from tickets.workflow import OPEN


class Tickets:
    """Keeps `bot.ports.Cases` and `tickets.ports.Tickets`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def get(self, number: str) -> Ticket | None:
        row = (await self._tx.execute(select(tickets).where(tickets.c.number == number))).first()
        return ticket_of(row, self._tx.codec) if row else None

    async def of_reporter(self, reporter: int, limit: int) -> Sequence[Ticket]:
        query = select(tickets).where(tickets.c.reporter == reporter)
        return await self._tickets(query.order_by(tickets.c.filed_at.desc(), tickets.c.number).limit(limit))

    async def history(self, number: str) -> Sequence[Update]:
        rows = await self._tx.execute(select(updates).where(updates.c.number == number).order_by(updates.c.version))
        return [update_of(row, self._tx.codec) for row in rows]

    async def file(self, ticket: Ticket, update: Update) -> None:
        row = _ticket_row(ticket, self._tx.codec)
        insert = self._tx.insert(tickets).values(row).on_conflict_do_nothing(index_elements=[tickets.c.number])
        if await self._tx.changed(insert) == 0:
            raise Taken(f"There is a ticket {ticket.number} already")
        await self._append(update)

    async def change(self, ticket: Ticket, update: Update) -> None:
        if not await self._replace(ticket):
            raise Stale(f"Ticket {ticket.number} is not at version {ticket.version - 1} any more")
        await self._append(update)

    async def page(self, query: Query) -> Page:
        wanted = _wanted(query)
        total = (await self._tx.execute(select(func.count()).select_from(tickets).where(wanted))).scalar_one()
        ordered = select(tickets).where(wanted).order_by(tickets.c.rank, tickets.c.due_at, tickets.c.number)
        found = await self._tickets(ordered.offset(query.offset).limit(query.limit))
        return Page(tickets=tuple(found), total=total)

    async def count_by_status(self) -> Mapping[Status, int]:
        rows = await self._tx.execute(
            select(tickets.c.status, func.count().label("tickets")).group_by(tickets.c.status)
        )
        return {Status(row.status): row.tickets for row in rows}

    async def _tickets(self, query: Any) -> list[Ticket]:
        return [ticket_of(row, self._tx.codec) for row in await self._tx.execute(query)]

    async def _replace(self, ticket: Ticket) -> bool:
        before = (tickets.c.number == ticket.number) & (tickets.c.version == ticket.version - 1)
        return await self._tx.changed(update(tickets).where(before).values(_ticket_row(ticket, self._tx.codec))) == 1

    async def _append(self, update: Update) -> None:
        await self._tx.execute(updates.insert().values(_update_row(update, self._tx.codec)))


def _wanted(query: Query) -> ColumnElement[bool]:
    wanted: ColumnElement[bool] = true()
    if query.open is not None:
        wanted &= tickets.c.is_open == query.open
    if query.service is not None:
        wanted &= tickets.c.service == query.service
    if query.status is not None:
        wanted &= tickets.c.status == query.status
    if query.text:
        wanted &= tickets.c.number.contains(query.text.upper(), autoescape=True)
    return wanted


def _ticket_row(ticket: Ticket, codec: Codec) -> dict[str, Any]:
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


def ticket_of(row: Row[Any], codec: Codec) -> Ticket:
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


def _update_row(update: Update, codec: Codec) -> dict[str, Any]:
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
    }


def update_of(row: Row[Any], codec: Codec) -> Update:
    """A row of `updates` as a value."""
    return Update(
        number=row.number,
        version=row.version,
        at=row.at,
        actor=Actor(author=Author(row.author), name=row.actor),
        event=Event(row.event),
        old=Status(row.old) if row.old else None,
        new=Status(row.new) if row.new else None,
        note=codec.unpack(updates.c.note, row.note, str),
        public=row.public,
    )
