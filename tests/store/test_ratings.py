"""What citizens think of a ticket's end, and which week counts it, on both databases."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.ports import Rating
from store.database import Database
from store.migrate import migrate
from store.tables import ratings
from tests.store.samples import ANA, BEA, NOON, citizen, file, ticket
from tests.store.test_figures import behind, digest
from tests.store.test_migrations import to
from tests.town import CITY
from tickets.figures import Figure
from tickets.period import last_week

NUMBER = "7K3-9QX"
DAY = timedelta(days=1)
WEEK = last_week(NOON + 7 * DAY, CITY.calendar.zone)  # in which NOON lies
Given = tuple[int | None, str | None]


@pytest.fixture
async def people(database: Database) -> list[int]:
    ids = [await citizen(database, contact) for contact in (ANA, BEA)]
    await file(database, ticket(NUMBER, ids[0]), ticket("7K3-9QZ", ids[0]))
    return ids


async def rate(
    database: Database, who: int, score: int | None, word: str | None = None, *, at: datetime = NOON
) -> None:
    async with database.work() as work:
        await work.ratings.rate(Rating(number=NUMBER, citizen=who, at=at, score=score, word=word))
        await work.commit()


async def newest(database: Database, number: str = NUMBER) -> list[tuple[int, Given]]:
    async with database.view() as view:
        return [(one.citizen, (one.score, one.word)) for one in await view.ratings.of_ticket(number)]


async def every(database: Database) -> list[tuple[datetime, int | None]]:
    """Time and score of each, of whomever."""
    async with database.view() as view:
        found = await view._tx.execute(select(ratings.c.at, ratings.c.score).order_by(ratings.c.at))
        return [tuple(row) for row in found]


async def satisfaction(database: Database, weeks_later: int = 0) -> tuple[int | None, float | None]:
    """Of how many ratings, and their mean."""
    found = (await digest(database, WEEK.before(-weeks_later))).whole.now
    return found.count(Figure.RATED), found.satisfaction


async def test_each_score_stays_and_a_ticket_shows_the_newest_of_each_citizen(
    database: Database, people: list[int]
) -> None:
    ana, bea = people
    await rate(database, ana, 4, "gracias")
    await rate(database, bea, 5, at=NOON + DAY)
    await rate(database, ana, 2, at=NOON + 2 * DAY)
    assert await newest(database) == [(bea, (5, None)), (ana, (2, None))]
    assert await every(database) == [(NOON, 4), (NOON + DAY, 5), (NOON + 2 * DAY, 2)]
    assert await newest(database, "7K3-9QZ") == []


async def test_a_word_alone_belongs_to_their_newest_score_which_stays_in_its_week(
    database: Database, people: list[int]
) -> None:
    ana, bea = people
    await rate(database, bea, 1)
    await rate(database, ana, 4, at=NOON + DAY)
    await rate(database, ana, 3, at=NOON + 2 * DAY)
    for word in ("bien 🙂", None):
        await rate(database, ana, None, word, at=NOON + 9 * DAY)
    assert await newest(database) == [(bea, (1, None)), (ana, (3, "bien 🙂"))]
    assert await every(database) == [(NOON, 1), (NOON + DAY, 4), (NOON + 2 * DAY, 3)]


async def test_a_word_without_any_score_is_kept_and_counts_nowhere(database: Database, people: list[int]) -> None:
    await rate(database, people[0], None, "bien")
    assert await newest(database) == [(people[0], (None, "bien"))]
    assert await satisfaction(database) == (0, None)


async def test_of_two_at_the_same_instant_the_later_stands_with_the_word_that_it_does_not_tell(
    database: Database, people: list[int]
) -> None:
    await rate(database, people[0], 4, "bien 🙂")
    await rate(database, people[0], 2)
    assert await newest(database) == [(people[0], (2, "bien 🙂"))]
    assert await every(database) == [(NOON, 2)]


async def test_what_is_said_last_is_the_newest_though_the_clock_was_set_back(
    database: Database, people: list[int]
) -> None:
    await rate(database, people[0], 4)
    for score in (2, 1):
        await rate(database, people[0], score, at=NOON - DAY)
    tick = timedelta(microseconds=1)
    assert await every(database) == [(NOON, 4), (NOON + tick, 2), (NOON + 2 * tick, 1)]
    assert await newest(database) == [(people[0], (1, None))]


async def test_to_rate_again_next_week_leaves_last_week_s_digest_as_it_was(
    database: Database, people: list[int]
) -> None:
    for who, score in zip(people, (5, 4), strict=True):
        await rate(database, who, score)
    then = await digest(database, WEEK)
    assert await satisfaction(database) == (2, 4.5)
    await rate(database, people[0], 1, "otra vez", at=NOON + 7 * DAY)
    again = await digest(database, WEEK)
    assert replace(again, made_at=then.made_at) == then
    following = await digest(database, WEEK.before(-1))
    assert following.whole.before[-1] == then.whole.now
    assert await satisfaction(database, 1) == (1, 1)
    for week in (WEEK, WEEK.before(-1)):
        rows, total = await behind(database, Figure.RATED, week)
        assert ([one.number for one in rows], total) == ([NUMBER], 1)


async def test_who_rates_twice_in_a_week_counts_once_with_the_newer(database: Database, people: list[int]) -> None:
    await rate(database, people[0], 5)
    await rate(database, people[0], 2, at=NOON + timedelta(hours=3))
    await rate(database, people[1], 4, at=NOON + timedelta(hours=1))
    assert await satisfaction(database) == (2, 3)
    early = await digest(database, WEEK, now=NOON + timedelta(hours=2))
    assert (early.whole.now.count(Figure.RATED), early.whole.now.satisfaction) == (2, 4.5)


async def test_a_repeated_message_is_one_rating(database: Database, people: list[int]) -> None:
    """A unit of work that is done once more after it was lost before its commit."""
    async with database.work() as work:
        await work.ratings.rate(Rating(number=NUMBER, citizen=people[0], at=NOON, score=3))
    await rate(database, people[0], 3, at=NOON + timedelta(seconds=20))
    async with database.view() as view:
        assert (await view._tx.execute(select(func.count()).select_from(ratings))).scalar() == 1


async def test_the_ratings_of_an_old_database_stay_with_their_indexes(tmp_path: Path) -> None:
    path = tmp_path / "vecino.db"
    await to(f"sqlite:///{path}", "0015")
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        old.execute(
            "INSERT INTO citizens (id, channel, contact_hash, address, chosen, opted_out, welcomed, since)"
            " VALUES (7, 'sms', x'01', x'02', 0, 0, 1, 5)"
        )
        old.execute(
            "INSERT INTO tickets (number, version, service, department, status, is_open, priority, rank, place_words,"
            " description, reporter, channel, language, filed_at, due_at) VALUES"
            " ('A', 1, 'waste', 'streets', 'resolved', 0, 'normal', 1, x'01', x'01', 7, 'sms', 'es', 1, 9)"
        )
        old.execute("INSERT INTO ratings VALUES ('A', 7, 5, 4, x'03')")
    await migrate(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as new:
        new.execute("INSERT INTO ratings VALUES ('A', 7, 6, 2, NULL)")
        assert new.execute("SELECT * FROM ratings ORDER BY at").fetchall() == [
            ("A", 7, 5, 4, b"\x03"), ("A", 7, 6, 2, None),
        ]  # fmt: skip
        indexes = {row[1] for row in new.execute("PRAGMA index_list(ratings)")}
        references = {row[2] for row in new.execute("PRAGMA foreign_key_list(ratings)")}
    assert indexes >= {"ix_ratings_citizen", "ix_ratings_at"} and references == {"tickets", "citizens"}
