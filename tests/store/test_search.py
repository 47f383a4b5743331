"""Tickets and conversations are found by words that stand nowhere in clear."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from sqlalchemy import delete, select

from bot.commands.reindex import renewed
from bot.demo.case import LAYOUT
from bot.demo.making import rows
from bot.ports import Query, Said, Word
from handlers.effects import ThreadKind
from handlers.phrases.stems import stem, stems
from store.bulk import opened
from store.bulk_sheets import Sheets
from store.database import Database
from store.seal import Seal
from store.tables import thread_words, ticket_words
from tests.invented import cases, ticket_of, update_of
from tests.store.everything import everything
from tests.store.samples import BEA, NOON, SECRET, StillClock, citizen, file, ticket
from tests.store.test_bulk import PEOPLE, newcomer
from tests.town import CITY
from tickets.erasing import bare
from tickets.model import CITIZEN, Actor, Author, Place, Status, Ticket
from tickets.workflow import change_service, comment, move

CLERK = Actor(author=Author.CLERK, name="marta")


def words(text: str, **more: Sequence[str]) -> tuple[Word, ...]:
    return tuple(Word(stem=one, **more) for one in stems(text))  # type: ignore[arg-type]


async def found(database: Database, *asked: Word, **more: object) -> list[str]:
    async with database.view() as view:
        query = Query(open=None, words=asked, limit=1000, **more)  # type: ignore[arg-type]
        page = await view.tickets.page(query)
    assert page.total == len(page.rows)
    return [one.number for one in page.rows]


async def written(database: Database) -> tuple[Ticket, Ticket]:
    ana, bea = await citizen(database), await citizen(database, BEA)
    one = ticket(
        "7K3-9QX", ana, description="Hay un HUECO profundo", place=Place(words="frente al Banco", area="norte")
    )
    other = ticket(
        "84G-7ZR", bea, description="dos huecos chicos", place=Place(street="Avenida Bolívar"), service="tree"
    )
    await file(database, one, other)
    return one, other


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        (words("hueco"), ["7K3-9QX", "84G-7ZR"]),
        (words("huecos"), ["7K3-9QX", "84G-7ZR"]),
        (words("huecos chico"), ["84G-7ZR"]),
        (words("hueco BANCO"), ["7K3-9QX"]),
        (words("avenida bolivar"), ["84G-7ZR"]),
        (words("bache"), []),
        (words("bache", services=("pothole",)), ["7K3-9QX"]),
        (words("norte", areas=("norte", "sur")), ["7K3-9QX"]),
        ((Word(stem="", part="K39"),), ["7K3-9QX"]),
        ((Word(stem="", part="84G7ZR"),), ["84G-7ZR"]),
        ((Word(stem="chic", part="K39"),), ["7K3-9QX", "84G-7ZR"]),
        ((Word(stem="", part="84G7ZR"), *words("hueco")), ["84G-7ZR"]),
        ((Word(stem="", part="7K3"), *words("chico")), []),
        ((Word(stem=""),), []),
    ],
)
async def test_a_ticket_is_found_by_its_words_street_service_area_and_number(
    database: Database, asked: Sequence[Word], numbers: list[str]
) -> None:
    await written(database)
    assert await found(database, *asked) == numbers


async def test_words_and_filters_are_asked_for_together(database: Database) -> None:
    await written(database)
    assert await found(database, *words("hueco"), services=("tree",)) == ["84G-7ZR"]
    async with database.view() as view:
        counts = await view.tickets.counts(Query(words=words("hueco")))
    assert (counts.open, counts.services) == (2, {"pothole": 1, "tree": 1})


async def test_comments_and_corrections_are_found_at_once_and_what_a_clerk_notes_is_not(database: Database) -> None:
    one, _ = await written(database)
    async with database.work() as work:
        one = await changed(work, comment(one, actor=CITIZEN, at=NOON, note="ahora con agua", public=False))
        one = await changed(work, comment(one, actor=CLERK, at=NOON, note="llamar al sereno", public=False))
        one = await changed(work, change_service(one, CITY.services[-1], CITY.calendar, actor=CLERK, at=NOON))
        await work.commit()
    assert await found(database, *words("agua hueco")) == ["7K3-9QX"]
    assert await found(database, *words("sereno")) == []
    assert await found(database, *words("zzz", services=("pothole",))) == []
    assert await found(database, *words("zzz", services=(CITY.services[-1].code,))) == ["7K3-9QX"]


async def changed(work, step) -> Ticket:
    await work.tickets.change(*step)
    return step[0]


async def test_closed_ones_are_found_behind_the_open_ones(database: Database) -> None:
    one, _ = await written(database)
    async with database.work() as work:
        one = await changed(work, move(one, Status.RESOLVED, CITY.calendar, actor=CLERK, at=NOON))
        await work.commit()
    assert await found(database, *words("hueco")) == ["84G-7ZR", "7K3-9QX"]
    async with database.work() as work:
        await changed(work, move(one, Status.IN_PROGRESS, CITY.calendar, actor=CLERK, at=NOON))
        await work.commit()
    assert await found(database, *words("hueco")) == ["7K3-9QX", "84G-7ZR"]


async def test_nothing_of_the_words_stands_in_the_database(database: Database, database_url: str) -> None:
    await written(database)
    there = (await everything(database_url)).lower()
    assert b"huec" not in there and b"profund" not in there and b"banc" not in there


async def test_what_was_erased_is_not_found(database: Database) -> None:
    one, other = await written(database)
    async with database.work() as work:
        joined, told = comment(other, actor=CITIZEN, at=NOON, note="tambien un perro", public=False)
        await work.tickets.change(joined, replace(told, citizen=one.reporter))
        await work.commit()
    assert await found(database, *words("perro")) == ["84G-7ZR"]
    async with database.work() as work:
        history = [replace(update, note="") for update in await work.tickets.history("84G-7ZR")]
        await work.erasure.rewrite(history)
        await work.tickets.change(*bare(one, None, at=NOON))
        await work.erasure.person(one.reporter, NOON)
        await work.commit()
    assert await found(database, *words("perro")) == []
    assert await found(database, *words("hueco")) == ["84G-7ZR"]
    assert await found(database, *words("norte", areas=("norte",))) == ["7K3-9QX"]


async def talk(database: Database, citizen_id: int) -> int:
    async with database.work() as work:
        thread = await work.threads.open(citizen_id, ThreadKind.ASKED, NOON, silent=False)
        await work.threads.write(thread.id, CITIZEN, Said(text="mi vecino grita"), NOON)
        await work.threads.write(thread.id, CLERK, Said(text="¿a qué hora?"), NOON)
        await work.commit()
    return thread.id


async def talks(database: Database, text: str) -> list[int]:
    async with database.view() as view:
        return list(await view.search.threads(words(text), 5))


async def test_conversations_are_found_by_what_was_written_in_them(database: Database) -> None:
    thread = await talk(database, await citizen(database))
    assert await talks(database, "vecinos hora") == [thread]
    assert await talks(database, "vecino bache") == []
    assert await talks(database, "") == []
    async with database.work() as work:
        await work.erasure.person(1, NOON)
        await work.commit()
    assert await talks(database, "vecino") == []


async def test_all_is_indexed_anew_in_batches(database: Database) -> None:
    await written(database)
    thread = await talk(database, 1)
    async with database.work() as work:
        for table in (ticket_words, thread_words):
            await work._tx.execute(delete(table))
        await work.commit()
    assert await found(database, *words("hueco")) == []
    assert await renewed(database, batch=1) == (2, 1)
    assert await found(database, *words("hueco")) == ["7K3-9QX", "84G-7ZR"]
    assert await talks(database, "vecino") == [thread]


async def test_with_a_new_key_both_are_found_before_and_after_indexing_anew(
    database: Database, database_url: str, clock: StillClock
) -> None:
    await written(database)
    await talk(database, 1)
    newer = await Database.open(database_url, Seal(f"{'n' * 40},{SECRET}"), clock=clock, durable=False)
    try:
        await file(newer, ticket("Z1R-V01", 1, description="otro hueco"))
        assert len(await found(newer, *words("hueco"))) == 3
        assert await found(newer, Word(stem="", part="84G7")) == ["84G-7ZR"]
        assert await talks(newer, "vecino") == [1]
        await renewed(newer)
        assert len(await found(newer, *words("hueco"))) == 3 and await talks(newer, "vecino") == [1]
    finally:
        await newer.close()
    assert await found(database, *words("hueco")) == []  # who has the old key alone finds nothing any more


async def test_invented_tickets_are_found_as_if_they_had_been_filed(
    database: Database, database_url: str, seal: Seal
) -> None:
    made = cases(1, 30, 300)
    people = {"citizens": [row for number in PEOPLE for row in newcomer(seal, number)]}
    async with opened(database_url, LAYOUT, expected=10) as bulk:
        await bulk.reserve(len(PEOPLE))
        await bulk.add(Sheets(database_url, seal, LAYOUT).made({**people, **rows(made)}))
    before = await kept(database)
    assert len(before) == len(made)
    await renewed(database)
    assert await kept(database) == before
    some = Random(1).choice([case for case in made if case.street])
    assert some.number in await found(database, *words(some.street or ""))
    assert ticket_of(some).closed_at == before[some.number][0] and update_of(some.updates[0])


async def kept(database: Database) -> dict[str, tuple[object, frozenset[int]]]:
    async with database.view() as view:
        found = (await view._tx.execute(select(ticket_words))).all()  # type: ignore[attr-defined]
    return {row.number: (row.closed_at, frozenset(row.words)) for row in found}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bache", "BACHES"), ("luz", "luces"), ("árbol", "arboles"), ("buraco", "buracos"), ("pothole", "potholes"),
        ("lampadaire", "lampadaires"), ("iluminación", "iluminacion"), ("roto", "rotas"), ("trou", "trous"),
    ],
)  # fmt: skip
def test_plurals_and_accents_are_the_same_word(one: str, other: str) -> None:
    assert stems(one) == stems(other) != frozenset()


@pytest.mark.parametrize("word", ["de", "the", "à", "x", "_", "👍", ""])
def test_small_words_and_signs_are_no_words(word: str) -> None:
    assert stems(word) == frozenset()
    assert stem(word) == ""
