from datetime import timedelta

from store.database import Database
from tests.store.samples import NOON

SOON = NOON + timedelta(seconds=8)


async def hold(database: Database, owner: str, *, after: float = 0.0) -> bool:
    now = NOON + timedelta(seconds=after)
    async with database.work() as work:
        held = await work.leases.hold("poll", owner, now, now + timedelta(seconds=8))
        await work.commit()
    return held


async def test_one_holds_it_until_it_ends_or_is_given_up(database: Database) -> None:
    assert await hold(database, "a")
    assert not await hold(database, "b", after=7)
    assert await hold(database, "a", after=7)  # goes on
    assert not await hold(database, "b", after=9)
    assert await hold(database, "b", after=15)  # a was killed
    assert not await hold(database, "a", after=16)
    async with database.work() as work:
        await work.leases.give_up("poll", "a")  # not its own any more
        await work.commit()
    assert not await hold(database, "a", after=17)
    async with database.work() as work:
        await work.leases.give_up("poll", "b")
        await work.commit()
    assert await hold(database, "a", after=17)
