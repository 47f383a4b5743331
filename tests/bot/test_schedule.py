"""Scheduled work is done once by any number of processes, whatever is killed."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.ports import StoreUnavailable, UnitOfWork
from bot.schedule import Chore, Job, Schedule, every
from store.database import Database
from store.seal import Seal
from tests.bot.processes import process, together
from tests.store.samples import SECRET, StillClock

ROOT = Path(__file__).parents[2]
HOURLY = every(timedelta(hours=1))
TIMES = 20


async def count(work: UnitOfWork, now: datetime, after: int) -> int | None:
    """One more run, in two parts."""
    await work.cursors.set("runs", await work.cursors.get("runs") + 1)
    return 1 if after == 0 else None


@pytest.fixture
async def second(database_url: str, seal: Seal, clock: StillClock) -> AsyncIterator[Database]:
    database = await Database.open(database_url, seal, clock=clock, durable=False)
    yield database
    await database.close()


def stepwise(parts: int, dies_in: int, trouble: BaseException) -> tuple[Job, list[int]]:
    """A job of so many parts, and those it began. The first time it comes to the part `dies_in` it has written it and
    not committed it when the trouble comes."""
    begun: list[int] = []

    async def step(work: UnitOfWork, now: datetime, after: int) -> int | None:
        await count(work, now, after)
        begun.append(after)
        if begun.count(dies_in) == 1 and after == dies_in:
            raise trouble
        return after + 1 if after + 1 < parts else None

    return Job(name="stepwise", due=HOURLY, step=step), begun


async def runs(database: Database) -> int:
    async with database.view() as view:
        return await view.cursors.get("runs")


async def test_a_job_is_done_once_in_its_time_by_all_processes(
    database: Database, second: Database, clock: StillClock
) -> None:
    one, other = (Schedule(store, clock, [Job(name="count", due=HOURLY, step=count)]) for store in (database, second))
    for look in (one.look, other.look, one.look):
        await look()
    assert await runs(database) == 2  # its two parts
    clock.forward(3600)
    await other.look()
    await one.look()
    assert await runs(database) == 4


async def test_after_a_pause_only_the_latest_time_is_made_up_for(database: Database, clock: StillClock) -> None:
    schedule = Schedule(database, clock, [Job(name="count", due=HOURLY, step=count)])
    await schedule.look()
    clock.forward(12 * 3600)
    await schedule.look()
    assert await runs(database) == 4


async def test_a_job_that_fails_is_tried_again_and_stops_no_other(database: Database, clock: StillClock) -> None:
    tries = []

    async def fail(work: UnitOfWork, now: datetime, after: int) -> int | None:
        tries.append(now)
        await work.cursors.set("runs", 77)
        raise ZeroDivisionError

    schedule = Schedule(
        database, clock, [Job(name="broken", due=HOURLY, step=fail), Job(name="count", due=HOURLY, step=count)]
    )
    await schedule.look()
    assert await runs(database) == 2  # what the broken one wrote was taken back
    await schedule.look()
    assert len(tries) == 2


@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize(
    "trouble", [StoreUnavailable("a restart"), ZeroDivisionError(), asyncio.CancelledError()], ids=repr
)
async def test_whoever_looks_next_goes_on_with_the_part_in_which_another_ended(
    database: Database, second: Database, clock: StillClock, part: int, trouble: BaseException
) -> None:
    job, begun = stepwise(4, part, trouble)
    with suppress(asyncio.CancelledError):  # the first one is stopped, or goes on living with its trouble
        await Schedule(database, clock, [job]).look()
    other = Schedule(second, clock, [job])
    await other.look()
    await other.look()
    assert begun == [*range(part + 1), *range(part, 4)]
    assert await runs(database) == 4


async def test_two_that_look_at_the_same_moment_share_the_parts(
    database: Database, second: Database, clock: StillClock
) -> None:
    job, begun = stepwise(12, -1, ZeroDivisionError())
    await asyncio.gather(*(Schedule(store, clock, [job]).look() for store in (database, second)))
    assert begun == list(range(12))
    assert await runs(database) == 12


async def test_what_was_left_of_a_run_is_not_done_in_the_next_one_s_time(database: Database, clock: StillClock) -> None:
    job, begun = stepwise(3, 1, StoreUnavailable("a long one"))
    await Schedule(database, clock, [job]).look()
    clock.forward(3600)
    await Schedule(database, clock, [job]).look()
    assert begun == [0, 1, 0, 1, 2]


@pytest.mark.parametrize("part", range(3))
async def test_a_process_that_is_killed_in_a_part_has_done_those_before_it(
    database: Database, database_url: str, clock: StillClock, part: int
) -> None:
    killed_in(part, database_url)
    job, begun = stepwise(3, -1, ZeroDivisionError())
    await Schedule(database, clock, [job]).look()
    assert begun == list(range(part, 3))
    assert await runs(database) == 3


_KILLED = """
import asyncio, os, signal, sys
from bot.schedule import Schedule
from store.database import Database
from store.seal import Seal
from tests.bot import test_schedule
from tests.store.samples import SECRET, StillClock

