"""Keys of other programs, and what was sent by them: only keyed hashes are kept."""

import asyncio
from datetime import timedelta

import pytest

from bot.ports import Taken
from bot.ports.keys import Key, Scope
from store.database import Database
from store.seal import Seal
from store.tables import api_keys, postings
from tests.store.samples import NOON, SECRET, StillClock, citizen, file, ticket

KEY = Key(name="fixers", scopes=frozenset({Scope.FILE, Scope.UPDATE}), rate=30, made_at=NOON, made_by="ana")


async def add(database: Database, key: Key = KEY, secret: str = "vk_one") -> None:
    async with database.work() as work:
        await work.keys.add(key, secret)
        await work.commit()


async def once(database: Database, sent: tuple[str, ...], number: str, *, minutes: float = 0) -> str:
    now = NOON + timedelta(minutes=minutes)
    async with database.work() as work:
        found = await work.postings.once(sent, number, now, now + timedelta(minutes=10))
        await work.commit()
    return found


async def test_a_key_is_found_by_its_secret_alone(database: Database) -> None:
    await add(database)
    async with database.view() as view:
        found = await view.keys.find("vk_one")
        assert await view.keys.find("vk_two") is None
        assert await view.keys.find("fixers") is None
    assert found is not None
    assert (found.name, found.scopes, found.rate, found.opens(NOON)) == ("fixers", KEY.scopes, 30, True)


async def test_no_secret_stands_in_the_database(database: Database) -> None:
    await add(database)
    await once(database, ("same", "1", "zanahoria"), "7K3-9QX")
    async with database.work() as work:
        rows = [(await work._tx.execute(table.select())).all() for table in (api_keys, postings)]
    assert b"vk_one" not in repr(rows).encode()
    assert "zanahoria" not in repr(rows)


async def test_a_name_is_given_once_also_after_it_was_revoked(database: Database) -> None:
    await add(database)
    with pytest.raises(Taken):
        await add(database, secret="vk_two")
    async with database.work() as work:
        assert await work.keys.revoke("fixers", NOON)
        assert not await work.keys.revoke("fixers", NOON)
        assert not await work.keys.revoke("nobody", NOON)
        await work.commit()
    with pytest.raises(Taken):
        await add(database, secret="vk_two")
    async with database.view() as view:
        found = await view.keys.find("vk_one")
    assert found is not None
    assert not found.opens(NOON)


async def test_a_key_is_found_by_an_older_secret_key_and_then_by_the_newest_alone(
    database_url: str, clock: StillClock
) -> None:
    newer = "another-key-for-the-tests-of-no-worth"
    for secret, finds in ((SECRET, False), (f"{newer} {SECRET}", True), (newer, True)):
        database = await Database.open(database_url, Seal(secret), clock=clock, durable=False)
        if not finds:
            await add(database)
        async with database.work() as work:
            assert await work.keys.find("vk_one") is not None
            await work.keys.used("vk_one", NOON)
            await work.commit()
        await database.close()


async def test_what_is_sent_again_has_its_number_until_its_time_is_over(database: Database) -> None:
    assert await once(database, ("a",), "one") == "one"
    assert await once(database, ("a",), "two", minutes=9) == "one"
    assert await once(database, ("b",), "two", minutes=9) == "two"
    assert await once(database, ("a",), "three", minutes=10) == "three"
    async with database.work() as work:
        assert await work.postings.number(("a",), NOON + timedelta(minutes=11)) == "three"
        assert await work.postings.forget(NOON + timedelta(minutes=30)) == 2


async def test_the_same_at_once_has_one_number(database: Database) -> None:
    numbers = await asyncio.gather(*(once(database, ("a",), str(n)) for n in range(6)))
    assert len(set(numbers)) == 1


async def test_who_was_asked_and_what_waits_for_their_yes(database: Database) -> None:
    them = await citizen(database)
    await file(database, ticket("7K3-9QX", them), ticket("8K3-9QX", them))
    async with database.work() as work:
        assert await work.askings.get(them) is None
        await work.askings.asked(them, NOON)
        await work.askings.wait("8K3-9QX", them, NOON)
        await work.askings.wait("7K3-9QX", them, NOON)
        await work.askings.wait("7K3-9QX", them, NOON)
        await work.commit()
    async with database.work() as work:
        asking = await work.askings.get(them)
        assert asking is not None
        assert (asking.at, asking.said) == (NOON, None)
        assert await work.askings.waiting(them) == ["7K3-9QX", "8K3-9QX"]
        await work.askings.answered(them, said=False)
        await work.askings.settle(them)
        asking = await work.askings.get(them)
        assert asking is not None
        assert asking.said is False
        assert await work.askings.waiting(them) == []
