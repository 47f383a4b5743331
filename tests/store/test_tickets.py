from datetime import timedelta

import pytest

from bot.ports import Query, Stale, Taken
from store.database import Database
from tests.store.samples import BEA, NOON, citizen, file, ticket, versions
from tests.town import CITY
from tickets.model import CITIZEN, Actor, Author, Event, Place, Point, Priority, Status, Ticket
from tickets.workflow import comment, filed, move

CLERK = Actor(author=Author.CLERK, name="marta")


async def numbers(database: Database, query: Query) -> tuple[list[str], int]:
    async with database.view() as view:
        page = await view.tickets.page(query)
    return [found.number for found in page.rows], page.total


@pytest.mark.parametrize(
    "place",
    [
        Place(),
        Place(words="frente al mercado\0 \U0001f573"),
        Place(words="x", point=Point(latitude=-34.6037, longitude=-58.3816), street="Bolívar", area="centro"),
    ],
)
async def test_a_ticket_comes_back_as_it_was_filed(database: Database, place: Place) -> None:
    one = ticket("7K3-9QX", await citizen(database), place=place, confidence=None)
    await file(database, one)
    async with database.view() as view:
        assert await view.tickets.get("7K3-9QX") == one
        assert await view.tickets.history("7K3-9QX") == [filed(one, actor=CITIZEN)]
        assert await view.tickets.get("000-000") is None


async def test_a_number_that_is_taken_is_refused_and_the_next_one_may_be_tried(database: Database) -> None:
    ana = await citizen(database)
    await file(database, ticket("7K3-9QX", ana))
    second = ticket("7K3-9QZ", ana)
    async with database.work() as work:
        with pytest.raises(Taken):
            await work.tickets.file(ticket("7K3-9QX", ana, description="other"), filed(second, actor=CITIZEN))
        await work.tickets.file(second, filed(second, actor=CITIZEN))
        await work.commit()
    async with database.view() as view:
        first = await view.tickets.get("7K3-9QX")
        assert first and first.description == "hay un bache"
        assert await view.tickets.get("7K3-9QZ") == second


async def test_a_move_is_the_next_version_with_its_update(database: Database) -> None:
    one = ticket("7K3-9QX", await citizen(database))
    await file(database, one)
    moved, update = move(one, Status.DECLINED, CITY.calendar, actor=CLERK, at=NOON, note="no es calle municipal")
    async with database.work() as work:
        await work.tickets.change(moved, update)
        await work.commit()
    async with database.view() as view:
        assert await view.tickets.get("7K3-9QX") == moved
        history = await view.tickets.history("7K3-9QX")
    assert history[-1] == update
    assert versions(list(history)) == [1, 2]


async def test_the_last_news_is_the_newest_public_update(database: Database) -> None:
    one = ticket("7K3-9QX", await citizen(database))
    await file(database, one)
    async with database.view() as view:
        assert await view.tickets.last_news("7K3-9QX") == filed(one, actor=CITIZEN)
        assert await view.tickets.last_news("7K3-9QZ") is None
    moved, update = move(one, Status.TRIAGED, CITY.calendar, actor=CLERK, at=NOON)
    noted, note = comment(moved, actor=CLERK, at=NOON, note="ask the crew", public=False)
    async with database.work() as work:
        await work.tickets.change(moved, update)
        await work.tickets.change(noted, note)
        await work.commit()
    async with database.view() as view:
        assert await view.tickets.last_news("7K3-9QX") == update


async def test_of_two_clerks_who_move_the_same_version_one_is_told(database: Database) -> None:
    one = ticket("7K3-9QX", await citizen(database))
    await file(database, one)
    first = move(one, Status.TRIAGED, CITY.calendar, actor=CLERK, at=NOON)
    second = comment(one, actor=CLERK, at=NOON, note="wait", public=False)
    async with database.work() as work:
        await work.tickets.change(*first)
        await work.commit()
    async with database.work() as work:
        with pytest.raises(Stale):
            await work.tickets.change(*second)
    async with database.view() as view:
        assert await view.tickets.get("7K3-9QX") == first[0]
        assert [update.event for update in await view.tickets.history("7K3-9QX")] == [Event.FILED, Event.MOVED]


async def test_a_ticket_that_does_not_exist_is_stale(database: Database) -> None:
    one = ticket("7K3-9QX", await citizen(database))
    async with database.work() as work:
        with pytest.raises(Stale):
            await work.tickets.change(*move(one, Status.TRIAGED, CITY.calendar, actor=CLERK, at=NOON))


async def test_a_citizens_tickets_come_newest_first(database: Database) -> None:
    ana, bea = await citizen(database), await citizen(database, BEA)
    mine = [ticket(f"A{n}", ana, filed_at=NOON + timedelta(hours=n)) for n in range(3)]
    await file(database, *mine, ticket("B0", bea))
    async with database.view() as view:
        assert await view.tickets.of_reporter(ana, 2) == [mine[2], mine[1]]


async def filled(database: Database) -> None:
    ana = await citizen(database)
    closed: dict[str, object] = {"status": Status.RESOLVED, "closed_at": NOON}
    rows: list[Ticket] = [
        ticket("C", ana, hours=3, service="tree"),
        ticket("A", ana, hours=1),
        ticket("B_B", ana, hours=2, priority=Priority.URGENT, status=Status.WAITING),
        ticket("E", ana, hours=9, priority=Priority.EMERGENCY),
        ticket("D", ana, hours=1, **closed),
    ]
    await file(database, *rows)


@pytest.mark.parametrize(
    ("query", "expected", "total"),
    [
        (Query(), ["E", "A", "C", "B_B"], 4),
        (Query(open=None), ["E", "A", "C", "B_B", "D"], 5),
        (Query(open=False), ["D"], 1),
        (Query(limit=2), ["E", "A"], 4),
        (Query(limit=2, offset=2), ["C", "B_B"], 4),
        (Query(offset=9), [], 4),
        (Query(services=("tree",)), ["C"], 1),
        (Query(status=Status.WAITING), ["B_B"], 1),
        (Query(services=("nothing",)), [], 0),
    ],
)
async def test_the_desk_lists_emergencies_first_then_what_is_near_and_closed_ones_last(
    database: Database, query: Query, expected: list[str], total: int
) -> None:
    await filled(database)
    assert await numbers(database, query) == (expected, total)


async def test_tickets_are_counted_by_status(database: Database) -> None:
    await filled(database)
    async with database.view() as view:
        counts = await view.tickets.count_by_status()
    assert counts == {Status.RECEIVED: 3, Status.WAITING: 1, Status.RESOLVED: 1}
