"""Each level is told once, however many processes look and whichever is killed."""

import asyncio
import signal
from datetime import datetime
from pathlib import Path

import pytest

from store.database import Database
from tests.bot.escalating import ROADS, city, levels, local, pothole, schedule, told
from tests.bot.processes import Process, process, together
from tests.store.samples import SECRET, StillClock, citizen, file

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def ana(database: Database) -> int:
    return await citizen(database)


async def test_processes_that_look_at_once_tell_each_level_once(
    database: Database, second: Database, clock: StillClock, ana: int
) -> None:
    numbers = [f"00{n}-00{n}" for n in range(8)]
    await file(database, *(pothole(ana, number, due=local(24, 17)) for number in numbers))
    clock.time = local(24, 9)
    stores = (database, second, database, second)
    await asyncio.gather(*(schedule(store, clock, city()).look() for store in stores))
    assert [await levels(database, number) for number in numbers] == [[-9]] * 8
    assert len(await told(database)) == 2


_PROCESS = """
import asyncio, os, signal, sys
from datetime import datetime, timedelta
from bot.escalation import Escalation
from bot.i18n import Words
from bot.schedule import Job, Schedule, every
from bot.ports import StoreUnavailable
from store.database import Database
from store.seal import Seal
from tests.bot import escalating
from tests.store.samples import StillClock
import bot.escalation

async def main(url, secret, since, looks, dies):
    bot.escalation.PART = 3
    clock, city, parts = StillClock(), escalating.city(), 0
    clock.time = datetime.fromisoformat(since)
    store = await Database.open(url, Seal(secret), clock=clock, durable=False)
    escalation = Escalation(city=city, render=Words(city))

    async def step(work, now, after):
        nonlocal parts
        reached = await escalation.step(work, now, after)
        parts += 1
        if parts == int(dies):
            os.kill(os.getpid(), signal.SIGKILL)
        return reached

    schedule = Schedule(store, clock, [Job(name="escalation", due=every(timedelta(minutes=5)), step=step)])
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(int(looks)):
        await schedule.look()
        clock.time += timedelta(minutes=5)
    await store.close()

asyncio.run(main(*sys.argv[1:]))
"""


def teller(url: str, since: datetime, *, looks: int = 1, dies: int = 0) -> Process:
    return process(_PROCESS, url, SECRET, since.isoformat(), str(looks), str(dies))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_four_processes_of_which_two_are_killed_tell_each_level_once(
    database: Database, database_url: str, clock: StillClock, ana: int
) -> None:
    numbers = [f"{n:03}-000" for n in range(20)]
    await file(database, *(pothole(ana, number, due=local(24, 17)) for number in numbers))
    four = [teller(database_url, local(24, 9), looks=3, dies=dies) for dies in (0, 2, 0, 1)]
    found = together(*four)
    assert found.count(-signal.SIGKILL) <= 2
    assert {0, -signal.SIGKILL} >= set(found)
    assert [await levels(database, number) for number in numbers] == [[-9]] * 20
    said = [one.text for one in await told(database, ROADS)]
    assert sum(int(first) if (first := text.split()[0]).isdigit() else 1 for text in said) == 20


@pytest.mark.parametrize("part", [1, 2, 3])
async def test_a_process_that_is_killed_in_a_part_has_told_those_before_it_and_the_next_goes_on(
    database: Database, database_url: str, clock: StillClock, ana: int, part: int
) -> None:
    numbers = [f"{n:03}-000" for n in range(7)]
    await file(database, *(pothole(ana, number, due=local(24, 17)) for number in numbers))
    await database.close()
    assert together(teller(database_url, local(24, 9), dies=part)) == [-signal.SIGKILL]
    assert together(teller(database_url, local(24, 9))) == [0]
    assert [await levels(database, number) for number in numbers] == [[-9]] * 7
    said = [one.text for one in await told(database, ROADS)]
    assert [text.split()[0] for text in said] == ["3", "3", "006-000,"]
