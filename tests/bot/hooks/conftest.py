"""The tower that every test of the workers stands on."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from bot.hooks.acts import Hooking
from bot.hooks.sending import Sender
from bot.hooks.target import allowed_by
from bot.metrics import Counters
from store.database import Database
from tests.bot.hooks.receiver import receiving
from tests.bot.hooks.tower import SOURCE, Standing, Tower
from tests.store.samples import StillClock


@pytest.fixture
async def tower(database: Database, clock: StillClock) -> AsyncIterator[Tower]:
    async with AsyncExitStack() as stack:
        there = await stack.enter_async_context(receiving())
        send = Sender(lambda: allowed_by(["127.0.0.0/8"]))
        acts = Hooking(store=database, clock=clock, send=send, source=SOURCE)
        yield Tower(database, clock, there, Standing(), acts, Counters())