async def main(url, part):
    store = await Database.open(url, Seal(SECRET), clock=StillClock(), durable=False)
    job, begun = test_schedule.stepwise(3, -1, ZeroDivisionError())

    async def step(work, now, after):
        reached = await job.step(work, now, after)
        if after == int(part):
            os.kill(os.getpid(), signal.SIGKILL)
        return reached

    await Schedule(store, StillClock(), [test_schedule.Job(name=job.name, due=job.due, step=step)]).look()

asyncio.run(main(*sys.argv[1:]))
"""


def killed_in(part: int, url: str) -> None:
    command = [sys.executable, "-c", _KILLED, url, str(part)]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("now", "due"),
    [("2026-11-22T09:47:11", "2026-11-22T09:40:00"), ("2026-11-22T09:50:00", "2026-11-22T09:50:00")],
)
def test_due_is_the_latest_full_multiple(now: str, due: str) -> None:
    at = every(timedelta(minutes=10))(datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert at == datetime.fromisoformat(due).replace(tzinfo=UTC)


_PROCESS = """
import asyncio, sys
from datetime import datetime, timedelta, UTC
from bot.schedule import Chore, Job, Schedule, every
from store.database import Database
from store.seal import Seal

class Clock:
    at = datetime(2026, 1, 5, tzinfo=UTC)
    def now(self):
        return self.at

async def count(work, now, after):
    await work.cursors.set("runs", await work.cursors.get("runs") + 1)
    return None

async def main(url, secret, times):
    clock = Clock()
    store = await Database.open(url, Seal(secret), clock=clock, durable=False)
    schedule = Schedule(store, clock, [Job(name="count", due=every(timedelta(hours=1)), step=count)])
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(int(times)):
        await schedule.look()
        clock.at += timedelta(hours=1)
    await store.close()

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_two_processes_that_look_at_the_same_moment_do_it_once(database: Database, database_url: str) -> None:
    two = [process(_PROCESS, database_url, SECRET, str(TIMES)) for _ in range(2)]
    assert together(*two) == [0, 0]
    assert await runs(database) == TIMES


@pytest.mark.parametrize("trouble", [None, OSError(5, "Input/output error")])
async def test_a_chore_is_begun_once_in_its_time_by_all_processes(
    database: Database, second: Database, clock: StillClock, trouble: Exception | None
) -> None:
    begun: list[datetime] = []

    async def do(now: datetime) -> None:
        begun.append(now)
        if trouble:
            raise trouble

    chore = Chore(name="chore", due=HOURLY, do=do)
    schedules = [Schedule(store, clock, [chore]) for store in (database, second, database)]
    for _ in range(2):
        await asyncio.gather(*(schedule.look() for schedule in schedules))
    assert begun == [clock.now()]
    clock.forward(3600)
    await asyncio.gather(*(schedule.look() for schedule in schedules))
    assert len(begun) == 2
