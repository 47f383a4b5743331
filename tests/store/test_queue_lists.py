"""The desk's lists against a slow reference that looks at every ticket, over random tickets and questions."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import insert

from bot.ports import MOST_CLOSED, NOBODY, Flag, Kind, Query, Reached
from channels.message import Delivery, Outbound
from store.database import Database
from store.tables import outbox, tickets
from store.tickets import ticket_row
from tests.store.samples import ANA, NOON, citizen, file, ticket
from tickets.calendar import Target, Unit
from tickets.model import Place, Point, Priority, Status, Ticket
from tickets.staff import DESK, Level, Side
from tickets.workflow import OPEN

HOUR = timedelta(hours=1)
LEVELS = (
    Level(side=Side.BEFORE, span=Target(amount=9, unit=Unit.HOURS), to=(DESK,), departments=("roads",)),
    Level(side=Side.AFTER, span=Target(amount=1, unit=Unit.DAYS), to=(DESK,), services=("pothole", "tree")),
)
TOLD = (-9, 1000, 3000)
MAILED = (Kind.REPLY, Kind.NOTICE, Kind.ALERT, Kind.ESCALATION)


@dataclass(frozen=True)
class Lost:
    """A message about a ticket."""

    number: str
    kind: Kind
    failed: bool
    settled: bool


@dataclass(frozen=True)
class Town:
    """All that stands in the database."""

    tickets: Sequence[Ticket]
    told: Sequence[Reached]
    lost: Sequence[Lost]


def town(random: Random, reporter: int, count: int = 60) -> Town:
    made = [one_ticket(random, f"{n:03}-0{n:02}", reporter) for n in range(count)]
    told = [
        Reached(
            number=one.number, due_at=one.due_at - random.choice((0, 0, 5)) * HOUR, level=random.choice(TOLD), at=NOON
        )
        for one in random.sample(made, count // 3)
    ]
    lost = [
        Lost(one.number, random.choice(MAILED), random.random() < 0.7, random.random() < 0.3)
        for one in random.sample(made, count // 3)
    ]
    return Town(made, told, lost)


def one_ticket(random: Random, number: str, reporter: int) -> Ticket:
    status = random.choice([*Status, Status.RECEIVED, Status.WAITING])
    point = Point(latitude=1.0, longitude=2.0) if random.random() < 0.5 else None
    place = Place(
        point=point, street=random.choice((None, "", "Calle 1")), area=random.choice((None, "centro", "norte"))
    )
    due = NOON + random.randint(-60, 60) * HOUR
    return ticket(
        number, reporter, status=status, place=place, service=random.choice(("pothole", "tree", "water")),
        department=random.choice(("roads", "green")), due_at=due, followers=random.choice((0, 0, 1, 7)),
        first_due_at=random.choice((None, None, due - 30 * HOUR)), reopened=random.choice((0, 0, 1)),
        assignee=random.choice((None, "ana", "luis")), outside=random.choice((None, None, "Aguas S.A.")),
        channel=random.choice(("sms", "telegram")), language=random.choice(("es", "pt")),
        priority=random.choice([*Priority, Priority.NORMAL]), confidence=random.choice((None, 0.2, 0.6, 0.9)),
        filed_at=NOON - random.randint(0, 200) * HOUR,
        closed_at=None if status in OPEN else NOON - random.randint(0, 100) * HOUR,
    )  # fmt: skip


def question(random: Random) -> Query:
    def some(*values: object) -> Any:
        return random.choice([None] * 6 + [*values])

    since = some(NOON - 150 * HOUR)
    return Query(
        open=random.choice((True, True, False, None)), status=some(*Status), area=some("centro"),
        services=random.choice(((), (), ("pothole",), ("tree", "water"))), department=some("roads", "green"),
        assignee=some("ana", NOBODY), channel=some("sms"), language=some("pt"), since=since,
        until=some(NOON - 20 * HOUR), levels=LEVELS, now=NOON, soon=NOON + 9 * HOUR,
        flags=frozenset(random.sample(list(Flag), random.choice((0, 0, 0, 1, 1, 2)))),
        offset=random.choice((0, 0, 3)), limit=random.choice((5, 50)),
    )  # fmt: skip


def wanted(query: Query, here: Town) -> list[Ticket]:
    """One after the other, by every word of Query."""
    return sorted((one for one in here.tickets if fits(one, query, here)), key=lambda one: place(one, query))


def fits(one: Ticket, query: Query, here: Town) -> bool:
    same = {
        "area": query.area, "department": query.department, "channel": query.channel, "language": query.language,
        "status": query.status,
    }  # fmt: skip
    return (
        all(getattr(one, name, one.place.area) == value for name, value in same.items() if value is not None)
        and query.open in (None, one.status in OPEN)
        and (not query.services or one.service in query.services)
        and (query.assignee is None or (one.assignee or NOBODY) == query.assignee)
        and (query.since is None or one.filed_at >= query.since)
        and (query.until is None or one.filed_at < query.until)
        and all(HAS[flag](one, here) for flag in query.flags)
    )


def late(one: Ticket, _: Town) -> bool:
    return one.status in OPEN and one.status is not Status.WAITING and (one.first_due_at or one.due_at) < NOON


def escalated(one: Ticket, here: Town) -> bool:
    def counts(told: Reached) -> bool:
        level = next((level for level in LEVELS if level.code == told.level), None)
        holds = told.level > 0 or told.due_at == one.due_at
        return level is not None and holds and level.concerns(one.department, one.service)

    return one.status in OPEN and any(told.number == one.number and counts(told) for told in here.told)


def undelivered(one: Ticket, here: Town) -> bool:
    to_citizens = (Kind.REPLY, Kind.NOTICE)
    theirs = [lost for lost in here.lost if lost.number == one.number and lost.kind in to_citizens]
    return any(lost.failed and not lost.settled for lost in theirs)


HAS: Mapping[Flag, Callable[[Ticket, Town], bool]] = {
    Flag.LATE: late,
    Flag.DISPUTED: lambda one, _: one.status in OPEN and one.reopened > 0,
    Flag.UNDELIVERED: undelivered,
    Flag.UNLOCATED: lambda one, _: one.place.point is None and not one.place.street,
    Flag.UNSURE: lambda one, _: one.confidence is not None and one.confidence < 0.6,
    Flag.ESCALATED: escalated,
    Flag.OUTSIDE: lambda one, _: one.outside is not None,
}


def place(one: Ticket, query: Query) -> tuple[Any, ...]:
    if one.closed_at:
        backwards = tuple(-ord(character) for character in one.number)
        return (1, NOON - one.closed_at, NOON - one.filed_at, backwards)
    assert query.soon
    near = one.status is not Status.WAITING and one.due_at < query.soon
    press = 0 if late(one, Town((), (), ())) else 1 if near else 2
    return (0, one.priority is not Priority.EMERGENCY, press, -one.followers, one.filed_at, one.number)


async def written(database: Database, random: Random) -> Town:
    here = town(random, await citizen(database))
    async with database.work() as work:
        tx = work._tx
        await tx.execute(insert(tickets), [ticket_row(one, tx.codec, one.filed_at) for one in here.tickets])
        await work.escalations.tell(here.told)
        sealed = tx.codec.pack(outbox.c.outbound, Outbound(key="k", recipient=ANA, text="x"))
        await tx.execute(insert(outbox), [mail(one, sealed, n) for n, one in enumerate(here.lost)])
        await work.commit()
    return here


def mail(one: Lost, sealed: bytes, n: int) -> dict[str, object]:
    return {
        "lane": 1, "key": f"k{n}", "queued_at": NOON, "due": NOON, "attempts": 1, "done_at": NOON, "channel": "sms",
        "kind": one.kind, "bulk": True, "outbound": sealed, "reason": "", "number": one.number, "version": 1,
        "delivery": Delivery.FAILED if one.failed else Delivery.SENT, "settled_at": NOON if one.settled else None,
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
async def test_every_list_and_every_number_beside_it_is_what_looking_at_each_ticket_gives(
    database: Database, seed: int
) -> None:
    random = Random(seed)
    here = await written(database, random)
    found = 0
    async with database.view() as view:
        for _ in range(80):
            query = question(random)
            expected = wanted(query, here)
            page = await view.tickets.page(query)
            assert (page.total, page.capped) == (len(expected), False), query
            assert list(page.rows) == expected[query.offset : query.offset + query.limit], query
            assert await view.tickets.count(query) == len(expected)
            counts = await view.tickets.counts(query)
            assert_counted(counts, query, here)
            assert await view.tickets.board(query) == (page, counts), query
            found += len(expected)
    assert found > 300


def assert_counted(counts: Any, query: Query, here: Town) -> None:
    anyway = replace(query, open=True, status=None)
    assert counts.statuses == Counter(one.status for one in wanted(anyway, here))
    assert counts.open == len(wanted(anyway, here))
    of_any_service = replace(query, open=True, services=())
    assert counts.services == Counter(one.service for one in wanted(of_any_service, here))
    for flag in Flag:
        more = replace(query, open=True, flags=query.flags | {flag})
        assert counts.flags.get(flag, 0) == len(wanted(more, here)), (flag, query)
    assert counts.closed == len(wanted(replace(query, open=False, status=None), here))


async def test_many_closed_ones_are_counted_where_triggers_did_and_else_up_to_a_thousand(database: Database) -> None:
    ana = await citizen(database)
    closed = [
        ticket(f"C{n:04}", ana, status=Status.RESOLVED, closed_at=NOON + n * HOUR) for n in range(MOST_CLOSED + 5)
    ]
    async with database.work() as work:
        await work._tx.execute(insert(tickets), [ticket_row(one, work._tx.codec, one.filed_at) for one in closed])
        await work.commit()
    await file(database, ticket("OPEN", ana))
    async with database.view() as view:
        page = await view.tickets.page(Query(open=None, offset=995, limit=50))
        assert [one.number for one in page.rows] == [f"C{n:04}" for n in range(10, 4, -1)]  # the open one was first
        assert (page.total, page.reach, page.capped) == (MOST_CLOSED + 6, MOST_CLOSED + 1, False)
        page = await view.tickets.page(Query(open=None, channel="sms", limit=1))
        assert (page.total, page.reach, page.capped) == (MOST_CLOSED + 1, MOST_CLOSED + 1, True)
        assert await view.tickets.count(Query(open=False, channel="sms")) is None
        assert (await view.tickets.counts(Query(channel="sms"))).closed is None
        assert (await view.tickets.counts(Query())).closed == MOST_CLOSED + 5
        for query in (
            Query(open=None), Query(channel="sms"), Query(open=False, status=Status.RESOLVED),
            Query(open=False, status=Status.DECLINED), Query(open=None, channel="sms", services=("pothole",)),
        ):  # fmt: skip
            both = await view.tickets.page(query), await view.tickets.counts(query)
            assert await view.tickets.board(query) == both, query
