from datetime import timedelta

import pytest

from channels.message import Contact
from store.database import Database
from tests.store.samples import ANA, BEA, CLARA, NOON, citizen, file, ticket

NUMBER = "7K3-9QX"


@pytest.fixture
async def filed(database: Database) -> int:
    """A ticket of Ana's; her id."""
    ana = await citizen(database, ANA)
    await file(database, ticket(NUMBER, ana))
    return ana


async def follow(database: Database, one: int, number: str = NUMBER, *, hours: float = 0) -> bool:
    async with database.work() as work:
        new = await work.followers.add(number, one, NOON + timedelta(hours=hours))
        await work.commit()
    return new


async def test_who_joins_twice_follows_once(database: Database, filed: int) -> None:
    bea = await citizen(database, BEA)
    assert [await follow(database, bea), await follow(database, bea, hours=1)] == [True, False]
    async with database.view() as view:
        assert [one.id for one in await view.followers.of_ticket(NUMBER)] == [bea]
        assert await view.tickets.follows(NUMBER, bea)
        assert await view.followers.follows(NUMBER, bea)
        assert not await view.tickets.follows(NUMBER, filed)


async def test_who_leaves_twice_has_left_once(database: Database, filed: int) -> None:
    bea = await citizen(database, BEA)
    await follow(database, bea)
    async with database.work() as work:
        assert await work.followers.remove(NUMBER, bea)
        assert not await work.followers.remove(NUMBER, bea)
        await work.commit()
    async with database.view() as view:
        assert await view.followers.of_ticket(NUMBER) == []
        assert not await view.tickets.follows(NUMBER, bea)


async def test_followers_come_oldest_first_with_contact_and_language(database: Database, filed: int) -> None:
    clara, bea = await citizen(database, CLARA), await citizen(database, BEA)
    await follow(database, clara, hours=1)
    await follow(database, bea)
    async with database.view() as view:
        assert [one.contact for one in await view.followers.of_ticket(NUMBER)] == [BEA, CLARA]
        assert await view.followers.of_ticket("000-000") == []


async def test_what_somebody_joined_comes_newest_first(database: Database, filed: int) -> None:
    bea = await citizen(database, BEA)
    await file(database, ticket("A", filed), ticket("B", filed))
    for hours, number in enumerate([NUMBER, "B", "A"]):
        await follow(database, bea, number, hours=hours)
    async with database.view() as view:
        assert [one.number for one in await view.tickets.followed_by(bea, 2)] == ["A", "B"]
        assert [one.number for one in await view.followers.of_citizen(bea, 9)] == ["A", "B", NUMBER]
        assert await view.tickets.followed_by(filed, 9) == []


async def test_many_followers_all_come(database: Database, filed: int) -> None:
    joined = [await citizen(database, Contact(channel="telegram", address=str(n))) for n in range(60)]
    async with database.work() as work:
        for one in joined:
            await work.followers.add(NUMBER, one, NOON)
        await work.commit()
    async with database.view() as view:
        assert [one.id for one in await view.followers.of_ticket(NUMBER)] == joined


async def test_who_comes_by_a_duplicate_goes_with_it_and_nobody_else(database: Database, filed: int) -> None:
    bea, clara = await citizen(database, BEA), await citizen(database, CLARA)
    await follow(database, bea)
    async with database.work() as work:
        assert await work.followers.bring(NUMBER, {bea, clara}, "000-00C", NOON) == 1
        assert await work.followers.bring(NUMBER, (), "000-00C", NOON) == 0
        await work.commit()
    async with database.work() as work:
        assert [one.id for one in await work.followers.of_ticket(NUMBER)] == [bea, clara]
        assert await work.followers.send_back(NUMBER, "000-00C") == 1
        assert await work.followers.send_back(NUMBER, "000-00C") == 0
        await work.commit()
    async with database.view() as view:
        assert [one.id for one in await view.followers.of_ticket(NUMBER)] == [bea]
        assert await view.tickets.reported(filed) == 1
