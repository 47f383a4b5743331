"""Each subscriber gets each week's digest once, from several processes, of which some are killed."""

import asyncio
import signal
from collections import Counter

import pytest

from store.database import Database
from store.seal import Seal
from tests.bot.digests import MONDAY, Printer, digesting, email, names
from tests.bot.processes import Process, begin, process
from tests.store.samples import StillClock

_PROCESS = """
import asyncio, os, signal, sys
from datetime import datetime
from bot.digesting.sending import Digesting
from store.database import Database
from store.seal import Seal
from tests.bot.digests import Printer, digesting, email
from tests.store.samples import SECRET, StillClock

async def main(url, now, owner, die_after):
    clock = StillClock()
    clock.time = datetime.fromisoformat(now)
    store = await Database.open(url, Seal(SECRET), clock=clock, durable=False)
    people = [email(f"p{n}@city.example", language=("es", "pt")[n % 2]) for n in range(20)]
    one = digesting(store, clock, Printer(), *people, owner=owner)
    queue, hold, done = Digesting._queue, Digesting._hold, []

    async def dying(self, *what):
        if len(done) == int(die_after):
            os.kill(os.getpid(), signal.SIGKILL)
        done.append(await queue(self, *what))
        return done[-1]

    async def together(self, now):  # as if there were no lease: it is not what makes it once
        await hold(self, now)
        return True

    Digesting._queue, Digesting._hold = dying, together
    print("ready", flush=True)
    sys.stdin.readline()
    await one.look()
    print(sum(done), flush=True)
    await store.close()

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture
def clock() -> StillClock:
    clock = StillClock()
    clock.time = MONDAY
    return clock


def sender(url: str, owner: str, die_after: int = 99) -> Process:
    return process(_PROCESS, url, MONDAY.isoformat(), owner, str(die_after))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # on SQLite there is one process
async def test_four_processes_one_of_which_is_killed_send_it_once(
    database_url: str, seal: Seal, clock: StillClock
) -> None:
    four = [sender(database_url, f"p{n}", die_after=7 if n == 0 else 99) for n in range(4)]
    begin(*four)
    said = [await asyncio.to_thread(one.communicate) for one in four]
    assert [one.returncode for one in four] == [-signal.SIGKILL, 0, 0, 0]
    again = sender(database_url, "p0")
    begin(again)
    said_again, _ = await asyncio.to_thread(again.communicate)
    assert said_again == "0\n"
    database = await Database.open(database_url, seal, clock=clock, durable=False)
    found = Counter(await names(database, clock))
    await database.close()
    assert found == dict.fromkeys((f"p{n}@city.example" for n in range(20)), 1)
    assert sum(int(out) for out, _ in said[1:]) + 7 >= 20


async def test_a_process_that_is_killed_in_the_middle_has_sent_what_it_had(
    database_url: str, seal: Seal, clock: StillClock
) -> None:
    killed = sender(database_url, "one", die_after=5)
    begin(killed)
    await asyncio.to_thread(killed.communicate)
    assert killed.returncode == -signal.SIGKILL
    database = await Database.open(database_url, seal, clock=clock, durable=False)
    assert len(await names(database, clock)) == 5
    people = [email(f"p{n}@city.example", language=("es", "pt")[n % 2]) for n in range(20)]
    await digesting(database, clock, Printer(), *people, owner="one").look()
    assert len(await names(database, clock)) == 15
    await database.close()
