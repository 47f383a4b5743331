"""The numbers of tickets that nobody counts agree with those that are there."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Select, Text, delete, func, insert, literal, select, update

from bot.ports import Query
from store import tallies
from store.database import Database
from store.tables import tallies as table
from store.tables import tickets
from store.tallies import Tallies
from store.work import Work
from tests.store.samples import NOON, citizen, ticket
from tests.town import CITY
from tickets.model import CITIZEN, Actor, Author, Status
from tickets.workflow import CLOSED, MOVES, change_service, comment, filed, move

CLERK = Actor(author=Author.CLERK, name="marta")


async def worked_on(database: Database, seed: int) -> None:
    """Thirty tickets, each moved, commented on and corrected by chance."""
    random, ana = Random(seed), await citizen(database)
    for n in range(30):
        one = ticket(f"T{n}", ana, service=random.choice(CITY.services).code)
        async with database.work() as work:
            await work.tickets.file(one, filed(one, actor=CITIZEN))
            for step in range(random.randrange(6)):
                at = NOON + timedelta(hours=step)
                other = next(service for service in CITY.services if service.code != one.service)
                if step % 3 == 1 and one.status not in CLOSED:
                    one, told = change_service(one, other, CITY.calendar, actor=CLERK, at=at)
                elif step % 3 == 2:
                    one, told = comment(one, actor=CITIZEN, at=at, note="?", public=True)
                else:
                    one, told = move(one, random.choice(MOVES[one.status]), CITY.calendar, actor=CLERK, at=at, note="x")
                await work.tickets.change(one, told)
            await work.commit()


async def agree(database: Database) -> None:
    async with database.view() as view:
        listed = (await view.tickets.page(Query(open=None, limit=1000))).rows
        counts = await view.tickets.count_by_status()
        assert counts == {s: n for s in Status if (n := sum(one.status is s for one in listed))}
        for service in {one.service for one in listed}:
            for is_open in (True, False, None):
                page = await view.tickets.page(Query(open=is_open, services=(service,) if service else (), limit=1000))
                meant = [one for one in listed if one.service == service]
                meant = [one for one in meant if is_open is None or (one.status not in CLOSED) is is_open]
                assert (list(page.rows), page.total) == (meant, len(meant))


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_totals_agree_with_the_lists_after_any_work(database: Database, seed: int) -> None:
    await worked_on(database, seed)
    await agree(database)


async def rows(work: Work) -> int:
    return int((await work._tx.execute(select(func.count()).select_from(table))).scalar_one())


async def folded(database: Database) -> None:
    async with database.work() as work:
        await Tallies(work._tx).fold()
        await work.commit()


async def test_folded_they_say_the_same_in_one_row_of_each_kind(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tallies, "_MANY", 10)
    await worked_on(database, 1)
    await folded(database)
    async with database.view() as view:
        kinds = {(one.service, one.status) for one in (await view.tickets.page(Query(open=None, limit=1000))).rows}
        if view._tx.dialect.name == "postgresql":  # on SQLite one of each kind is all there ever is, be it 0
            assert await rows(view) == len(kinds)
    await agree(database)


async def test_few_rows_are_left_alone(database: Database) -> None:
    await worked_on(database, 1)
    async with database.work() as work:
        before = await rows(work)
        await Tallies(work._tx).fold()
        assert await rows(work) == before


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # on SQLite one transaction writes at a time
async def test_what_is_filed_while_they_are_folded_is_counted_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tallies, "_MANY", 1)
    await worked_on(database, 1)
    early, late = ticket("EARLY", await citizen(database)), ticket("LATE", await citizen(database))
    async with database.work() as filing:
        await filing.tickets.file(early, filed(early, actor=CITIZEN))
        async with database.work() as folding:
            await Tallies(folding._tx).fold()
            async with database.work() as other:
                await other.tickets.file(late, filed(late, actor=CITIZEN))
                await other.commit()
            await folding.commit()
        await filing.commit()
    await agree(database)
    await folded(database)
    await agree(database)


async def test_whoever_writes_is_counted_also_who_knows_nothing_of_it(database: Database) -> None:
    """A process of the version before, while the new one is being brought in; or a hand in the database."""
    await worked_on(database, 1)
    there = select(tickets.c.number)
    for statement in (
        insert(tickets).from_select(tickets.c.keys(), copies()),
        update(tickets).where(tickets.c.status == Status.RECEIVED).values(status=Status.TRIAGED, is_open=True),
        update(tickets).where(tickets.c.number.in_(there.limit(9))).values(service="water"),
        update(tickets).values(area="centre"),
        delete(tickets).where(tickets.c.number.like("C%"), tickets.c.status == Status.TRIAGED),
    ):
        async with database.work() as work:
            await work._tx.execute(statement)
            await work.commit()
        await agree(database)


def copies() -> Select[Any]:
    """Of all tickets, under another number."""
    number = (literal("C", Text) + tickets.c.number).label("number")
    return select(*(number if column is tickets.c.number else column for column in tickets.c))


async def test_what_is_taken_back_is_not_counted(database: Database) -> None:
    one = ticket("T", await citizen(database))
    async with database.work() as work:
        await work.tickets.file(one, filed(one, actor=CITIZEN))
    await agree(database)
    async with database.view() as view:
        assert await view.tickets.count_by_status() == {}
