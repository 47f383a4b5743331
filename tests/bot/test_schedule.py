"""Scheduled work is done once by any number of processes, whatever is killed."""

import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.ports import UnitOfWork
from bot.schedule import Job, Schedule, every
from store.database import Database
from store.seal import Seal
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
from bot.schedule import Job, Schedule, every
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
    assert race(database_url) == (0, 0)
    assert await runs(database) == TIMES


def race(url: str) -> tuple[int, int]:
    """Two processes from the same moment on; their exit statuses."""
    command = [sys.executable, "-c", _PROCESS, url, SECRET, str(TIMES)]
    with (
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as one,
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other,
    ):
        for process in (one, other):
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in (one, other):
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        return one.wait(60), other.wait(60)
