"""The numbers of tickets that nobody counts agree with those that are there."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import func, select

from bot.ports import Query
from store import tallies
from store.database import Database
from store.tables import tallies as table
from store.tallies import Tallies
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
                    one, update = change_service(one, other, CITY.calendar, actor=CLERK, at=at)
                elif step % 3 == 2:
                    one, update = comment(one, actor=CITIZEN, at=at, note="?", public=True)
                else:
                    one, update = move(one, random.choice(MOVES[one.status]), actor=CLERK, at=at, note="x")
                await work.tickets.change(one, update)
            await work.commit()


async def agree(database: Database) -> None:
    async with database.view() as view:
        listed = (await view.tickets.page(Query(open=None, limit=1000))).rows
        counts = await view.tickets.count_by_status()
        assert counts == {s: n for s in Status if (n := sum(one.status is s for one in listed))}
        for service in {one.service for one in listed}:
            for is_open in (True, False, None):
                page = await view.tickets.page(Query(open=is_open, service=service, limit=1000))
                meant = [one for one in listed if one.service == service]
                meant = [one for one in meant if is_open is None or (one.status not in CLOSED) is is_open]
                assert (list(page.rows), page.total) == (meant, len(meant))


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_totals_agree_with_the_lists_after_any_work(database: Database, seed: int) -> None:
    await worked_on(database, seed)
    await agree(database)


async def test_folded_they_say_the_same_in_fewer_rows(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallies, "_MANY", 10)
    await worked_on(database, 1)
    async with database.work() as work:
        before = (await work._tx.execute(select(func.count()).select_from(table))).scalar_one()
        await Tallies(work._tx).fold()
        after = (await work._tx.execute(select(func.count()).select_from(table))).scalar_one()
        await work.commit()
    assert after < before / 2
    await agree(database)


async def test_what_is_taken_back_is_not_counted(database: Database) -> None:
    one = ticket("T", await citizen(database))
    async with database.work() as work:
        await work.tickets.file(one, filed(one, actor=CITIZEN))
    await agree(database)
    async with database.view() as view:
        assert await view.tickets.count_by_status() == {}
