from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from store import housekeeping
from store.database import Database
from store.tables import outbox
from tests.store.samples import ANA, NOON, accept, enqueue, file, inbound, queued, ticket

LATER = NOON + timedelta(days=8)


async def claim_and(database: Database, act: str) -> None:
    async with database.work() as work:
        [arrival] = await work.inbox.claim("one", NOON, 30, 1)
        if act == "answer":
            await work.inbox.answered(arrival, NOON)
        else:
            await work.inbox.set_aside(arrival, NOON, "loop")
        await work.commit()


async def forget(database: Database) -> None:
    after: int | None = 0
    while after is not None:
        async with database.work() as work:
            await work.housekeeping.rest(LATER, LATER - timedelta(days=7))
            after = await work.housekeeping.messages(LATER - timedelta(days=7), after)
            await work.commit()


async def kept(database: Database) -> list[str]:
    """What is known still is not accepted again."""
    new = []
    for n in range(6):
        async with database.work() as work:
            if not await work.inbox.accept([inbound(str(n), ANA, str(n))]):
                new.append(str(n))
    return new


async def test_answered_messages_are_forgotten_and_what_waits_for_somebody_is_not(database: Database) -> None:
    await accept(database, *(inbound(str(n), ANA, str(n)) for n in range(6)))
    for act in ("answer", "aside", "answer", "answer"):
        await claim_and(database, act)
    await forget(database)
    assert await kept(database) == ["1", "4", "5"]


async def test_more_than_one_batch_is_forgotten(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "_BATCH", 2)
    await accept(database, *(inbound(str(n), ANA, str(n)) for n in range(6)))
    for _ in range(6):
        await claim_and(database, "answer")
    await forget(database)
    assert await kept(database) == ["5"]  # the newest stays: its id must not come again


async def test_nothing_is_forgotten_before_its_time(database: Database) -> None:
    await accept(database, *(inbound(str(n), ANA, str(n)) for n in range(6)))
    await claim_and(database, "answer")
    async with database.work() as work:
        assert await work.housekeeping.messages(NOON, 0) is None
        await work.commit()
    assert len(await kept(database)) == 6


async def test_the_newest_run_of_each_schedule_is_never_forgotten(database: Database) -> None:
    """A monthly job whose run were forgotten after a week would be done again by the next process that starts."""
    month, week, hour = timedelta(days=30), timedelta(days=8), timedelta(hours=1)
    async with database.work() as work:
        for schedule, at in [("monthly", LATER - month), ("monthly", LATER - week), ("hourly", LATER - week),
                             ("hourly", LATER - hour)]:  # fmt: skip
            assert await work.schedule.once(schedule, at)
        assert await work.schedule.next_part("parts", LATER - month) == 0
        await work.schedule.reached("parts", LATER - month, None)
        await work.commit()
    await forget(database)
    async with database.work() as work:
        assert not await work.schedule.once("monthly", LATER - week)
        assert not await work.schedule.once("hourly", LATER - hour)
        assert await work.schedule.next_part("parts", LATER - month) is None
        assert await work.schedule.once("monthly", LATER - month)
        assert await work.schedule.once("hourly", LATER - week)


async def left(database: Database) -> list[str]:
    async with database.view() as view:
        return list((await view._tx.execute(select(outbox.c.key).order_by(outbox.c.id))).scalars())


async def replied(database: Database, **reached: bool) -> None:
    """Messages from us by these keys, done; those that are not `reached` failed."""
    await accept(database, inbound("0", ANA))
    await file(database, ticket("7K3-9QX", 1))
    await enqueue(database, *(queued(key, 1, number="7K3-9QX" if key == "notice" else None) for key in reached))
    async with database.work() as work:
        for key, well in reached.items():
            done = {"done_at": NOON, "delivery": "sent" if well else "failed"}
            await work._tx.execute(update(outbox).where(outbox.c.key == key).values(done))
        await work.commit()


async def forget_replies(database: Database, before: datetime) -> int:
    """How many parts it took."""
    more, parts = True, 0
    while more:
        async with database.work() as work:
            more = await work.housekeeping.replies(before)
            await work.commit()
        parts += 1
    return parts


async def test_what_we_said_beside_any_ticket_is_forgotten_and_what_reached_nobody_waits_for_a_clerk(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "_BATCH", 2)
    await replied(database, hello=True, notice=True, lost=False, bye=True)
    await forget_replies(database, NOON)
    assert await left(database) == ["hello", "notice", "lost", "bye"]
    assert await forget_replies(database, LATER) == 3
    assert await left(database) == ["notice", "lost"]


async def test_what_was_looked_at_once_is_not_looked_at_again(database: Database) -> None:
    await replied(database, notice=True, bye=True)
    await forget_replies(database, LATER)
    async with database.view() as view:
        assert await view.cursors.get("forget/replies") == 2
    await enqueue(database, queued("new", 1))
    await forget_replies(database, LATER)
    assert await left(database) == ["notice", "new"]  # it was not sent yet
