"""Receipts that several processes note at the same time."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.inbox.reception import Reception
from channels.message import Contact, Delivery, Receipt
from channels.reason import Reason
from store.database import Database
from store.seal import Seal
from store.spool import Spool
from store.tables import citizens
from tests.store.samples import NOON, StillClock, citizen, enqueue, queued

PEOPLE = [Contact(channel="whatsapp", address=f"+5255000001{n:02d}") for n in range(30)]


async def sent(database: Database) -> None:
    """Two messages to each; the keys of the second ones are in the contrary order."""
    for n, contact in enumerate(PEOPLE):
        known = await citizen(database, contact)
        await enqueue(database, *(queued(key, known, to=contact) for key in (f"a{n:02d}", f"b{99 - n:02d}")))
    for _ in range(2):
        async with database.work() as work:
            for departure in await work.outbox.claim("one", NOON, 60, len(PEOPLE)):
                await work.outbox.sent(departure, "", NOON)
            await work.commit()


@pytest.mark.parametrize("reason", [Reason.BLOCKED, Reason.OUTSIDE_WINDOW])
async def test_refusals_of_the_same_people_in_contrary_orders_are_all_noted(
    database: Database, clock: StillClock, tmp_path: Path, seal: Seal, reason: Reason
) -> None:
    await sent(database)
    clock.forward(60)

    async def note(keys: Sequence[str]) -> None:
        receipts = [Receipt(key=key, external_id="", delivery=Delivery.FAILED, reason=reason) for key in keys]
        reception = Reception(database, Spool(tmp_path, seal), clock)  # without a spool for receipts: they raise
        await reception.receipts("whatsapp", receipts)

    numbers = range(len(PEOPLE))
    async with asyncio.timeout(20):
        await asyncio.gather(note([f"a{n:02d}" for n in numbers]), note([f"b{99 - n:02d}" for n in numbers]))
    async with database.work() as work:
        refused = (await work.outbox._tx.execute(select(citizens.c.refused))).scalars().all()  # type: ignore[attr-defined]
        anew = await work.outbox.claim("one", clock.now() + timedelta(seconds=3), 60, 100)
    assert set(refused) == ({reason} if reason == Reason.BLOCKED else {None})
    assert len(anew) == (0 if reason == Reason.BLOCKED else len(PEOPLE))  # the first of each
