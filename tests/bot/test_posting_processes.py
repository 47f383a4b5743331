"""Several processes file for programs at once, on either database."""

import asyncio
from collections.abc import Sequence
from random import Random

from bot.desk.posting import Posting
from bot.i18n import Words
from store.database import Database
from tests.bot.test_posting import sent
from tests.store.samples import StillClock
from tests.town import CITY, OneStreet


def postings(clock: StillClock, *stores: Database) -> Sequence[Posting]:
    return [
        Posting(
            store=store, render=Words(CITY), clock=clock, city=CITY, places=OneStreet(), random=Random(n),
            sms="simulated_sms",
        )
        for n, store in enumerate(stores)
    ]  # fmt: skip


async def test_the_same_sent_to_two_processes_is_one_report_and_one_question(
    database: Database, second: Database, clock: StillClock
) -> None:
    one, other = postings(clock, database, second)
    numbers = await asyncio.gather(*(process.file(sent()) for process in (one, other) * 4))
    assert len(set(numbers)) == 1
    async with database.view() as view:
        waits = {backlog.queue: backlog.waiting for backlog in await view.backlogs.all()}
    assert waits["outbox"] == 1


async def test_many_reports_of_one_phone_wait_for_one_yes(
    database: Database, second: Database, clock: StillClock
) -> None:
    one, other = postings(clock, database, second)
    numbers = await asyncio.gather(*(p.file(sent(f"{n}")) for n, p in enumerate((one, other) * 4)))
    assert len(set(numbers)) == 8
    async with database.view() as view:
        waits = {backlog.queue: backlog.waiting for backlog in await view.backlogs.all()}
    assert waits["outbox"] == 1
