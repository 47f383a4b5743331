"""Free histories of a few tickets over eleven weeks, as hypothesis draws them, and how they get into a database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as some
from sqlalchemy import delete, insert

from bot.ports import Closure, Rating
from channels.message import Outbound
from store.database import Database
from store.tables import citizens, closures, outbox, ratings, tickets, updates
from store.tickets import ticket_row, update_row
from tests.store.recount import Message, Town
from tests.store.samples import ANA, ticket
from tests.town import CITY
from tickets.model import CITIZEN, Actor, Author, Place, Point, Status, Ticket, Update
from tickets.workflow import (
    MOVES,
    NotAllowed,
    comment,
    confirm,
    filed,
    follow,
    leave,
    move,
    postpone,
    rated,
    reopen,
)  # fmt: skip

START = datetime(2026, 10, 5, 9, tzinfo=UTC)  # a Monday
WEEKS = 11
CLERK = Actor(author=Author.CLERK, name="marta")
HOUR = timedelta(hours=1)
ANA_ID, BEA_ID = 1, 2
_AREAS = ("centro", "norte", "far away", None, "")
_DEPARTMENTS = ("roads", "water", "abolished")
ACTS = ("move", "move", "move", "reopen", "postpone", "follow", "leave", "comment", "note", "confirm", "rated")


@some.composite
def cases(draw: some.DrawFn, number: str) -> tuple[Ticket, list[Update]]:
    at = START + draw(some.integers(0, WEEKS * 7 * 24)) * HOUR
    place = Place(
        street=draw(some.sampled_from(("Avenida Bolívar", None, ""))),
        area=draw(some.sampled_from(_AREAS)),
        point=draw(some.sampled_from((Point(latitude=18.4, longitude=-66.1), None))),
    )
    one = ticket(
        number, draw(some.sampled_from((ANA_ID, BEA_ID))), filed_at=at, place=place,
        service=draw(some.sampled_from(("pothole", "water", "gone"))),
        department=draw(some.sampled_from(_DEPARTMENTS)), channel=draw(some.sampled_from(("sms", "telegram"))),
        language=draw(some.sampled_from(("es", "pt"))), confidence=draw(some.sampled_from((None, 0.2, 0.6, 0.9))),
        due_at=at + draw(some.integers(1, 1500)) * HOUR,
    )  # fmt: skip
    history = [filed(one, actor=CITIZEN)]
    for act in draw(some.lists(some.sampled_from(ACTS), max_size=9)):
        at += draw(some.integers(-2, 500)) * HOUR
        try:
            one, update = _acted(draw, act, one, at)
        except NotAllowed:
            continue
        history.append(replace(update, citizen=draw(some.sampled_from((None, ANA_ID, BEA_ID)))))
    return one, history


def _acted(draw: some.DrawFn, act: str, one: Ticket, at: datetime) -> tuple[Ticket, Update]:
    later = at + draw(some.integers(1, 900)) * HOUR
    due = draw(some.sampled_from((later, None)))
    acts = {
        "move": lambda: _moved(one, draw(some.sampled_from(MOVES[one.status])), at, due),
        "reopen": lambda: reopen(one, at=at, due=due),
        "postpone": lambda: _postponed(one, later, at),
        "follow": lambda: follow(one, at=at, note="", urgent_from=99),
        "leave": lambda: _left(one, at),
        "confirm": lambda: confirm(one, at=at),
        "rated": lambda: rated(one, at=at, note="4/5"),
        "comment": lambda: comment(one, actor=CLERK, at=at, note="so", public=True),
        "note": lambda: comment(one, actor=CLERK, at=at, note="so", public=False),
    }
    return acts[act]()


def _moved(one: Ticket, to: Status, at: datetime, due: datetime | None) -> tuple[Ticket, Update]:
    if to is Status.WAITING and one.due_at < at:
        raise NotAllowed  # what is missed is told of before
    return move(one, to, CITY.calendar, actor=CLERK, at=at, note="because", due=due)


def _postponed(one: Ticket, due: datetime, at: datetime) -> tuple[Ticket, Update]:
    if one.due_at >= at or one.status is Status.WAITING:
        raise NotAllowed
    return postpone(one, due, at=at)


def _left(one: Ticket, at: datetime) -> tuple[Ticket, Update]:
    if one.followers == 0:
        raise NotAllowed
    return leave(one, at=at)


times = some.integers(0, (WEEKS + 1) * 7 * 24).map(lambda hours: START + hours * HOUR)


@some.composite
def towns(draw: some.DrawFn) -> Town:
    count = draw(some.integers(1, 7))
    town = Town(cases=[draw(cases(f"T{n}")) for n in range(count)])
    numbers, people = some.sampled_from([f"T{n}" for n in range(count)]), some.sampled_from((ANA_ID, BEA_ID))
    soon = some.sets(some.sampled_from((0, 1, 30, 170)), min_size=1).map(sorted)  # hours; some rate again
    for number, who, at in draw(some.sets(some.tuples(numbers, people, times), max_size=4)):
        given = {(number, who, at + hours * HOUR) for hours in draw(soon)}
        for key in sorted(given - {(r.number, r.citizen, r.at) for r in town.ratings}):
            score = draw(some.none() | some.integers(1, 5))
            town.ratings.append(Rating(number=number, citizen=who, at=key[2], score=score))
    for key in draw(some.sets(some.tuples(numbers, people, times), max_size=8)):
        town.closures.append(draw(_closures(key)))
    for number in draw(some.lists(numbers, max_size=4)):
        failed = draw(some.booleans())
        again = failed and draw(some.booleans())
        town.messages.append(Message(number=number, queued_at=draw(times), failed=failed, again=again))
    return town


@some.composite
def _closures(draw: some.DrawFn, key: tuple[str, int, datetime]) -> Closure:
    """Of one resolution; some were asked later, some answered unasked."""
    resolved = key[2]
    asked = draw(some.none() | some.just(resolved) | some.integers(0, 200).map(lambda hours: resolved + hours * HOUR))
    answer = draw(some.sampled_from((None, "yes", "no")))
    return Closure(number=key[0], citizen=key[1], resolved_at=resolved, due=None, asked_at=asked, answer=answer)


async def written(database: Database, town: Town) -> None:
    """In place of whatever was there; the first message of all is older than any ticket."""
    async with database.work() as work:
        tx = work._tx
        for table in (closures, ratings, outbox, updates, tickets, citizens):
            await tx.execute(delete(table))
        await tx.execute(insert(citizens), [_citizen(tx.codec, id_) for id_ in (ANA_ID, BEA_ID)])
        await tx.execute(insert(tickets), [ticket_row(one, tx.codec, history[-1].at) for one, history in town.cases])
        rows = [update_row(update, tx.codec) for _, history in town.cases for update in history]
        await tx.execute(insert(updates), rows)
        for table, some_rows in (
            (ratings, _ratings(town)),
            (closures, _closure_rows(town)),
            (outbox, _outbox(tx, town)),
        ):
            if some_rows:
                await tx.execute(insert(table), some_rows)
        await work.commit()


def _citizen(codec, id_: int) -> dict[str, object]:
    return {
        "id": id_, "channel": "sms", "contact_hash": bytes([id_]) * 32,
        "address": codec.pack(citizens.c.address, ANA.address), "language": "es", "chosen": False,
        "opted_out": False, "refused": None, "welcomed": True, "since": START, "thread": None, "consent": None,
    }  # fmt: skip


def _ratings(town: Town) -> Sequence[dict[str, object]]:
    return [
        {"number": r.number, "citizen": r.citizen, "at": r.at, "score": r.score, "word": None} for r in town.ratings
    ]


def _closure_rows(town: Town) -> Sequence[dict[str, object]]:
    names = ("number", "citizen", "resolved_at", "due", "asked_at", "answer")
    return [{name: getattr(closure, name) for name in names} for closure in town.closures]


def _outbox(tx, town: Town) -> Sequence[dict[str, object]]:
    sealed = tx.codec.pack(outbox.c.outbound, Outbound(key="k", recipient=ANA, text="x"))
    long_ago = START - timedelta(days=400)
    row = {
        "lane": ANA_ID, "queued_at": long_ago, "due": long_ago, "attempts": 1, "done_at": long_ago, "channel": "sms",
        "kind": "reply", "bulk": True, "outbound": sealed, "delivery": "sent", "reason": "", "number": None,
        "version": None, "tries": 1,
    }  # fmt: skip
    rows = [row | {"id": 1, "key": "the first"}]
    for n, message in enumerate(town.messages):
        id_ = 10 * n + 10
        delivery = "failed" if message.failed else "delivered"
        notice = {"kind": "notice", "number": message.number, "version": 1, "queued_at": message.queued_at}
        rows.append(row | notice | {"id": id_, "key": f"n{id_}", "delivery": delivery})
        if message.again:
            rows.append(row | notice | {"id": id_ + 1, "key": f"again/{id_}", "delivery": "sent"})
    return rows
