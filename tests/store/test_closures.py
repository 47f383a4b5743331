"""Who is to be asked whether it is fixed, on both databases."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.ports import Closure
from channels.message import Contact, Inbound
from handlers.effects import ThreadKind
from handlers.turn import Asked, Dialogue
from store.database import Database
from store.tables import closures
from tests.store.samples import ANA, BEA, NOON, StillClock, accept, citizen, file, inbound, ticket
from tickets.model import Status

CARLA = Contact(channel="whatsapp", address="+525500000003")


def closure(citizen: int, number: str = "7K3-9QX", *, due: datetime | None = NOON, at: datetime = NOON) -> Closure:
    return Closure(number=number, citizen=citizen, resolved_at=at, due=due)


async def plan(database: Database, *questions: Closure) -> None:
    async with database.work() as work:
        await work.closures.plan(questions)
        await work.commit()


async def due(database: Database, now: datetime = NOON, after: int = 0, limit: int = 10) -> list[int]:
    async with database.view() as view:
        return [one.citizen for one in await view.closures.due(now, after, limit)]


async def every(database: Database) -> list[Closure]:
    """Of all resolutions."""
    async with database.view() as view:
        rows = await view._tx.execute(select(closures).order_by(closures.c.citizen, closures.c.resolved_at))
        return [Closure(**row._mapping) for row in rows]


async def answered_all(database: Database) -> None:
    """No message waits for its answer any more."""
    async with database.work() as work:
        for arrival in await work.inbox.claim("test", NOON, 60, 100):
            await work.inbox.answered(arrival, NOON)
        await work.commit()


@pytest.fixture
async def people(database: Database) -> list[int]:
    ids = [await citizen(database, contact) for contact in (ANA, BEA, CARLA)]
    await file(database, ticket("7K3-9QX", ids[0]), ticket("7K3-9QZ", ids[0]))
    await answered_all(database)
    return ids


async def test_a_closure_comes_back_and_a_new_resolution_leaves_it(database: Database, people: list[int]) -> None:
    await plan(database, closure(people[0]))
    async with database.work() as work:
        await work.closures.asked("7K3-9QX", people[0], NOON)
        await work.closures.answered("7K3-9QX", people[0], "no")
        await work.commit()
    async with database.view() as view:
        (one,) = await view.closures.of_ticket("7K3-9QX")
    assert (one.due, one.asked_at, one.answer) == (None, NOON, "no")
    again = closure(people[0], at=NOON + timedelta(days=1))
    await plan(database, again)
    async with database.view() as view:
        assert list(await view.closures.of_ticket("7K3-9QX")) == [again]
    assert await every(database) == [one, again]


async def test_only_the_newest_resolution_is_asked_about_and_answered(database: Database, people: list[int]) -> None:
    first, second = NOON, NOON + timedelta(days=1)
    await plan(database, closure(people[0], due=None, at=first), closure(people[1], due=None, at=first))
    async with database.work() as work:
        await work.closures.answered("7K3-9QX", people[0], "yes")
        await work.closures.answered("7K3-9QX", people[0], "no")
        await work.commit()
    await plan(database, closure(people[0], at=second))
    async with database.work() as work:
        await work.closures.asked("7K3-9QX", people[0], second)
        await work.closures.answered("7K3-9QX", people[1], "no")  # left, and joined again: was not told of it
        await work.commit()
    found = [(one.citizen, one.resolved_at, one.asked_at, one.answer) for one in await every(database)]
    assert found == [
        (people[0], first, None, "no"), (people[0], second, second, None), (people[1], first, None, None),
    ]  # fmt: skip


async def test_what_is_resolved_once_more_is_the_newest_though_the_clock_was_set_back(
    database: Database, people: list[int]
) -> None:
    await plan(database, closure(people[0], due=None), closure(people[1], due=None))
    early = NOON - timedelta(hours=3)
    await plan(database, closure(people[0], at=early), closure(people[1], at=early))
    async with database.work() as work:
        await work.closures.answered("7K3-9QX", people[0], "yes")
        await work.commit()
    async with database.view() as view:
        newest = await view.closures.of_ticket("7K3-9QX")
    just_after = NOON + timedelta(microseconds=1)
    assert [(one.resolved_at, one.answer) for one in newest] == [(just_after, "yes"), (just_after, None)]
    assert len(await every(database)) == 4


async def test_due_are_those_whose_time_came_by_citizen_each_part_behind_the_last(
    database: Database, people: list[int]
) -> None:
    later = NOON + timedelta(seconds=1)
    await plan(database, *(closure(one) for one in reversed(people)), closure(people[0], "7K3-9QZ", due=later))
    assert await due(database) == people
    assert await due(database, limit=2) == people[:2]
    assert await due(database, after=people[1]) == people[2:]
    assert await due(database, later) == [people[0], *people]


async def test_an_answer_to_what_was_never_asked_is_no_error(database: Database, people: list[int]) -> None:
    async with database.work() as work:
        await work.closures.answered("7K3-9QX", people[0], "no")
        await work.closures.asked("7K3-9QX", people[0], NOON)
        await work.closures.drop("000-000")
        await work.commit()
    async with database.view() as view:
        assert list(await view.closures.of_ticket("7K3-9QX")) == []


async def test_what_is_open_again_is_asked_of_nobody_and_other_tickets_are(
    database: Database, people: list[int]
) -> None:
    await plan(database, *(closure(one) for one in people), closure(people[0], "7K3-9QZ"))
    async with database.work() as work:
        await work.closures.drop("7K3-9QX")
        await work.commit()
    assert await due(database) == people[:1]


async def test_what_was_resolved_too_long_ago_expires_once(database: Database, people: list[int]) -> None:
    await plan(database, closure(people[0]), closure(people[1], at=NOON + timedelta(hours=1)))
    for count in (1, 0):
        async with database.work() as work:
            assert await work.closures.expire(NOON + timedelta(minutes=30)) == count
            await work.commit()
    assert await due(database) == people[1:2]


async def test_who_talks_or_is_with_a_person_or_wants_nothing_is_not_due(
    database: Database, people: list[int], clock: StillClock
) -> None:
    await plan(database, *(closure(one) for one in people))
    async with database.work() as work:
        await work.dialogues.save(people[0], Dialogue(asked=Asked.PLACE, since=NOON), NOON)
        await work.threads.open(people[1], ThreadKind.ASKED, NOON, silent=True)
        await work.commit()
    assert await due(database) == people[2:]
    assert await due(database, NOON + timedelta(hours=1)) == [people[0], people[2]]


async def test_who_may_get_no_free_text_now_is_not_due(database: Database, people: list[int]) -> None:
    await plan(database, *(closure(one) for one in people))
    until = NOON + timedelta(hours=24)
    await accept(database, Inbound(sender=CARLA, external_id="w", received_at=NOON, text="x", free_until=until))
    assert await due(database, until - timedelta(seconds=1)) == people
    assert await due(database, until) == people[:2]


async def test_quiet_are_those_whose_messages_are_all_answered(database: Database, people: list[int]) -> None:
    open_ = Dialogue(asked=Asked.PLACE, since=NOON)
    async with database.work() as work:
        await work.dialogues.save(people[1], open_, NOON)
        await work.commit()
    await accept(database, inbound("new", ANA))
    async with database.work() as work:
        assert await work.dialogues.quiet(people) == {people[1]: open_, people[2]: None}
        assert await work.dialogues.quiet([]) == {}
        assert await work.dialogues.quiet([people[0]]) == {}


async def test_late_are_open_tickets_past_their_date_the_longest_missed_first(
    database: Database, people: list[int]
) -> None:
    ana = people[0]
    await file(
        database,
        *(ticket(f"00{n}-000", ana, hours=hours) for n, hours in enumerate((1.5, 3, 1, 1))),
        ticket("004-000", ana, hours=1, status=Status.WAITING),
        ticket("005-000", ana, hours=1, status=Status.RESOLVED),
    )
    now = NOON + timedelta(hours=2)
    async with database.view() as view:
        assert [one.number for one in await view.tickets.overdue(now, 2)] == ["002-000", "003-000"]
        assert [one.number for one in await view.tickets.overdue(now, 9)] == ["002-000", "003-000", "000-000"]
        assert await view.tickets.overdue(NOON, 9) == []


async def test_who_is_planned_twice_at_once_is_planned_as_said_last(database: Database, people: list[int]) -> None:
    later = NOON + timedelta(hours=1)
    await plan(database, *(closure(one) for one in people), closure(people[0], due=later))
    async with database.view() as view:
        found = {one.citizen: one.due for one in await view.closures.of_ticket("7K3-9QX")}
    assert found == {people[0]: later, people[1]: NOON, people[2]: NOON}
