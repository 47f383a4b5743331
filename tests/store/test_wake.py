import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.ports import StoreUnavailable
from channels.message import Media
from store.database import Database
from store.seal import Seal
from store.wake import Bell
from tests.postgres import Cluster
from tests.store.samples import NOON, StillClock, accept, citizen, enqueue, file, inbound, queued, ticket

LONG = 10.0  # s; more than any wake-up takes


async def test_a_ring_while_nobody_waits_is_not_lost_and_counts_once() -> None:
    bell = Bell()
    bell.ring("inbox")
    bell.ring("inbox")
    assert await bell.wait("inbox", LONG)
    assert not await bell.wait("inbox", 0)
    assert not await bell.wait("outbox", 0)


async def test_what_is_accepted_or_queued_rings_once_it_is_committed(database: Database) -> None:
    async with database.work() as work:
        await work.inbox.accept([inbound("1")])
        assert not await database.bell.wait("inbox", 0)
        await work.commit()
    assert await database.bell.wait("inbox", LONG)
    await enqueue(database, queued("k", await citizen(database)))
    assert await database.bell.wait("outbox", LONG)


async def test_photos_ring_and_a_ticket_without_any_does_not(database: Database) -> None:
    await file(database, ticket("A", await citizen(database)))
    for media in ([], [Media(reference="r", content_type="image/jpeg")]):
        assert not await database.bell.wait("photos", 0)
        async with database.work() as work:
            await work.photos.add("A", "sms", media, NOON)
            await work.commit()
    assert await database.bell.wait("photos", LONG)


async def test_what_was_known_already_does_not_ring(database: Database) -> None:
    await accept(database, inbound("1"))
    await database.bell.wait("inbox", LONG)
    await asyncio.sleep(0)
    await accept(database, inbound("1"))
    assert not await database.bell.wait("outbox", 0)


@pytest.fixture
async def listening(cluster: Cluster, seal: Seal, clock: StillClock) -> AsyncIterator[Database]:
    """Another process on the same PostgreSQL."""
    other = await Database.open(cluster.url("postgres"), seal, clock=clock)
    yield other
    await other.close()


async def wake(database: Database, listening: Database) -> None:
    """Messages are accepted until the other process hears of one: its LISTEN may still be on its way."""
    for n in range(200):
        await accept(database, inbound(f"wake {n}"))
        if await listening.bell.wait("inbox", 0.05):
            return
    raise AssertionError("no wake-up arrived")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_other_processes_are_woken(database: Database, listening: Database) -> None:
    await wake(database, listening)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_wake_ups_come_again_after_a_restart(database: Database, listening: Database, cluster: Cluster) -> None:
    await wake(database, listening)
    cluster.stop()
    cluster.start()
    await accept_until_it_works(database)
    await wake(database, listening)


async def accept_until_it_works(database: Database) -> None:
    for n in range(20):
        try:
            await accept(database, inbound(f"after {n}"))
        except StoreUnavailable:
            continue
        return
