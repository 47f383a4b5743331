"""In which areas enough tickets of a sensitive service stand: right at once where too few do, and cheap."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.dialects import sqlite

from store.crowd import _CROWDED
from store.database import Database
from store.tables import tickets
from tests.store.samples import StillClock
from tests.store.test_public import filed, some, spot
from tests.tickets.test_public import CITY


async def crowded(database: Database, few: int = 5) -> frozenset[tuple[str, str]]:
    async with database.view() as view:
        return await view.public.crowded(replace(CITY, openness=replace(CITY.openness, few=few)))


@pytest.mark.parametrize("few", [1, 2, 5])
async def test_a_crowd_begins_with_exactly_so_many(database: Database, few: int) -> None:
    await filed(database, "noise", few - 1)
    assert await crowded(database, few) == frozenset()
    await filed(database, "noise", 1, first=few)
    assert await crowded(database, few) == {("noise", "square")}


async def test_services_that_are_not_sensitive_and_unknown_areas_are_no_crowd(database: Database) -> None:
    await filed(database, "pothole", 6)
    await filed(database, "noise", 6, spot(area="gone"))
    await filed(database, "noise", 6, spot(area=None), first=7)
    assert await crowded(database) == frozenset()


async def test_one_that_was_seen_is_asked_for_again_after_a_minute(database: Database, clock: StillClock) -> None:
    await filed(database, "noise", 5)
    assert await crowded(database) == {("noise", "square")}
    async with database.work() as work:
        await work._tx.execute(update(tickets).where(tickets.c.number == "NOI-01").values(service="waste"))
        await work.commit()
    clock.forward(59)
    assert await crowded(database) == {("noise", "square")}
    clock.forward(2)
    assert await crowded(database) == frozenset()
    assert all(one.area is None for one in await some(database, services=("noise",)))


async def test_more_pairs_than_one_statement_takes_are_all_looked_at(database: Database) -> None:
    areas = tuple(replace(CITY.areas[0], code=f"area-{n}") for n in range(70))
    for n in (0, 69):
        await filed(database, "noise", 5, spot(area=f"area-{n}"), first=10 * n + 1)
    async with database.view() as view:
        found = await view.public.crowded(replace(CITY, areas=areas))
    assert found == {("noise", "area-0"), ("noise", "area-69")}


def test_a_crowd_is_found_in_an_index_alone(sqlite_template: Path) -> None:
    ready = _CROWDED.ready(sqlite.dialect(paramstyle="qmark"), 4)
    values = {f"{name}{n}_": "x" for name in ("service", "area") for n in range(4)} | {"before_": 4}
    with closing(sqlite3.connect(sqlite_template)) as connection:
        steps = connection.execute(f"EXPLAIN QUERY PLAN {ready.sql}", ready.arguments(values)).fetchall()
    read = [step[3] for step in steps if "tickets" in step[3]]
    assert read and all("COVERING INDEX ix_tickets_crowd (service=? AND area=?)" in step for step in read)
