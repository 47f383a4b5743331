"""Whoever needs the same rows takes them in one order, so that nobody is beaten: tickets, threads, then citizens by id.

A gate holds a row until each of those who meet there waits for one; who waits for whom then is no matter of luck.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from random import Random

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.attending import Attending
from bot.conversation import Outcome
from bot.i18n import Words
from bot.inbox.gathering import Gathered
from bot.inbox.worker import InboxWorker
from bot.jobs import talking
from bot.loop import Workplace
from bot.notices import TRIES, Desk, undeterred
from bot.ports import Arrival, Said, Stale, StoreUnavailable
from bot.schedule import Schedule
from channels.message import Contact
from handlers.effects import AlertStaff, ChangeTicket, Effect, Erase, OptOut, ThreadKind, ToClerk
from handlers.turn import Answer
from store.database import Database
from store.engine import parse_url
from tests.store.samples import NOON, StillClock, accept, file, inbound, ticket
from tests.town import CITY, OneStreet, ScriptedParser
from tickets.city import Alert
from tickets.model import CITIZEN, Status, Ticket
from tickets.workflow import comment, reopen

postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
WORDS = Words(CITY)
NUMBER = "7K3-9QX"
PEOPLE = [Contact(channel="sms", address=f"+52550000000{n}") for n in range(4)]
PEOPLE[0] = replace(PEOPLE[3], channel="whatsapp")  # one person, who met us there first
ALERTED = replace(CITY, alerts=(Alert(channel=PEOPLE[0].channel, address=PEOPLE[0].address),))


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    opened = create_async_engine(parse_url(database_url))
    yield opened
    await opened.dispose()


class Gate:
    """Holds one row."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def hold(self, table: str, column: str, value: object) -> None:
        held = text(f"SELECT 1 FROM {table} WHERE {column} = :value FOR NO KEY UPDATE")
        await self._connection.execute(held, {"value": value})

    async def open(self) -> None:
        await self._connection.rollback()


@pytest.fixture
async def gate(engine: AsyncEngine) -> AsyncIterator[Gate]:
    async with engine.connect() as connection:
        yield Gate(connection)


@pytest.fixture
def settled(engine: AsyncEngine) -> Callable[..., Awaitable[None]]:
    """Waits until each of these is done or waits for a lock."""

    async def settled(*tasks: asyncio.Task[None]) -> None:
        async with engine.connect() as connection:
            for _ in range(5_000):
                waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
                if (await connection.execute(waiting)).scalar_one() >= sum(not task.done() for task in tasks):
                    return
                await connection.rollback()
        raise AssertionError("they neither wait nor end")

    return settled


@pytest.fixture
async def people(database: Database) -> list[Arrival]:
    """By id; a message of each is in a worker's hands."""
    for contact in PEOPLE:
        await accept(database, inbound(f"of {contact.address}", contact))
    async with database.work() as work:
        arrivals = await work.inbox.claim("test", NOON, 60, len(PEOPLE))
        await work.commit()
    return sorted(arrivals, key=lambda arrival: arrival.citizen.id)


async def stored(database: Database) -> Ticket:
    async with database.view() as view:
        found = await view.tickets.get(NUMBER)
    assert found
    return found


async def followed(
    database: Database, reporter: Arrival, *others: Arrival, status: Status = Status.RECEIVED
) -> Ticket:  # fmt: skip
    closed_at = NOON if status is Status.RESOLVED else None
    new = ticket(NUMBER, reporter.citizen.id, followers=len(others), status=status, closed_at=closed_at)
    await file(database, new)
    async with database.work() as work:
        for one in others:
            await work.followers.add(NUMBER, one.citizen.id, NOON)
        await work.commit()
    return await stored(database)


def said(changed: Ticket, note: str) -> ChangeTicket:
    after, update = comment(changed, actor=CITIZEN, at=NOON, note=note, public=False)
    return ChangeTicket(ticket=after, update=update)


def answer(database: Database, arrival: Arrival, *effects: Effect) -> asyncio.Task[None]:
    """What the inbox worker does with it, once it is decided."""
    at = Workplace(store=database, clock=StillClock(), random=Random(1), owner="test", wake=database.bell)
    worker = InboxWorker(at, parser=ScriptedParser({}), city=ALERTED, places=OneStreet(), render=WORDS)
    outcome = Outcome(answer=Answer(replies=(), effects=effects), language="es", detected=False)

    async def commit() -> None:
        with suppress(Stale):  # then the worker decides anew
            await worker._commit(Gathered(arrival=arrival, outcome=outcome), None)

    return asyncio.create_task(commit())


@postgresql
async def test_a_clerk_moves_what_a_neighbour_is_just_writing_of(
    database: Database, people: list[Arrival], gate: Gate, settled: Callable[..., Awaitable[None]]
) -> None:
    reporter, neighbour, *_ = people
    old = await followed(database, reporter, neighbour)
    await gate.hold("citizens", "id", reporter.citizen.id)
    desk = Desk(database, WORDS, StillClock(), CITY)
    clerk = asyncio.create_task(desk.move(number=NUMBER, to=Status.TRIAGED, version=1, login="rosa", note=""))
    await settled(clerk)  # the ticket is hers, the reporter's row is not yet
    citizen = answer(database, neighbour, said(old, "sigue igual"))
    await settled(clerk, citizen)
    await gate.open()
    await asyncio.gather(clerk, citizen)
    assert (await stored(database)).status is Status.TRIAGED


