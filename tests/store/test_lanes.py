"""Many claimers at once, as several processes are: one row per lane, in order, each once."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator

import pytest

from channels.message import Contact
from store.database import Database
from store.seal import Seal
from tests.store.samples import ANA, NOON, StillClock, accept, citizen, enqueue, inbound, queued

PROCESSES = 4
CONTACTS = [Contact(channel="sms", address=f"+5255{n:08d}") for n in range(5)]
EACH = 8  # messages of each contact


@pytest.fixture
async def processes(database_url: str, seal: Seal, clock: StillClock) -> AsyncIterator[list[Database]]:
    """Databases that know nothing of each other: on SQLite the file's lock alone keeps them apart."""
    opened = [
        await Database.open(database_url, seal, clock=clock, durable=False, patience=30.0) for _ in range(PROCESSES)
    ]
    yield opened
    for database in opened:
        await database.close()


async def test_claimers_at_once_hold_one_row_per_lane_and_keep_the_order(processes: list[Database]) -> None:
    held: Counter[int] = Counter()
    seen: defaultdict[int, list[int]] = defaultdict(list)

    async def work_off(database: Database, owner: str) -> None:
        while sum(map(len, seen.values())) < len(CONTACTS) * EACH:
            async with database.work() as work:
                arrivals = await work.inbox.claim(owner, NOON, 30, 2)
                await work.commit()
            held.update(arrival.citizen.id for arrival in arrivals)
            assert all(count <= 1 for count in held.values()), "two rows of one lane were held at once"
            for arrival in arrivals:
                seen[arrival.citizen.id].append(int(arrival.inbound.text))
                async with database.work() as work:
                    assert await work.inbox.answered(arrival, NOON)
                    held[arrival.citizen.id] -= 1  # before the commit: after it, another one may hold the lane
                    await work.commit()

    async def write(database: Database, contact: Contact) -> None:
        for n in range(EACH):
            await accept(database, inbound(f"{contact.address} {n}", contact, str(n)))

    writers = [write(processes[n % PROCESSES], contact) for n, contact in enumerate(CONTACTS)]
    await asyncio.gather(*writers, *(work_off(database, f"p{n}") for n, database in enumerate(processes)))
    assert list(seen.values()) == [list(range(EACH))] * len(CONTACTS)


async def test_replies_and_notices_queued_from_all_sides_leave_one_at_a_time(processes: list[Database]) -> None:
    ana = await citizen(processes[0])
    total, held = PROCESSES * EACH, Counter[str]()
    sent: list[str] = []

    async def queue(database: Database, name: str) -> None:
        for n in range(EACH):
            await enqueue(database, queued(f"{name}-{n}", ana, bulk=n % 2 == 0))

    async def send(database: Database, owner: str) -> None:
        while len(sent) < total:
            async with database.work() as work:
                departures = await work.outbox.claim(owner, NOON, 30, 3)
                await work.commit()
            held["ana"] += len(departures)
            assert held["ana"] <= 1
            for departure in departures:
                sent.append(departure.outbound.key)
                async with database.work() as work:
                    await work.outbox.sent(departure, departure.outbound.key, NOON)
                    held["ana"] -= 1
                    await work.commit()

    queuing = [queue(database, f"q{n}") for n, database in enumerate(processes)]
    await asyncio.gather(*queuing, *(send(database, f"p{n}") for n, database in enumerate(processes)))
    assert len(set(sent)) == total
    for n in range(PROCESSES):
        assert [key for key in sent if key.startswith(f"q{n}-")] == [f"q{n}-{m}" for m in range(EACH)]


async def test_what_is_accepted_later_is_committed_later(processes: list[Database]) -> None:
    """Else a later message could be answered before an earlier one of the same citizen is even there."""
    await citizen(processes[0])
    async with processes[0].work() as work:
        await work.inbox.accept([inbound("1")])
        second = asyncio.create_task(accept(processes[1], inbound("2")))
        await asyncio.wait({second}, timeout=0.1)
        assert not second.done()
        await work.commit()
    assert await second == 1


async def test_nothing_enters_a_lane_behind_what_is_not_yet_committed(processes: list[Database]) -> None:
    """Else the later row could be claimed first, and the earlier one appear before it."""
    ana = await citizen(processes[0])
    async with processes[0].work() as work:
        await work.outbox.enqueue([queued("first", ana)], NOON)
        second = asyncio.create_task(enqueue(processes[1], queued("second", ana)))
        await asyncio.wait({second}, timeout=0.1)
        assert not second.done()
        await work.commit()
    await second
    async with processes[0].work() as work:
        [departure] = await work.outbox.claim("one", NOON, 30, 10)
    assert departure.outbound.key == "first"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite lets one write at a time anyway
async def test_a_claim_that_is_not_committed_hides_its_lane_from_others(processes: list[Database]) -> None:
    await accept(processes[0], inbound("1", text="a1"), inbound("2", text="a2"), inbound("3", CONTACTS[0], "b1"))
    async with processes[0].work() as one, processes[1].work() as two:
        [first] = await one.inbox.claim("one", NOON, 30, 1)
        rest = await two.inbox.claim("two", NOON, 30, 10)
    assert (first.inbound.text, [arrival.inbound.text for arrival in rest]) == ("a1", ["b1"])


async def test_who_opts_out_while_a_notice_is_being_queued_is_left_alone(processes: list[Database]) -> None:
    ana = await citizen(processes[0])
    async with processes[0].work() as work:
        await work.outbox.enqueue([queued("notice", ana)], NOON)
        stop = asyncio.create_task(opt_out(processes[1], ana))
        await asyncio.wait({stop}, timeout=0.1)
        await work.commit()
    assert await stop == 1
    async with processes[0].work() as work:
        assert await work.outbox.claim("one", NOON, 30, 10) == []


async def opt_out(database: Database, ana: int) -> int:
    async with database.work() as work:
        found = await work.citizens.find(ANA)
        assert found
        await work.citizens.save(found)
        dropped = await work.outbox.drop_queued(ana, NOON)
        await work.commit()
    return dropped


async def test_a_scheduled_job_is_run_once_by_all(processes: list[Database]) -> None:
    async def ask(database: Database) -> bool:
        async with database.work() as work:
            mine = await work.schedule.once("digest", NOON)
            await work.commit()
        return mine

    assert sum(await asyncio.gather(*map(ask, processes))) == 1
