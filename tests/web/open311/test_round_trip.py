"""A city's own Open311, read by our import into an empty city: as many requests, and each as it may be told."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from random import Random

import aiohttp
import pytest

from bot.moving.mapping import read_mapping
from bot.moving.open311 import Server, address_of
from bot.moving.report import Outcome, Report
from bot.moving.work import Import
from bot.ports import Query
from bot.ports.moving import IMPORT
from nlu.places import Gazetteer
from store.database import Database
from tests.web.open311.town import TOWN, clear, close, fill, ticket
from tests.web.world import NOW, World
from tickets.model import Point, Status, Ticket

PLAN = read_mapping("source: puerto\nrate: 100", TOWN, online=True)


async def told(store: Database | World, **query: object) -> list[Ticket]:
    there = store if isinstance(store, Database) else store.store
    async with there.view() as view:
        return list((await view.tickets.page(Query(open=None, limit=1000, **query))).rows)  # type: ignore[arg-type]


def _aged(one: Ticket, age: timedelta) -> Ticket:
    there = replace(one.place, point=Point(latitude=14.6, longitude=-66.5))
    return replace(one, place=there, filed_at=NOW - age, due_at=NOW - age + timedelta(days=5))


@pytest.fixture
async def published(open_world: World) -> AsyncIterator[World]:
    """Of 150 over half a year some are closed, some told in their reporter's words."""
    some = [
        _aged(ticket(n, service="lighting" if n % 3 else "pothole"), timedelta(hours=25 * n)) for n in range(1, 151)
    ]
    await fill(open_world, *some)
    for one in some[::5]:
        await close(open_world, one, one.filed_at + timedelta(hours=20))
    for one in some[1:4]:
        await clear(open_world, one, f"in front of the school {one.filed_at:%d}")
    yield open_world


def _counted(tickets: list[Ticket]) -> Counter[object]:
    return Counter((one.service, one.place.area, one.filed_at, one.closed_at, one.status) for one in tickets)


@pytest.mark.parametrize("form", ["json", "xml"])
async def test_what_a_city_publishes_moves_into_an_empty_one(published: World, database: Database, form: str) -> None:
    report, places = Report(), Gazetteer(TOWN.areas, TOWN.streets, TOWN.landmarks)
    work = Import(
        store=database, city=TOWN, places=places, clock=published.clock, random=Random(1), plan=PLAN,
        show=lambda _: None,
    )  # fmt: skip
    async with aiohttp.ClientSession() as session:
        address = address_of(str(published.client.make_url("/open311/v2")))
        server = Server(session=session, address=address, plan=PLAN, _form=form)
        await work.run(server.items(NOW - timedelta(days=200), NOW), report)
    assert (report.outcomes, report.reasons) == ({Outcome.FILED: 150}, {})
    before, after = await told(published), await told(database)
    assert _counted(before) == _counted(after)
    assert {one.channel for one in after} == {IMPORT}
    assert sum(one.status is Status.RESOLVED for one in after) == 30
    assert sum(one.description.startswith("in front of the school") for one in after) == 3
    assert not any("frente a mi casa" in one.place.words + one.description for one in after)
