"""What open pages of the desk ask the database, on both kinds of it, and how they hear of what others do."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.ports import Query, Word
from bot.ports.live import ANYTHING, TALK
from handlers.effects import ThreadKind
from store.database import Database
from store.seal import Seal
from tests.postgres import Cluster
from tests.store.samples import NOON, StillClock, citizen, file, ticket
from tickets.model import Actor, Author, Status
from tickets.workflow import comment

LONG = 10.0  # s; more than any wake-up takes


async def test_tickets_are_glanced_at_by_their_numbers(database: Database) -> None:
    await file(database, replace(ticket("A", await citizen(database)), assignee="ana"))
    async with database.view() as view:
        found = await view.live.glances({"A", "B"})
        assert await view.live.glances(()) == {}
    assert [(one.number, one.version, one.status, one.assignee) for one in found.values()] == [
        ("A", 1, Status.RECEIVED, "ana")
    ]


async def test_of_some_numbers_those_are_told_that_a_list_shows(database: Database) -> None:
    reporter = await citizen(database)
    await file(database, replace(ticket("A", reporter), service="tree"))
    await file(database, replace(ticket("B", reporter), status=Status.RESOLVED, closed_at=NOON))
    await file(database, replace(ticket("C", reporter), service="tree"))
    async with database.view() as view:
        live = view.live
        assert await live.among(Query(open=None), {"A", "B"}) == {"A", "B"}
        assert await live.among(Query(), {"A", "B", "X"}) == {"A"}
        assert await live.among(Query(status=Status.RESOLVED, open=None), {"A", "B"}) == {"B"}
        assert await live.among(Query(services=("tree",)), {"C"}) == {"C"}
        assert await live.among(Query(words=(Word(stem="nothing"),)), {"A"}) == set()
        assert await live.among(Query(), ()) == set()


async def test_what_was_filed_since_comes_with_the_latest_first(database: Database) -> None:
    reporter = await citizen(database)
    for n, number in enumerate("ABC"):
        await file(database, replace(ticket(number, reporter), filed_at=NOON + timedelta(minutes=n)))
    async with database.view() as view:
        assert list(await view.live.filed(NOON + timedelta(minutes=1), 9)) == ["C", "B"]
        assert list(await view.live.filed(NOON, 1)) == ["C"]


async def test_a_clerks_word_on_single_keys_is_kept(database: Database) -> None:
    for on in (False, False, True):
        async with database.work() as work:
            await work.habits.set_shortcuts("ana", on=on)
            await work.commit()
        async with database.view() as view:
            assert await view.habits.shortcuts("ana") is on
            assert await view.habits.shortcuts("bruno")


async def test_only_what_was_committed_is_news(database: Database) -> None:
    reporter, heard = await citizen(database), list[str]()
    database.bell.hear(heard.append)
    async with database.work() as work:
        await work.threads.open(reporter, ThreadKind.ASKED, NOON, silent=True)
    assert TALK not in heard
    await file(database, ticket("A", reporter))
    async with database.work() as work:
        await work.threads.open(reporter, ThreadKind.ASKED, NOON, silent=True)
        await work.commit()
    assert {"A", TALK} <= {*heard}


@pytest.fixture
async def listening(cluster: Cluster, seal: Seal, clock: StillClock) -> AsyncIterator[Database]:
    """Another process on the same PostgreSQL."""
    other = await Database.open(cluster.url("postgres"), seal, clock=clock)
    yield other
    await other.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_another_process_hears_which_ticket_was_changed(database: Database, listening: Database) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    listening.bell.hear(heard.put_nowait)
    assert await asyncio.wait_for(heard.get(), LONG) == ANYTHING  # it listens from now on
    reporter = await citizen(database)
    await file(database, ticket("7K3-9QX", reporter))
    assert await asyncio.wait_for(heard.get(), LONG) == "7K3-9QX"
    async with database.work() as work:
        known = await work.tickets.get("7K3-9QX")
        assert known
        await work.tickets.change(
            *comment(known, actor=Actor(author=Author.CLERK, name="ana"), at=NOON, note="x", public=False)
        )
        await work.commit()
    assert await asyncio.wait_for(heard.get(), LONG) == "7K3-9QX"
