"""Acts on many tickets by processes that are killed in the middle, and by several at the same time."""

import asyncio
import signal
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.desk.bulk_book import State, read, written
from bot.ports.links import Batch
from store.database import Database
from store.seal import Seal
from tests.bot.bulks import EVA, RESOLVE, book_of, bulk, history, many, texts, tickets
from tests.bot.processes import Process, begin, process
from tests.store.samples import NOON, StillClock

_PROCESS = """
import asyncio, os, signal, sys
from datetime import datetime
from bot.desk.bulk_work import Working
from store.database import Database
from store.seal import Seal
from store.tickets import Tickets
from store.work import Work
from tests.bot.bulks import bulk
from tests.store.samples import SECRET, StillClock

async def main(url, now, wanted, die_after, leased):
    clock = StillClock()
    clock.time = datetime.fromisoformat(now)
    store = await Database.open(url, Seal(SECRET), clock=clock, durable=False)
    acts, commit, left = bulk(store, clock), Work.commit, [int(die_after)]

    async def dying(self):
        await commit(self)
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    async def held(self, name, owner):
        return True

    Work.commit = dying
    if leased == "no":
        Working._hold = held
    print("ready", flush=True)
    sys.stdin.readline()
    await acts.working.go_on(int(wanted))
    await store.close()

asyncio.run(main(*sys.argv[1:]))
"""


DEAD = [-signal.SIGKILL, -signal.SIGKILL, 0, 0]


def worker(url: str, at: StillClock, wanted: int, die_after: int = 0, leased: str = "no") -> Process:
    return process(_PROCESS, url, at.time.isoformat(), str(wanted), str(die_after), leased)


async def run(*workers: Process) -> list[int]:
    begin(*workers)
    for one in workers:
        await asyncio.to_thread(one.communicate)
    return [one.returncode for one in workers]


@pytest.mark.parametrize("commits", [1, 4, 13])
async def test_one_that_is_killed_in_the_middle_is_gone_on_with_and_each_ticket_done_once(
    database_url: str, seal: Seal, clock: StillClock, commits: int
) -> None:
    """The lease of a minute is what the killed one leaves behind; after that whoever looks goes on."""
    database = await Database.open(database_url, seal, clock=clock, durable=False)
    acts = bulk(database, clock)
    numbers = await many(database, 30)
    wanted = await acts.look_at(numbers, RESOLVE, EVA)
    async with database.work() as work:  # confirmed, and nothing done yet
        batch = await work.batches.get(wanted, lock=True)
        assert batch
        await work.batches.keep(_confirmed(batch))
        await acts._due(work, wanted)
        await work.commit()
    assert await run(worker(database_url, clock, wanted, die_after=commits + 1, leased="yes")) == [-signal.SIGKILL]
    assert sum(one.version == 2 for one in await tickets(database, numbers)) == commits
    await acts.working.look()
    assert (await book_of(acts, wanted)).state is State.DOING  # the lease is not over yet
    clock.forward(61)
    await acts.working.look()
    book = await book_of(acts, wanted)
    assert (book.state, book.count("done"), book.count("left")) == (State.DONE, 30, 0)
    assert {len(await history(database, number)) for number in numbers} == {2}
    clock.forward(121)
    await acts.working.look()
    assert [len(await texts(database, number)) for number in numbers] == [1] * 30
    await database.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # on SQLite there is one process
async def test_four_at_once_do_tell_and_undo_each_ticket_once_though_two_are_killed(
    database_url: str, seal: Seal, clock: StillClock
) -> None:
    """As if there were no lease: it is not what makes it once."""
    database = await Database.open(database_url, seal, clock=clock, durable=False)
    acts = bulk(database, clock)
    numbers = await many(database, 24)
    wanted = await acts.look_at(numbers, RESOLVE, EVA)
    async with database.work() as work:
        batch = await work.batches.get(wanted, lock=True)
        assert batch
        await work.batches.keep(_confirmed(batch))
        await work.commit()
    killed = [worker(database_url, clock, wanted, die_after=die) for die in (1, 2)]
    assert await run(*killed, *(worker(database_url, clock, wanted) for _ in range(2))) == DEAD
    book = await book_of(acts, wanted)
    assert (book.state, book.count("done"), book.count("left")) == (State.DONE, 24, 0)
    assert {one.version for one in await tickets(database, numbers)} == {2}
    clock.forward(121)
    killed = [worker(database_url, clock, wanted, die_after=die) for die in (1, 2)]
    assert await run(*killed, *(worker(database_url, clock, wanted) for _ in range(2))) == DEAD
    assert [len(await texts(database, number)) for number in numbers] == [1] * 24
    async with database.work() as work:
        await work.leases.give_up(f"batch:{wanted}", "")
        assert await work.leases.hold(f"batch:{wanted}", "me", clock.now(), clock.now() + timedelta(minutes=1))
        await work.commit()
    await acts.undo(wanted, EVA)  # begun, and left to the others: the lease is mine
    killed = [worker(database_url, clock, wanted, die_after=die) for die in (1, 2)]
    assert await run(*killed, *(worker(database_url, clock, wanted) for _ in range(2))) == DEAD
    book = await book_of(acts, wanted)
    assert (book.state, book.count("undone"), book.count("kept")) == (State.UNDONE, 24, 0)
    assert {one.version for one in await tickets(database, numbers)} == {3}
    assert [len(await texts(database, number)) for number in numbers] == [2] * 24
    await database.close()


def _confirmed(batch: Batch) -> Batch:
    book = read(batch)
    book.state = State.DOING
    return written(replace(batch, act=book.order.what.value, at=NOON), book)
