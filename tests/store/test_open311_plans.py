"""What Open311 asks goes along an index in the order in which it is told, and tells parts of the map apart in it: on
SQLite, as its planner says. PostgreSQL has the same indexes; `benchmarks.open311` measures both."""

import re
import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.pool import Pool

from benchmarks.questions import CITY, NOW, prepared
from bot.ports.points import Box
from bot.ports.public import Cursor, Near, Order, PublicQuery
from store.database import Database
from store.seal import Seal
from store.work import Work
from tests.store.samples import StillClock
from tickets.model import Point
from tickets.openness import Openness, Precision

DAYS = timedelta(days=90)
SPAN = PublicQuery(filed_since=NOW - DAYS, filed_until=NOW)
BOX = Box(south=14.59, west=-66.51, north=14.61, east=-66.49)
NEAR = Near(point=Point(latitude=14.6, longitude=-66.5), metres=500)
BEHIND = Cursor(at=NOW, number="7K3-9QX")
PLAIN = replace(CITY, openness=Openness())
GUARDED = replace(CITY, openness=Openness(precisions={"noise": Precision.AREA}, few=0))
FILED = [
    SPAN, replace(SPAN, box=BOX), replace(SPAN, near=NEAR), replace(SPAN, box=BOX, open=True),
    replace(SPAN, box=BOX, open=False), replace(SPAN, after=BEHIND), replace(SPAN, box=BOX, after=BEHIND),
]  # fmt: skip
CHANGED = replace(PublicQuery(order=Order.CHANGES), changed_since=NOW - DAYS)
CHANGES = [CHANGED, replace(CHANGED, box=BOX), replace(CHANGED, after=BEHIND)]
Steps = Callable[[Callable[[Work], Awaitable[object]]], Awaitable[list[str]]]


@pytest.fixture
async def steps(sqlite_template: Path, tmp_path: Path, seal: Seal) -> AsyncIterator[Steps]:
    """Of the plans of what a question comes to."""
    seen: list[str] = []

    def listening(driver: sqlite3.Connection, _record: object) -> None:
        driver.set_trace_callback(seen.append)

    event.listen(Pool, "connect", listening)
    path = tmp_path / "vecino.db"
    shutil.copy(sqlite_template, path)
    store = await Database.open(f"sqlite:///{path}", seal, clock=StillClock(), durable=False)
    await prepared(store)

    async def asked(ask: Callable[[Work], Awaitable[object]]) -> list[str]:
        seen.clear()
        async with store.view() as view:
            await ask(view)
        with closing(sqlite3.connect(path)) as connection:
            said = [sql for sql in seen if re.match(r"SELECT|WITH", sql)]
            return [step[3] for sql in said for step in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]

    yield asked
    await store.close()
    event.remove(Pool, "connect", listening)


def of_tickets(found: list[str]) -> list[str]:
    return [step for step in found if re.match(r"(SCAN|SEARCH) tickets", step)]


@pytest.mark.parametrize("query", FILED)
async def test_a_span_of_filing_is_read_in_its_order(steps: Steps, query: PublicQuery) -> None:
    found = await steps(lambda work: work.public.some(query, PLAIN))
    assert all("ix_tickets_filed (filed_at>? AND filed_at<?)" in step for step in of_tickets(found)), found
    assert of_tickets(found)
    assert not [step for step in found if "TEMP B-TREE" in step]


@pytest.mark.parametrize("query", [replace(SPAN, services=("lighting",)), replace(SPAN, services=("noise",), box=BOX)])
async def test_a_services_own_are_read_in_their_order(steps: Steps, query: PublicQuery) -> None:
    found = await steps(lambda work: work.public.some(query, PLAIN))
    assert all("ix_tickets_filed (filed_at>? AND filed_at<?)" in step for step in of_tickets(found)), found
    assert not [step for step in found if "TEMP B-TREE" in step]


@pytest.mark.parametrize("query", CHANGES)
async def test_changes_are_read_in_their_order(steps: Steps, query: PublicQuery) -> None:
    found = await steps(lambda work: work.public.some(query, PLAIN))
    assert all("ix_tickets_changed (changed_at>?" in step for step in of_tickets(found)), found
    assert not [step for step in found if "TEMP B-TREE" in step]


async def test_sensitive_services_are_found_by_service_area_and_time(steps: Steps) -> None:
    found = of_tickets(await steps(lambda work: work.public.some(replace(SPAN, box=BOX), GUARDED)))
    assert any("ix_tickets_crowd (service=? AND area=?" in step for step in found), found
    assert not [step for step in found if step.startswith("SCAN")]


async def test_updates_are_read_in_the_order_of_their_times(steps: Steps) -> None:
    found = await steps(lambda work: work.public.updates(CITY, since=NOW - DAYS, until=NOW))
    assert any("ix_updates_public (at>? AND at<?)" in step for step in found), found
    assert not [step for step in found if "TEMP B-TREE" in step]


async def test_numbers_are_looked_up(steps: Steps) -> None:
    found = of_tickets(await steps(lambda work: work.public.some(PublicQuery(numbers=("7K3-9QX",)), CITY)))
    assert found
    assert all("(number=?)" in step for step in found), found
