import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Inspector, inspect
from sqlalchemy.ext.asyncio import create_async_engine

from bot.demo.case import LAYOUT
from bot.demo.making import rows
from bot.ports import Query
from channels.message import Contact
from store.bulk import opened
from store.bulk_sheets import Rows, Sheets
from store.codec import Codec
from store.database import Database
from store.engine import parse_url
from store.seal import MARK, Seal
from store.tables import ratings
from tests.invented import at, cases, ticket_of, update_of
from tests.store.samples import NOON, citizen

EXPECTED = 10  # tickets
CASES = cases(1, 30, 300)
PEOPLE = range(1, 300)  # who has to do with them, by their ids


def newcomer(seal: Seal, number: int) -> Rows:
    """One citizen, as a row."""
    name = f"neighbour-{number}"
    found, at = seal.lookup("contact", "simulated_sms", name), int(NOON.timestamp())
    return [(number, "simulated_sms", found, name, "pt", False, False, None, True, at, None, None)]


def everything(seal: Seal) -> dict[str, Rows]:
    return {"citizens": [row for number in PEOPLE for row in newcomer(seal, number)], **rows(CASES)}


async def test_what_is_added_in_bulk_is_found_as_if_it_had_been_filed(
    database: Database, database_url: str, seal: Seal
) -> None:
    async with opened(database_url, LAYOUT, expected=EXPECTED) as bulk:
        assert list(await bulk.reserve(len(PEOPLE))) == list(PEOPLE)
        await bulk.add(Sheets(database_url, seal, LAYOUT).made(everything(seal)))
        assert await bulk.numbers() == {case.number for case in CASES}
    async with database.view() as view:
        for case in CASES:
            assert await view.tickets.get(case.number) == ticket_of(case)
            assert await view.tickets.history(case.number) == [update_of(row) for row in case.updates]
            joined = await view.followers.of_ticket(case.number)
            assert {one.id for one in joined} == set(case.neighbours) and len(joined) == case.followers
            asked = {one.citizen: [one.asked_at, one.answer] for one in await view.closures.of_ticket(case.number)}
            last = max((resolved for _, resolved in case.closures), default=0)
            closures = {who: question for (who, resolved), question in case.closures.items() if resolved == last}
            assert asked == {who: [at(when), answer] for who, (when, answer) in closures.items()}
            scores = {one.citizen: one.score for one in await view.ratings.of_ticket(case.number)}
            assert scores == {who: score for (who, _), (score, _) in sorted(case.ratings.items())}
        found = await view.citizens.find(Contact(channel="simulated_sms", address="neighbour-2"))
        assert found is not None and (found.id, found.language, found.welcomed) == (2, "pt", True)
        kept = Counter(case.status for case in CASES)
        assert {status.value: n for status, n in (await view.tickets.count_by_status()).items()} == kept


async def test_reserved_ids_belong_to_nobody_who_writes_before_or_afterwards(
    database: Database, database_url: str, seal: Seal
) -> None:
    before = await citizen(database)
    async with opened(database_url, LAYOUT, expected=EXPECTED) as bulk:
        reserved = await bulk.reserve(3)
        people = [row for number in reserved for row in newcomer(seal, number)]
        await bulk.add(Sheets(database_url, seal, LAYOUT).made({"citizens": people}))
        more = await bulk.reserve(1)
    async with database.work() as work:
        [later] = (await work.citizens.lanes({Contact(channel="sms", address="+15550009")})).values()
        await work.commit()
    assert len({before, *reserved, *more}) == 5 and later not in {before, *reserved}


@pytest.mark.parametrize("expected", [0, 1])  # with and without indexes and references
async def test_all_is_added_or_nothing(database: Database, database_url: str, seal: Seal, expected: int) -> None:
    sheets, before = Sheets(database_url, seal, LAYOUT), await indexes(database_url)
    with pytest.raises(Exception, match=r"(?i)unique"):
        async with opened(database_url, LAYOUT, expected=expected) as bulk:
            await bulk.reserve(len(PEOPLE))
            await bulk.add(sheets.made(everything(seal)))
            await bulk.add(sheets.made(rows(CASES[:1])))
    assert await indexes(database_url) == before
    async with database.view() as view:
        assert await view.citizens.find(Contact(channel="simulated_sms", address="neighbour-2")) is None
        assert await view.tickets.count_by_status() == {}


@pytest.mark.parametrize("expected", [0, 1])
async def test_indexes_references_and_numbers_are_there_afterwards(
    database: Database, database_url: str, seal: Seal, expected: int
) -> None:
    before = await indexes(database_url)
    async with opened(database_url, LAYOUT, expected=expected) as bulk:
        await bulk.reserve(len(PEOPLE))
        await bulk.add(Sheets(database_url, seal, LAYOUT).made(everything(seal)))
    assert await indexes(database_url) == before
    async with database.view() as view:
        assert sum((await view.tickets.count_by_status()).values()) == len(CASES)
        assert (await view.tickets.page(Query(open=None))).total == len(CASES)


async def indexes(url: str) -> list[object]:
    engine = create_async_engine(parse_url(url))
    async with engine.connect() as connection:
        found = await connection.run_sync(lambda sync: described(inspect(sync)))
    await engine.dispose()
    return found


def described(database: Inspector) -> list[object]:
    return [
        (
            [_shown(one) for one in database.get_indexes(name)], database.get_foreign_keys(name),
            database.get_pk_constraint(name), database.get_unique_constraints(name),
        )
        for name in sorted(database.get_table_names())
    ]  # fmt: skip


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
        async with opened(database_url, LAYOUT, expected=EXPECTED) as bulk:
            [one] = await bulk.reserve(1)
            made = Sheets(database_url, seal, LAYOUT).made({"citizens": newcomer(seal, one)})
            task.cancel()
            await bulk.add(made)

    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(adding())
    async with database.view() as view:
        assert await view.citizens.find(Contact(channel="simulated_sms", address="neighbour-1")) is None


async def test_what_goes_wrong_between_two_questions_is_not_the_database_s_fault(database_url: str) -> None:
    with pytest.raises(BrokenPipeError):
        async with opened(database_url, LAYOUT, expected=EXPECTED):
            raise BrokenPipeError


async def test_the_same_words_are_sealed_once_and_opened_by_whoever_has_the_key(database_url: str, seal: Seal) -> None:
    layout = {"ratings": ("number", "citizen", "at", "score", "word")}
    made = [(f"{n}", n, 1, 5, "gracias" if n % 2 else None) for n in range(4)]
    [sheet] = Sheets(database_url, seal, layout).made({"ratings": made})
    size, mark = len(Codec(seal).pack(ratings.c.word, "gracias")), seal.seal(b"", "")[:MARK]
    begins = [n for n in range(len(sheet)) if sheet.startswith(mark, n)]
    [blob] = {sheet[n : n + size] for n in begins}
    assert Codec(seal).unpack(ratings.c.word, blob, str) == "gracias"
