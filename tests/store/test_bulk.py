import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Inspector, inspect
from sqlalchemy.ext.asyncio import create_async_engine

from bot.ports import Query
from channels.message import Contact
from store.bulk import Newcomer, Sheets, opened
from store.database import Database
from store.engine import parse_url
from store.seal import Seal
from tests.store.samples import NOON, citizen, ticket
from tickets.model import CITIZEN, Actor, Author, Status
from tickets.workflow import filed, move

EXPECTED = 10  # tickets
CLERK = Actor(author=Author.CLERK, name="demo")


def newcomer(number: int) -> Newcomer:
    contact = Contact(channel="simulated_sms", address=f"neighbour-{number}")
    return Newcomer(id=number, contact=contact, language="pt", since=NOON)


async def test_what_is_added_in_bulk_is_found_as_if_it_had_been_filed(
    database: Database, database_url: str, seal: Seal
) -> None:
    async with opened(database_url, expected=EXPECTED) as bulk:
        one, two = await bulk.reserve(2)
        first = ticket("7K3-9QX", one)
        moved, update = move(first, Status.TRIAGED, actor=CLERK, at=datetime.now(UTC), note="mañana")
        cases = [(moved, [filed(first, actor=CITIZEN), update])]
        await bulk.add(Sheets(database_url, seal).made([newcomer(one), newcomer(two)], cases))
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
    async with opened(database_url, expected=EXPECTED) as bulk:
        reserved = await bulk.reserve(3)
        await bulk.add(Sheets(database_url, seal).made([newcomer(number) for number in reserved], []))
        more = await bulk.reserve(1)
    async with database.work() as work:
        later = (await work.citizens.lanes({Contact(channel="sms", address="+15550009")})).popitem()[1]
        await work.commit()
    assert len({before, *reserved, *more}) == 5 and later not in {before, *reserved}


@pytest.mark.parametrize("expected", [0, 1])  # with and without indexes and references
async def test_all_is_added_or_nothing(database: Database, database_url: str, seal: Seal, expected: int) -> None:
    sheets, before = Sheets(database_url, seal), await indexes(database_url)
    with pytest.raises(Exception, match=r"(?i)unique"):
        async with opened(database_url, expected=expected) as bulk:
            (one,) = await bulk.reserve(1)
            first = ticket("7K3-9QX", one, filed_at=NOON - timedelta(days=1))
            case = (first, [filed(first, actor=CITIZEN)])
            await bulk.add(sheets.made([newcomer(one)], [case]))
            await bulk.add(sheets.made([], [case]))
    assert await indexes(database_url) == before
    async with database.view() as view:
        assert await view.citizens.find(newcomer(one).contact) is None
        assert await view.tickets.count_by_status() == {}


@pytest.mark.parametrize("expected", [0, 1])
async def test_indexes_references_and_numbers_are_there_afterwards(
    database: Database, database_url: str, seal: Seal, expected: int
) -> None:
    before = await indexes(database_url)
    async with opened(database_url, expected=expected) as bulk:
        (one,) = await bulk.reserve(1)
        first = ticket("7K3-9QX", one)
        await bulk.add(Sheets(database_url, seal).made([newcomer(one)], [(first, [filed(first, actor=CITIZEN)])]))
    assert await indexes(database_url) == before
    async with database.view() as view:
        assert await view.tickets.count_by_status() == {Status.RECEIVED: 1}
        assert (await view.tickets.page(Query())).total == 1


async def indexes(url: str) -> list[object]:
    engine = create_async_engine(parse_url(url))
    async with engine.connect() as connection:
        found = await connection.run_sync(lambda sync: described(inspect(sync)))
    await engine.dispose()
    return found


def described(database: Inspector) -> list[object]:
    tables = ("tickets", "updates", "citizens")
    return [([_shown(one) for one in database.get_indexes(name)], database.get_foreign_keys(name)) for name in tables]


def _shown(index: Mapping[str, Any]) -> dict[str, object]:
    """With a partial index's condition as text, for two clauses that say the same are not equal."""
    options = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return {**index, "dialect_options": options}


async def test_whoever_is_told_to_stop_while_adding_stops_and_has_added_nothing(
    database: Database, database_url: str, seal: Seal
) -> None:
    """SQLite waits for nothing, and would not have noticed."""

    async def adding() -> None:
        task = asyncio.current_task()
        assert task
        async with opened(database_url, expected=EXPECTED) as bulk:
            [one] = await bulk.reserve(1)
            made = Sheets(database_url, seal).made([newcomer(one)], [])
            task.cancel()
            await bulk.add(made)

    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(adding())
    async with database.view() as view:
        assert await view.citizens.find(newcomer(1).contact) is None


async def test_what_goes_wrong_between_two_questions_is_not_the_database_s_fault(database_url: str) -> None:
    with pytest.raises(BrokenPipeError):
        async with opened(database_url, expected=EXPECTED):
            raise BrokenPipeError
