"""Tickets a column at a time: each is told as `Public.get` tells it, on both databases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.ports.opendata import Mark, Sheet
from store.database import Database
from store.opendata import Places
from tests.store.samples import NOON, citizen, file, ticket
from tests.store.test_public import cleared, with_photos
from tests.town import CITY
from tickets.blurring import Blurring
from tickets.instant import instant, moment
from tickets.model import CITIZEN, Actor, Author, Place, Point, Status
from tickets.public import PublicTicket
from tickets.workflow import comment, move

DAY = timedelta(days=1)
CLERK = Actor(author=Author.CLERK, name="marta")
SERVICES = ("pothole", "noise", "vehicle", "abolished")
AREAS = ("centro", "porto", "norte", "abolished", "", None)
STREETS = ("Avenida Bolívar", "Calle Molino / Calle 8", "Calle Nueva 14, 2º B", "", None)


def told(sheet: Sheet) -> Iterator[PublicTicket]:
    """As single values."""
    for n, number in enumerate(sheet.number):
        latitude, longitude, first, closed = (
            sheet.latitude[n], sheet.longitude[n], sheet.first_due_at[n], sheet.closed_at[n]
        )  # fmt: skip
        yield PublicTicket(
            number=number, service=sheet.service[n], department=sheet.department[n], status=Status(sheet.status[n]),
            filed_at=moment(sheet.filed_at[n]), changed_at=moment(sheet.changed_at[n]), due_at=moment(sheet.due_at[n]),
            closed_at=None if closed is None else moment(closed),
            first_due_at=None if first is None else moment(first),
            point=None if latitude is None or longitude is None else Point(latitude=latitude, longitude=longitude),
            street=sheet.street[n], area=sheet.area[n], words=sheet.words[n], photos=sheet.photos[n],
            news=sheet.news[n], followers=sheet.followers[n], reopened=sheet.reopened[n], outside=sheet.outside[n],
            merged_into=sheet.merged_into[n],
        )  # fmt: skip


async def sheets(
    database: Database, size: int = 7, since: datetime = NOON - DAY, until: datetime = NOON + 99 * DAY
) -> list[PublicTicket]:
    async with database.view() as view:
        found = [sheet async for sheet in view.open_data.sheets(CITY, since, until, size)]
    assert all(len(sheet.number) <= size for sheet in found)
    return [one for sheet in found for one in told(sheet)]


async def one_by_one(database: Database, numbers: list[str]) -> list[PublicTicket]:
    async with database.view() as view:
        found = [await view.public.get(number, CITY) for number in numbers]
    return [replace(one, street=one.street or None, area=one.area or None) for one in found if one]


async def town(database: Database, seed: int, count: int = 120) -> list[str]:
    """Many filed at the same instant."""
    random, reporter, numbers = Random(seed), await citizen(database), []
    for n in range(count):
        place = Place(
            words="detrás del 14",
            point=random.choice((None, Point(latitude=random.uniform(14, 15), longitude=random.uniform(-67, -66)))),
            street=random.choice(STREETS), area=random.choice(AREAS),
        )  # fmt: skip
        number = f"{random.randrange(10**6):06}-{n}"
        filed_at = NOON + timedelta(days=random.randrange(5))
        one = ticket(number, reporter, service=random.choice(SERVICES), place=place, filed_at=filed_at)
        await file(database, one)
        numbers.append(number)
        if random.random() < 0.4:
            one, update = move(one, Status.RESOLVED, CITY.calendar, actor=CLERK, at=filed_at + DAY, note="listo")
            async with database.work() as work:
                await work.tickets.change(one, update)
                await work.commit()
        if random.random() < 0.3:
            await with_photos(database, number, f"photo-{n}")
            news = {"news": "Ya vamos", "news_version": random.choice((1, 2))} if random.random() < 0.5 else {}
            await cleared(database, number, words=random.choice(("", "Un bache")), photos=(f"photo-{n}",), **news)
    return numbers


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_sheet_tells_each_ticket_as_it_is_told_alone(database: Database, seed: int) -> None:
    numbers = await town(database, seed)
    found = await sheets(database)
    assert sorted(one.number for one in found) == sorted(numbers)
    assert found == sorted(found, key=lambda one: (one.filed_at, one.number))
    assert found == await one_by_one(database, [one.number for one in found])
    guarded = [one for one in found if one.service in CITY.openness.guarded]
    assert any(one.area for one in guarded)
    assert any(one.area is None for one in guarded)
    assert any(one.words for one in found)
    assert any(one.photos for one in found)
    assert any(one.news for one in found)


async def test_only_what_was_filed_in_the_time_is_told_the_beginning_with_it(database: Database) -> None:
    reporter = await citizen(database)
    await file(database, *(ticket(f"T{n}", reporter, filed_at=NOON + n * DAY) for n in range(4)))
    found = await sheets(database, since=NOON + DAY, until=NOON + 3 * DAY)
    assert [one.number for one in found] == ["T1", "T2"]
    async with database.view() as view:
        assert await view.open_data.span() == (NOON, NOON + 3 * DAY)


async def test_where_there_is_nothing_there_is_no_sheet(database: Database) -> None:
    assert await sheets(database) == []
    async with database.view() as view:
        assert await view.open_data.span() is None
        nothing = Mark(tickets=0, changed=0, versions=0, words=0, photos=0)
        assert await view.open_data.mark(NOON, NOON + DAY) == nothing


async def mark(database: Database) -> Mark:
    async with database.view() as view:
        return await view.open_data.mark(NOON, NOON + DAY)


async def test_whatever_changes_of_a_ticket_changes_the_mark(database: Database) -> None:
    reporter = await citizen(database)
    one = ticket("T1", reporter)
    await file(database, one, ticket("T2", reporter, filed_at=NOON + 2 * DAY))
    marks = [await mark(database)]
    assert marks[0] == Mark(tickets=1, changed=instant(NOON), versions=1, words=0, photos=0)
    async with database.work() as work:
        await work.tickets.change(*comment(one, actor=CITIZEN, at=NOON + DAY, note="sigue", public=True))
        await work.commit()
    marks.append(await mark(database))
    await with_photos(database, "T1", "photo-1")
    await cleared(database, "T1", words="Un bache")
    marks.append(await mark(database))
    await cleared(database, "T1", words="Un bache", photos=("photo-1",))
    marks.append(await mark(database))
    async with database.work() as work:
        await work.public.unclear("T1")
        await work.commit()
    marks.append(await mark(database))
    assert all(before != after for before, after in pairwise(marks))


places = some.tuples(
    some.sampled_from(SERVICES),
    some.none() | some.floats(-90, 90),
    some.none() | some.floats(-180, 180),
    some.sampled_from(STREETS),
    some.sampled_from(AREAS),
)


@given(
    some.lists(places, min_size=1), some.sets(some.tuples(some.sampled_from(SERVICES), some.sampled_from(AREAS[:4])))
)
def test_a_column_of_places_is_told_as_each_place_is(rows: list[tuple], crowded: set[tuple[str, str]]) -> None:
    names = ("service", "latitude", "longitude", "street", "area")
    columns, blurring = dict(zip(names, zip(*rows, strict=True), strict=True)), Blurring(CITY)
    found = Places(blurring)
    found.crowded = frozenset(crowded)
    for row, (latitude, longitude, street, area) in zip(rows, found.told(columns), strict=True):
        point = None if row[1] is None or row[2] is None else Point(latitude=row[1], longitude=row[2])
        alone = blurring.told(row[0], point, row[3], row[4], crowded=(row[0], row[4]) in crowded)
        assert (street, area) == (alone.street or None, alone.area or None)
        assert (latitude, longitude) == ((alone.point.latitude, alone.point.longitude) if alone.point else (None, None))
