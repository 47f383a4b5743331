"""Of any number of processes one polls, and another goes on when it stops or dies."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.clock import SystemClock
from bot.inbox.polling import Polling, poll_once
from bot.inbox.reception import Reception
from bot.metrics import Counters
from bot.roles import watching
from bot.roles.watching import Watching
from channels import Traits, Unavailable
from channels.message import Contact, Inbound, Outbound, Receipt, Webhook
from store.database import Database
from store.seal import Seal
from store.spool import Spool
from tests.store.samples import NOON, StillClock


class Feed:
    """A provider with numbered messages, asked by whoever has the same feed; knows who asks at the same time."""

    name = "feed"
    traits = Traits(buttons=0, text_limit=100)

    def __init__(self) -> None:
        self.asking, self.most, self.polls = 0, 0, 0
        self.asked = asyncio.Condition()
        self.news: asyncio.Queue[int] = asyncio.Queue()

    async def poll(self, after: int) -> tuple[Sequence[Inbound | Receipt], int]:
        self.polls += 1
        self.asking += 1
        self.most = max(self.most, self.asking)
        async with self.asked:
            self.asked.notify_all()
        try:
            number = await self.news.get()
        finally:
            self.asking -= 1
        sender = Contact(channel=self.name, address="1")
        return [Inbound(sender=sender, external_id=str(number), received_at=NOON, text=str(number))], number + 1

    async def polled(self, times: int) -> None:
        """Until it was asked so often."""
        async with asyncio.timeout(10), self.asked:
            await self.asked.wait_for(lambda: self.polls >= times)

    def read(self, webhook: Webhook) -> Sequence[Inbound | Receipt]:
        return []

    async def send(self, outbound: Outbound) -> str:
        raise Unavailable("feed")

    async def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
async def two(tmp_path: Path, database_url: str, seal: Seal, clock: StillClock) -> AsyncIterator[list[Polling]]:
    """Two processes before the same feed."""
    feed = Feed()
    stores = [await Database.open(database_url, seal, clock=clock, durable=False) for _ in range(2)]
    yield [
        Polling(
            channel=feed, store=store, reception=Reception(store, Spool(tmp_path / "spool", seal), clock), clock=clock,
            owner=f"p{number}",
        )
        for number, store in enumerate(stores)
    ]  # fmt: skip
    for store in stores:
        await store.close()


async def texts(polling: Polling) -> list[str]:
    async with polling.store.work() as work:
        arrivals = await work.inbox.claim("reader", polling.clock.now(), 30, 10)
        found = []
        while arrivals:
            for arrival in arrivals:
                found.append(arrival.inbound.text)
                await work.inbox.answered(arrival, NOON)
            arrivals = await work.inbox.claim("reader", polling.clock.now(), 30, 10)
        await work.commit()
    return found


async def hold(polling: Polling) -> bool:
    return await polling._hold() is not None


async def test_what_is_polled_and_the_offset_are_written_together(two: list[Polling]) -> None:
    feed = two[0].channel
    assert isinstance(feed, Feed)
    for number in (1, 2):
        feed.news.put_nowait(number)
        await poll_once(two[0])
    assert await texts(two[0]) == ["1", "2"]
    async with two[1].store.view() as view:
        assert await view.cursors.get("feed") == 3


async def test_who_has_lost_the_lease_meanwhile_writes_nothing(two: list[Polling], clock: StillClock) -> None:
    one, other = two
    feed = one.channel
    assert isinstance(feed, Feed)
    assert await hold(one)
    polling = asyncio.create_task(poll_once(one))
    await feed.polled(1)
    clock.forward(one.lease + 1)  # it hung
    assert await hold(other)
    feed.news.put_nowait(1)
    await polling
    async with one.store.view() as view:
        assert await view.cursors.get("feed") == 0
    feed.news.put_nowait(1)  # the provider still has it
    await poll_once(other)
    assert await texts(other) == ["1"]


async def test_the_second_waits_until_the_first_gives_up_and_then_goes_on(two: list[Polling]) -> None:
    feed = two[0].channel
    assert isinstance(feed, Feed)
    one, other = (replace(polling, clock=SystemClock(), renew=0.05) for polling in two)
    first = asyncio.create_task(one.run())
    await feed.polled(1)
    second = asyncio.create_task(other.run())
    feed.news.put_nowait(1)
    await feed.polled(2)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    await feed.polled(3)
    feed.news.put_nowait(2)
    await feed.polled(4)
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    assert feed.most == 1
    assert await texts(two[0]) == ["1", "2"]


async def test_when_the_first_dies_the_second_goes_on_after_the_lease(two: list[Polling]) -> None:
    feed = two[0].channel
    assert isinstance(feed, Feed)
    one, other = (replace(polling, clock=SystemClock(), renew=0.05, lease=0.3) for polling in two)
    assert await hold(one)  # and is never heard of again
    second = asyncio.create_task(other.run())
    async with asyncio.timeout(10):
        await feed.polled(1)
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)


async def rename(store: Database, table: str, name: str) -> None:
    async with store.work() as work:
        await work._tx.execute(text(f"ALTER TABLE {table} RENAME TO {name}"))
        await work.commit()


async def test_polling_that_ends_by_an_unknown_error_is_seen_and_goes_on_by_itself(
    two: list[Polling], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(watching, "LONGEST_PAUSE", 0.05)
    polling, watch = replace(two[0], clock=SystemClock(), renew=0.05), Watching(Counters())
    feed = polling.channel
    assert isinstance(feed, Feed)
    await rename(polling.store, "leases", "elsewhere")  # type: ignore[arg-type]  # the fixture's are Databases
    broke = asyncio.Event()

    async def run() -> None:
        try:
            await polling.run()
        except Exception:
            broke.set()
            raise

    task = watch.begin(polling.name, run)
    await asyncio.wait_for(broke.wait(), 10)
    await asyncio.sleep(0)
    assert (watch.health(), feed.polls) == ({"poll:feed": False}, 0)
    await rename(polling.store, "elsewhere", "leases")  # type: ignore[arg-type]  # likewise
    await feed.polled(1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
