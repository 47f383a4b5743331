"""What was acknowledged is there after `kill -9`."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from store.database import Database
from store.seal import Seal
from tests.store.samples import NOON, StillClock

WRITER = """
import asyncio, sys
from store.database import Database
from store.seal import Seal
from channels.message import Contact
from tests.store.samples import SECRET, StillClock, accept, inbound

async def citizen(database, n):
    for m in range(100_000):
        name = f"{n}-{m}"
        await accept(database, inbound(name, Contact(channel="sms", address=f"+{n}-{m}")))
        print(name, flush=True)

async def main():
    database = await Database.open(sys.argv[1], Seal(SECRET), clock=StillClock())
    await asyncio.gather(*(citizen(database, n) for n in range(8)))

asyncio.run(main())
"""
ENOUGH = 150  # acknowledged messages


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL outlives its clients
async def test_what_was_acknowledged_survives_a_kill(database_url: str, seal: Seal, clock: StillClock) -> None:
    root = Path(__file__).parents[2]
    writer = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WRITER, database_url, cwd=root, stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(root)},
    )  # fmt: skip
    assert writer.stdout
    acknowledged = [(await writer.stdout.readline()).decode().strip() for _ in range(ENOUGH)]
    writer.send_signal(signal.SIGKILL)
    acknowledged += (await writer.stdout.read()).decode().splitlines()
    await writer.wait()
    database = await Database.open(database_url, seal, clock=clock)
    async with database.work() as work:
        found = {arrival.inbound.external_id for arrival in await work.inbox.claim("one", NOON, 30, 100_000)}
    await database.close()
    whole = {name for name in acknowledged if name.count("-") == 1}
    assert found >= whole - {acknowledged[-1]}  # the last line may be cut
    assert len(whole) >= ENOUGH
