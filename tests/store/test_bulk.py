from datetime import UTC, datetime, timedelta

from channels.message import Contact
from store.bulk import Newcomer, opened
from store.database import Database
from store.seal import Seal
from tests.store.samples import NOON, citizen, ticket
from tickets.model import CITIZEN, Actor, Author, Status
from tickets.workflow import filed, move

CLERK = Actor(author=Author.CLERK, name="demo")


def newcomer(number: int) -> Newcomer:
    contact = Contact(channel="simulated_sms", address=f"neighbour-{number}")
    return Newcomer(id=number, contact=contact, language="pt", since=NOON)


async def test_what_is_added_in_bulk_is_found_as_if_it_had_been_filed(
    database: Database, database_url: str, seal: Seal
) -> None:
    async with opened(database_url, seal) as bulk:
        one, two = await bulk.reserve(2)
        first = ticket("7K3-9QX", one)
        moved, update = move(first, Status.TRIAGED, actor=CLERK, at=datetime.now(UTC), note="mañana")
        await bulk.add([newcomer(one), newcomer(two)], [(moved, [filed(first, actor=CITIZEN), update])])
        assert await bulk.numbers() == {"7K3-9QX"}
    async with database.view() as view:
        assert await view.tickets.get("7K3-9QX") == moved
        assert await view.tickets.history("7K3-9QX") == [filed(first, actor=CITIZEN), update]
        found = await view.citizens.find(newcomer(two).contact)
        assert found is not None and (found.id, found.language, found.welcomed) == (two, "pt", True)


async def test_reserved_ids_belong_to_nobody_who_writes_before_or_afterwards(
    database: Database, database_url: str, seal: Seal
) -> None:
    before = await citizen(database)
    async with opened(database_url, seal) as bulk:
        reserved = await bulk.reserve(3)
        await bulk.add([newcomer(number) for number in reserved], [])
        more = await bulk.reserve(1)
    async with database.work() as work:
        later = (await work.citizens.lanes({Contact(channel="sms", address="+15550009")})).popitem()[1]
        await work.commit()
    assert len({before, *reserved, *more}) == 5 and later not in {before, *reserved}


async def test_a_batch_is_added_whole_or_not_at_all(database: Database, database_url: str, seal: Seal) -> None:
    async with opened(database_url, seal) as bulk:
        (one,) = await bulk.reserve(1)
        first = ticket("7K3-9QX", one, filed_at=NOON - timedelta(days=1))
        case = (first, [filed(first, actor=CITIZEN)])
        try:
            await bulk.add([newcomer(one)], [case, case])
        except Exception as taken:
            assert "uni" in str(taken).lower()
        assert await bulk.numbers() == set()
    async with database.view() as view:
        assert await view.citizens.find(newcomer(one).contact) is None