@postgresql
async def test_reporter_and_neighbour_say_at_once_that_it_is_not_fixed(
    database: Database, people: list[Arrival], gate: Gate, settled: Callable[..., Awaitable[None]]
) -> None:
    reporter, bystander, neighbour, _ = people
    old = await followed(database, reporter, bystander, neighbour, status=Status.RESOLVED)
    after, update = reopen(old, at=NOON)
    no = ChangeTicket(ticket=after, update=update, tell=True)
    await gate.hold("tickets", "number", NUMBER)
    first = answer(database, neighbour, no)
    await settled(first)
    second = answer(database, reporter, no)
    await settled(first, second)
    await gate.open()
    await asyncio.gather(first, second)
    assert (await stored(database)).reopened == 1


@postgresql
async def test_a_clerk_writes_in_a_thread_as_its_citizen_does(
    database: Database, people: list[Arrival], gate: Gate, settled: Callable[..., Awaitable[None]]
) -> None:
    [ana, *_] = people
    async with database.work() as work:
        thread = await work.threads.open(ana.citizen.id, ThreadKind.ASKED, NOON, silent=True)
        await work.commit()
    await gate.hold("threads", "id", thread.id)
    clerks = Attending(database, WORDS, StillClock(), CITY)
    clerk = asyncio.create_task(
        clerks.answer(thread=thread.id, login="rosa", name="Rosa", text="Ya voy.", once="1")
    )  # fmt: skip
    await settled(clerk)
    citizen = answer(database, ana, ToClerk())
    await settled(clerk, citizen)
    await gate.open()
    await asyncio.gather(clerk, citizen)
    async with database.view() as view:
        assert len(await view.threads.letters(thread.id)) == 2


@postgresql
async def test_a_clerk_writes_to_who_has_their_data_erased(
    database: Database, people: list[Arrival], gate: Gate, settled: Callable[..., Awaitable[None]]
) -> None:
    [ana, *_] = people
    async with database.work() as work:
        thread = await work.threads.open(ana.citizen.id, ThreadKind.ASKED, NOON, silent=True)
        await work.threads.write(thread.id, CITIZEN, Said(text="hola"), NOON)
        await work.commit()
    await gate.hold("threads", "id", thread.id)
    clerks = Attending(database, WORDS, StillClock(), CITY)
    clerk = asyncio.create_task(
        clerks.answer(thread=thread.id, login="rosa", name="Rosa", text="Ya voy.", once="1")
    )  # fmt: skip
    await settled(clerk)
    citizen = answer(database, ana, Erase())
    await settled(clerk, citizen)
    await gate.open()
    await asyncio.gather(clerk, citizen)
    async with database.view() as view:
        assert await view.threads.letters(thread.id) == []


@postgresql
async def test_missed_dates_are_told_while_those_who_are_told_write(
    database: Database, people: list[Arrival], gate: Gate, settled: Callable[..., Awaitable[None]], clock: StillClock
) -> None:
    first, second, third, _ = people
    late = [("000-001", second), ("000-002", third), ("000-003", first)]
    await file(database, *(ticket(number, one.citizen.id, hours=1) for number, one in late))
    clock.forward(7200)
    await gate.hold("citizens", "id", third.citizen.id)
    job = Schedule(database, clock, [one for one in talking(CITY, WORDS) if one.name == "promises"])
    telling = asyncio.create_task(job.look())
    await settled(telling)
    batch = asyncio.create_task(accept_all(database, first, second))
    await settled(telling, batch)
    await gate.open()
    await asyncio.gather(telling, batch)
    async with database.view() as view:
        assert [len(await view.outbox.of_ticket(number)) for number, _ in late] == [1, 1, 1]


async def accept_all(database: Database, *senders: Arrival) -> None:
    await accept(database, *(inbound(f"more of {one.id}", one.citizen.contact) for one in senders))


@postgresql
@pytest.mark.parametrize("effect", [AlertStaff(), OptOut()])
async def test_a_second_citizen_is_locked_with_the_first_one_by_id(
    database: Database, people: list[Arrival], gate: Gate, settled: Callable[..., Awaitable[None]], effect: Effect
) -> None:
    """The staff on duty, and the same number on another channel."""
    await file(database, ticket(NUMBER, people[1].citizen.id))
    await gate.hold("tickets", "number", NUMBER)
    citizen = answer(database, people[3], said(await stored(database), "hola"), effect)
    await settled(citizen)
    batch = asyncio.create_task(accept_all(database, people[0], people[3]))
    await settled(citizen, batch)
    await gate.open()
    await asyncio.gather(citizen, batch)
    assert (await stored(database)).version == 2


async def test_a_clerks_act_that_was_beaten_is_done_again_and_no_other_trouble_is() -> None:
    for beaten, expected in ((True, TRIES), (False, 1)):
        tries: list[str] = []

        @undeterred
        async def act(number: str, beaten: bool = beaten, tries: list[str] = tries) -> None:
            tries.append(number)
            raise StoreUnavailable(beaten=beaten)

        with pytest.raises(StoreUnavailable):
            await act(NUMBER)
        assert tries == [NUMBER] * expected
