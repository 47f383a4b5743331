"""What was sent is what is printed again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from store.database import Database
from store.tables import editions
from tests.store.samples import NOON
from tests.store.test_figures import digest
from tickets.figures import Digest, Kind, Scope
from tickets.period import Period, week

WEEK = week("2026-W47")


async def keep(database: Database, *digests: Digest) -> list[Digest]:
    async with database.work() as work:
        kept = [await work.editions.keep(one) for one in digests]
        await work.commit()
    return kept


async def get(database: Database, period: Period, scope: Scope) -> Digest | None:
    async with database.view() as view:
        return await view.editions.get(period, scope)


async def test_the_first_that_is_kept_stands_whatever_is_counted_later(database: Database) -> None:
    first = await digest(database, WEEK)
    second = replace(first, made_at=first.made_at + timedelta(days=9), services={"pothole": 3})
    assert await keep(database, first, second) == [first, first]
    assert await get(database, WEEK, Scope()) == first


async def test_editions_are_told_apart_by_period_length_and_scope(database: Database) -> None:
    roads = Scope(kind=Kind.DEPARTMENT, code="roads")
    month, theirs = replace(WEEK, days=30), await digest(database, WEEK, roads)
    kept = [await digest(database, WEEK), await digest(database, month), theirs]
    assert await keep(database, *kept) == kept
    assert [
        await get(database, WEEK, Scope()),
        await get(database, month, Scope()),
        await get(database, WEEK, roads),
    ] == kept
    assert await get(database, WEEK.before(), Scope()) is None
    assert await get(database, WEEK, Scope(kind=Kind.AREA, code="roads")) is None


async def test_the_periods_of_the_whole_city_come_newest_first(database: Database) -> None:
    periods = [WEEK.before(n) for n in (3, 1, 2)]
    await keep(database, *[await digest(database, period) for period in periods])
    await keep(database, await digest(database, WEEK, Scope(kind=Kind.AREA, code="centro")))
    async with database.view() as view:
        assert list(await view.editions.periods(2)) == [WEEK.before(1), WEEK.before(2)]
        assert await view.editions.periods(0) == []


@pytest.mark.parametrize("spoilt", ['{"city": 3}', '{"city": "Puer', "", "\ud83d".encode(errors="replace").decode()])
async def test_one_that_cannot_be_read_any_more_gives_way_to_the_next(database: Database, spoilt: str) -> None:
    await keep(database, await digest(database, WEEK, now=NOON))
    async with database.work() as work:
        await work._tx.execute(update(editions).values(digest=spoilt))
        await work.commit()
    assert await get(database, WEEK, Scope()) is None
    async with database.work() as work:
        assert [await work.editions.mend(WEEK, Scope()) for _ in range(2)] == [True, False]
        await work.commit()
    anew = replace(await digest(database, WEEK, now=NOON), services={"pothole": 3})
    assert await keep(database, anew) == [anew]
    assert await get(database, WEEK, Scope()) == anew


async def test_one_that_can_be_read_is_never_thrown_away(database: Database) -> None:
    one = await digest(database, WEEK, now=NOON)
    await keep(database, one)
    async with database.work() as work:
        assert not await work.editions.mend(WEEK, Scope())
        assert not await work.editions.mend(WEEK.before(), Scope())
        await work.commit()
    assert await get(database, WEEK, Scope()) == one
