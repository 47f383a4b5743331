"""All that is kept of one citizen, as JSON would have it: for themselves, and so without anybody else in it.

Clerks' notes about a report are part of it, clerks' names are not; nor is what neighbours wrote into the same report.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

from sqlalchemy import Row, Select, select

from channels.message import Inbound, Outbound
from handlers.turn import Dialogue
from store.citizens import citizen_of
from store.codec import UNOPENED, Codec, Value
from store.tables import (
    askings,
    citizens,
    closures,
    consents,
    dialogues,
    followers,
    inbox,
    lessons,
    outbox,
    photos,
    ratings,
    threads,
    tickets,
    untold,
    updates,
)
from store.threads import Threads
from store.tickets import ticket_of, update_of
from store.transaction import Transaction
from tickets.model import Author, Change, Point, Ticket, Update

Shown = dict[str, object]


class Dossier:
    """Of one citizen, in a transaction that only reads."""

    def __init__(self, tx: Transaction, citizen: int) -> None:
        self._tx, self._id = tx, citizen

    async def whole(self) -> Mapping[str, object]:
        """Empty where there is no such citizen, or no key of ours opens who they are."""
        person = (await self._rows(select(citizens).where(citizens.c.id == self._id)))[:1]
        if not person:
            return {}
        return self._person(person[0]) | {
            "privacy_notices": [
                {"version": row.version, "told_at": row.at} for row in await self._of(consents, consents.c.at)
            ],
            "open_question": await self._dialogue(),
            "messages_from_you": await self._inbound(),
            "messages_to_you": await self._outbound(),
            "reports": await self._reports(),
            "followed_reports": await self._followed(),
            "your_words_in_others_reports": await self._elsewhere(),
            "ratings": await self._ratings(),
            "asked_whether_fixed": [
                {"report": row.number, "asked_at": row.asked_at, "answer": row.answer}
                for row in await self._of(closures, closures.c.resolved_at)
            ],
            "asked_whether_to_be_told": [
                {"asked_at": row.at, "answer": row.said} for row in await self._of(askings, askings.c.at)
            ],
            "reports_sent_with_your_number": [row.number for row in await self._of(untold, untold.c.number)],
            "conversations_with_a_person": await self._threads(),
        }

    async def _rows(self, query: Select[Any]) -> list[Row[Any]]:
        return list(await self._tx.execute(query))

    def _opened(self, rows: Iterable[Row[Any]], value: Callable[[Any, Codec], Value]) -> list[Value]:
        """Without those that no key of ours opens: the others can be told."""
        found = []
        for row in rows:
            with suppress(*UNOPENED):
                found.append(value(row, self._tx.codec))
        return found

    async def _of(self, table: Any, order: Any) -> list[Row[Any]]:
        return await self._rows(select(table).where(table.c.citizen == self._id).order_by(order))

    def _person(self, row: Row[Any]) -> Shown:
        citizen = citizen_of(row, self._tx.codec)
        return {
            "channel": citizen.contact.channel,
            "contact": citizen.contact.address,
            "since": row.since,
            "language": citizen.language,
            "language_chosen_by_you": citizen.chosen,
            "stopped": citizen.opted_out,
            "refused_by_provider": citizen.refused,
        }

    async def _dialogue(self) -> Shown | None:
        rows = await self._of(dialogues, dialogues.c.changed_at)
        open_ = self._tx.codec.readable(dialogues.c.dialogue, rows[0].dialogue, Dialogue) if rows else None
        if open_ is None:
            return None
        drafts = [draft for draft in (open_.draft, *open_.waiting) if draft.service or draft.description or draft.place]
        return {
            "asked": open_.asked,
            "since": open_.since,
            "about_report": open_.about,
            "drafts": [
                {
                    "service": draft.service,
                    "description": draft.description,
                    "details": draft.details,
                    "place": draft.place.words if draft.place else None,
                    "answers": dict(draft.answers),
                    "files": len(draft.media),
                }
                for draft in drafts
            ],
        }

    async def _inbound(self) -> list[Shown]:
        rows = await self._rows(select(inbox).where(inbox.c.lane == self._id).order_by(inbox.c.id))
        found = ((row, self._tx.codec.readable(inbox.c.inbound, row.inbound, Inbound)) for row in rows)
        return [
            {
                "at": said.received_at,
                "kind": said.kind,
                "text": said.text,
                "button": said.choice.partition(":")[2] if said.choice else None,
                "point": _point(said.point),
                "files": len(said.media),
                "read_by_a_clerk": row.aside_at is not None,
            }
            for row, said in found
            if said
        ]

    async def _outbound(self) -> list[Shown]:
        rows = await self._rows(select(outbox).where(outbox.c.lane == self._id).order_by(outbox.c.id))
        found = ((row, self._tx.codec.readable(outbox.c.outbound, row.outbound, Outbound)) for row in rows)
        return [{"at": row.queued_at, "text": sent.text, "delivery": row.delivery} for row, sent in found if sent]

    async def _reports(self) -> list[Shown]:
        theirs = select(tickets).where(tickets.c.reporter == self._id).order_by(tickets.c.filed_at, tickets.c.number)
        return [await self._report(ticket) for ticket in self._opened(await self._rows(theirs), ticket_of)]

    async def _report(self, ticket: Ticket) -> Shown:
        history = select(updates).where(updates.c.number == ticket.number).order_by(updates.c.version)
        files = select(photos).where(photos.c.number == ticket.number).order_by(photos.c.id)
        learnt = select(lessons).where(lessons.c.number == ticket.number)
        return {
            "number": ticket.number,
            "service": ticket.service,
            "status": ticket.status,
            "filed_at": ticket.filed_at,
            "promised_for": ticket.due_at,
            "closed_at": ticket.closed_at,
            "place": {
                "words": ticket.place.words,
                "street": ticket.place.street,
                "area": ticket.place.area,
                "point": _point(ticket.place.point),
            },
            "description": ticket.description,
            "answers": dict(ticket.answers),
            "neighbours_who_joined": ticket.followers,
            "history": [self._step(update) for update in self._opened(await self._rows(history), update_of)],
            "files": [
                {"sent_at": row.added_at, "type": row.content_type, "kept": row.name is not None}
                for row in await self._rows(files)
                if row.citizen in (None, self._id)
            ],
            "sentences_to_learn_from": [
                {"text": self._tx.codec.readable(lessons.c.text, row.text, str), "verdict": row.verdict}
                for row in await self._rows(learnt)
            ],
        }

    def _step(self, update: Update) -> Shown:
        another = update.actor.author is Author.CITIZEN and update.citizen not in (None, self._id)
        shown: Shown = {"at": update.at, "by": _by(update, another=another), "what": update.event}
        if update.new:
            shown |= {"from": update.old, "to": update.new}
        if not another and (update.note or update.changes):
            shown |= {"note": update.note, "changes": _changes(update.changes)}
        return shown

    async def _followed(self) -> list[Shown]:
        query = (
            select(followers.c.since, tickets.c.number, tickets.c.service, tickets.c.status)
            .join(tickets, tickets.c.number == followers.c.number)
            .where(followers.c.citizen == self._id)
            .order_by(followers.c.since)
        )
        return [dict(row._mapping) for row in await self._rows(query)]

    async def _elsewhere(self) -> list[Shown]:
        """What they wrote, or sent, into reports that are not theirs."""
        others = select(tickets.c.number).where(tickets.c.reporter != self._id)
        query = select(updates).where(updates.c.citizen == self._id, updates.c.number.in_(others))
        rows = await self._rows(query.order_by(updates.c.at))
        files = select(photos).where(photos.c.citizen == self._id, photos.c.number.in_(others)).order_by(photos.c.id)
        return [{"report": update.number} | self._step(update) for update in self._opened(rows, update_of)] + [
            {"report": row.number, "at": row.added_at, "file": row.content_type} for row in await self._rows(files)
        ]

    async def _ratings(self) -> list[Shown]:
        def word(row: Row[Any]) -> str | None:
            return self._tx.codec.readable(ratings.c.word, row.word, str) if row.word else None

        rows = await self._of(ratings, ratings.c.at)
        return [{"report": row.number, "at": row.at, "score": row.score, "word": word(row)} for row in rows]

    async def _threads(self) -> list[Shown]:
        return [
            {
                "opened_at": row.opened_at,
                "closed_at": row.closed_at,
                "messages": [
                    {"at": one.at, "by": _who(one.actor.author), "text": one.said.text, "files": len(one.said.media)}
                    for one in await Threads(self._tx).letters(row.id)
                ],
            }
            for row in await self._of(threads, threads.c.id)
        ]


def _by(update: Update, *, another: bool) -> str:
    return "a neighbour" if another else _who(update.actor.author)


def _who(author: Author) -> str:
    return "you" if author is Author.CITIZEN else "the city"


def _changes(changes: Iterable[Change]) -> list[Shown]:
    return [{"field": change.field, "from": change.old, "to": change.new} for change in changes]


def _point(point: Point | None) -> list[float] | None:
    """[latitude, longitude]"""
    return [point.latitude, point.longitude] if point else None
