"""Tickets as anybody may see them, on both databases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.ports.points import Box
from bot.ports.public import Clearing, Cursor, Near, Order, PublicQuery
from channels.message import Media
from store.database import Database
from tests.store.samples import ANA, BEA, NOON, citizen, file, ticket
from tests.tickets.test_public import BLURRING, CITY
from tickets.model import CITIZEN, Actor, Author, Event, Place, Point, Status, Ticket
from tickets.public import PublicTicket
from tickets.workflow import comment, move

HOUR = timedelta(hours=1)
CLERK = Actor(author=Author.CLERK, name="marta")
SQUARE = Box(south=19.4, west=-99.1, north=19.5, east=-99.0)
CORNER = Box(south=19.4, west=-99.1, north=19.41, east=-99.09)  # of the square; in it lies nothing that is told


def spot(latitude: float = 19.405, longitude: float = -99.095, street: str = "", area: str | None = "square") -> Place:
    return Place(
        words="detrás del 14", point=Point(latitude=latitude, longitude=longitude), street=street or None, area=area
    )


async def filed(
    database: Database, service: str, count: int = 1, place: Place | None = None, *, first: int = 1, **more: object
) -> list[Ticket]:
    """So many, an hour apart."""
    reporter = await citizen(database, ANA)
    made = [
        ticket(
            f"{service[:3].upper()}-{n:02d}", reporter, service=service, place=place or spot(),
            filed_at=NOON + n * HOUR, **more,
        )
        for n in range(first, first + count)
    ]  # fmt: skip
    await file(database, *made)
    return made


async def some(database: Database, **asked: object) -> Sequence[PublicTicket]:
    async with database.view() as view:
        return await view.public.some(PublicQuery(**asked), CITY)  # type: ignore[arg-type]


async def numbers(database: Database, **asked: object) -> list[str]:
    return [one.number for one in await some(database, **asked)]


async def get(database: Database, number: str) -> PublicTicket:
    async with database.view() as view:
        found = await view.public.get(number, CITY)
    assert found
    return found


async def cleared(database: Database, number: str, **what: object) -> None:
    async with database.work() as work:
        await work.public.clear(number, Clearing(at=NOON, login="marta", **what))  # type: ignore[arg-type]
        await work.commit()


async def with_photos(database: Database, number: str, *names: str, sender: int | None = None) -> None:
    async with database.work() as work:
        for name in names:
            await work.photos.add(
                number, "sms", [Media(reference=f"of {name}", content_type="image/jpeg")], NOON, sender
            )
            (photo,) = await work.photos.claim("me", NOON, 60, 1)
            assert await work.photos.fetched(photo, name, NOON)
        await work.commit()


async def test_a_ticket_is_told_without_a_word_that_nobody_cleared(database: Database) -> None:
    (one,) = await filed(database, "pothole")
    found = await get(database, one.number)
    assert found == PublicTicket(
        number=one.number, service="pothole", department="works", status=Status.RECEIVED, filed_at=one.filed_at,
        changed_at=one.filed_at, due_at=one.due_at, point=one.place.point, area="square",
    )  # fmt: skip
    assert found.is_open


async def test_a_number_that_there_is_not_is_nobodys(database: Database) -> None:
    async with database.view() as view:
        assert await view.public.get("NO-SUCH", CITY) is None


async def test_a_ticket_changes_when_its_newest_update_is_made(database: Database) -> None:
    (one,) = await filed(database, "pothole")
    later = NOON + 9 * HOUR
    async with database.work() as work:
        await work.tickets.change(*comment(one, actor=CITIZEN, at=later, note="secreto", public=False))
        await work.commit()
    assert (await get(database, one.number)).changed_at == later


async def test_cleared_words_photos_and_news_are_told(database: Database) -> None:
    (one,) = await filed(database, "pothole")
    await with_photos(database, one.number, "a.jpg", "b.jpg")
    async with database.work() as work:
        await work.tickets.change(*move(
            one, Status.TRIAGED, CITY.calendar, actor=CLERK, at=NOON + 2 * HOUR, note="Llame al 5512345678",
        ))  # fmt: skip
        await work.commit()
    await cleared(
        database, one.number, words="Un bache", photos=("b.jpg", "other.jpg"), news="Vamos el lunes", news_version=2
    )
    found = await get(database, one.number)
    assert (found.words, found.photos, found.news) == ("Un bache", ("b.jpg",), "Vamos el lunes")
    assert [one.number for one in await some(database) if one.words] == [one.number]
    async with database.view() as view:
        assert await view.public.shown("b.jpg")
        assert not await view.public.shown("a.jpg") and not await view.public.shown("other.jpg")
        updates = await view.public.updates(CITY, numbers=[one.number])
    assert [(step.version, step.event, step.old, step.new, step.note) for step in updates] == [
        (1, Event.FILED, None, Status.RECEIVED, None),
        (2, Event.MOVED, Status.RECEIVED, Status.TRIAGED, "Vamos el lunes"),
    ]


async def test_news_that_newer_ones_followed_are_not_told_any_more(database: Database) -> None:
    (one,) = await filed(database, "pothole")
    async with database.work() as work:
        triaged = move(one, Status.TRIAGED, CITY.calendar, actor=CLERK, at=NOON + 2 * HOUR, note="El lunes")
        await work.tickets.change(*triaged)
        await work.commit()
    await cleared(database, one.number, news="El lunes", news_version=2)
    assert (await get(database, one.number)).news == "El lunes"
    async with database.work() as work:
        at = NOON + 3 * HOUR
        await work.tickets.change(*move(triaged[0], Status.RESOLVED, CITY.calendar, actor=CLERK, at=at))
        await work.commit()
    assert (await get(database, one.number)).news is None


async def test_what_was_cleared_can_be_taken_back(database: Database) -> None:
    (one,) = await filed(database, "pothole")
    await with_photos(database, one.number, "a.jpg")
    await cleared(database, one.number, words="Un bache", photos=("a.jpg",))
    async with database.work() as work:
        clearing = await work.public.clearing(one.number)
        await work.public.unclear(one.number)
        await work.commit()
    assert clearing == Clearing(words="Un bache", photos=("a.jpg",), at=NOON, login="marta")
    found = await get(database, one.number)
    assert (found.words, found.photos) == (None, ())
    async with database.view() as view:
        assert await view.public.clearing(one.number) is None and not await view.public.shown("a.jpg")


async def test_updates_between_clerks_are_told_to_nobody(database: Database) -> None:
    (one,) = await filed(database, "pothole")
    async with database.work() as work:
        await work.tickets.change(*comment(one, actor=CLERK, at=NOON + 2 * HOUR, note="ojo", public=False))
        await work.commit()
    async with database.view() as view:
        updates = await view.public.updates(CITY)
    assert [step.version for step in updates] == [1]


async def test_updates_go_on_behind_a_cursor_and_within_times(database: Database) -> None:
    await filed(database, "pothole", 4)
    async with database.view() as view:
        first = await view.public.updates(CITY, limit=2)
        last = first[-1]
        rest = await view.public.updates(CITY, after=(last.at, last.number, last.version))
        within = await view.public.updates(CITY, since=NOON + 2 * HOUR, until=NOON + 4 * HOUR)
    assert [one.number for one in (*first, *rest)] == [f"POT-0{n}" for n in (1, 2, 3, 4)]
    assert [one.number for one in within] == ["POT-02", "POT-03"]


async def test_tickets_are_found_by_all_that_can_be_asked(database: Database) -> None:
    await filed(database, "pothole", 3)
    gone = NOON + 30 * HOUR
    await filed(database, "waste", 2, spot(19.48, -99.01, area="ell"), status=Status.RESOLVED, closed_at=gone)
    cases = (
        ({}, ["POT-03", "WAS-02", "POT-02", "WAS-01", "POT-01"]),
        ({"numbers": ("POT-01", "WAS-02")}, ["WAS-02", "POT-01"]),
        ({"services": ("waste",)}, ["WAS-02", "WAS-01"]),
        ({"open": True}, ["POT-03", "POT-02", "POT-01"]),
        ({"open": False}, ["WAS-02", "WAS-01"]),
        ({"area": "ell"}, ["WAS-02", "WAS-01"]),
        ({"filed_since": NOON + 2 * HOUR, "filed_until": NOON + 3 * HOUR}, ["WAS-02", "POT-02"]),
        ({"closed_since": gone}, ["WAS-02", "WAS-01"]),
        ({"closed_until": gone}, []),
        ({"changed_since": NOON + 3 * HOUR}, ["POT-03"]),
        ({"changed_until": NOON + 2 * HOUR}, ["WAS-01", "POT-01"]),
        ({"box": Box(south=19.4, west=-99.1, north=19.41, east=-99.09)}, ["POT-03", "POT-02", "POT-01"]),
        ({"near": Near(point=Point(latitude=19.48, longitude=-99.01), metres=5)}, ["WAS-02", "WAS-01"]),
        ({"near": Near(point=Point(latitude=19.48, longitude=-99.02), metres=900)}, []),
        ({"offset": 1, "limit": 2}, ["WAS-02", "POT-02"]),
        ({"order": Order.CHANGES, "limit": 3}, ["POT-01", "WAS-01", "POT-02"]),
        ({"order": Order.CHANGED, "limit": 2}, ["POT-03", "WAS-02"]),
    )  # fmt: skip
    for asked, expected in cases:
        assert await numbers(database, **asked) == expected, asked


@pytest.mark.parametrize("order", list(Order))
async def test_going_on_behind_a_cursor_meets_each_ticket_once(database: Database, order: Order) -> None:
    await filed(database, "pothole", 5)
    await filed(database, "waste", 5)  # filed at the same times
    whole, met = await some(database, order=order), []
    after: Cursor | None = None
    while part := await some(database, order=order, after=after, limit=3):
        met += part
        last = part[-1]
        after = Cursor(at=last.filed_at if order is Order.FILED else last.changed_at, number=last.number)
    assert met == list(whole) and len(met) == 10


async def test_an_export_reads_all_of_them_part_by_part(database: Database) -> None:
    await filed(database, "pothole", 4)
    await filed(database, "waste", 3)
    met, after = [], None
    async with database.view() as view:
        while part := await view.public.every(CITY, after=after, limit=2):
            met += part
            after = Cursor(at=part[-1].filed_at, number=part[-1].number)
        within = await view.public.every(CITY, since=NOON + 2 * HOUR, until=NOON + 3 * HOUR)
    assert [(one.filed_at, one.number) for one in met] == sorted((one.filed_at, one.number) for one in met)
    assert {one.number for one in met} == set(await numbers(database)) and len(met) == 7
    assert [one.number for one in within] == ["POT-02", "WAS-02"]


async def test_a_sensitive_place_is_told_from_the_fifth_ticket_on(database: Database) -> None:
    await filed(database, "noise", 4)
    for one in await some(database):
        assert (one.point, one.street, one.area) == (None, None, None)
    await filed(database, "noise", 1, first=5)
    for one in await some(database):
        assert (one.point, one.street, one.area) == (BLURRING.inner("square"), None, "square")
    async with database.view() as view:
        assert await view.public.crowded(CITY) == {("noise", "square")}


async def test_closed_tickets_are_part_of_the_crowd_and_other_areas_are_not(database: Database) -> None:
    await filed(database, "noise", 4, status=Status.RESOLVED, closed_at=NOON + 30 * HOUR)
    await filed(database, "noise", 4, spot(area="ell"), first=5)
    assert all(one.area is None for one in await some(database))
    await filed(database, "noise", 1, first=9)
    assert sorted({one.area for one in await some(database) if one.area}) == ["square"]


async def test_an_area_is_no_oracle_for_what_is_not_told_to_be_there(database: Database) -> None:
    await filed(database, "noise", 4)
    assert await numbers(database, area="square") == []
    assert await numbers(database, area="square", services=("noise",), box=SQUARE) == []
    await filed(database, "noise", 1, first=5)
    assert len(await numbers(database, area="square")) == 5


async def test_a_box_finds_sensitive_tickets_where_they_are_told_to_be_only(database: Database) -> None:
    await filed(database, "noise", 5)
    await filed(database, "vehicle", 5, spot(street="Long / Away"))
    await filed(database, "vehicle", 1, spot(street="Nobody's 4"), first=6)
    own = Near(point=Point(latitude=19.405, longitude=-99.095), metres=50)  # where all of them are
    for asked in ({"box": CORNER}, {"near": own}, {"box": CORNER, "services": ("noise",)}):
        assert await numbers(database, **asked) == []
    assert len(await numbers(database, box=SQUARE)) == 11
    on_the_street = Near(point=Point(latitude=19.42, longitude=-99.05), metres=50)
    assert len(await numbers(database, near=on_the_street)) == 5
    inner = BLURRING.inner("square")
    assert inner
    found = await some(database, near=Near(point=inner, metres=1))
    assert sorted(one.number for one in found) == ["NOI-01", "NOI-02", "NOI-03", "NOI-04", "NOI-05", "VEH-06"]
    assert await numbers(database, near=Near(point=inner, metres=1), services=("vehicle",)) == ["VEH-06"]


@pytest.mark.parametrize("order", list(Order))
async def test_a_box_orders_and_pages_exact_and_moved_tickets_together(database: Database, order: Order) -> None:
    await filed(database, "noise", 5)
    await filed(database, "pothole", 5)
    whole = [one.number for one in await some(database, order=order)]
    assert await numbers(database, order=order, box=SQUARE) == whole
    pages = [await numbers(database, order=order, box=SQUARE, offset=at, limit=3) for at in (0, 3, 6, 9)]
    assert [number for page in pages for number in page] == whole


async def test_what_is_found_in_a_box_is_what_is_told_to_be_in_it(database: Database) -> None:
    for n, place in enumerate(
        (spot(), spot(19.42, -98.6, "Long", "ell"), spot(19.43, -99.02, "Long"), spot(19.7, -98.87, "", "ell")), start=1
    ):
        for service in ("noise", "vehicle", "pothole"):
            await filed(database, service, 5, place, first=10 * n)
    everywhere = await some(database, limit=100)
    for box in (SQUARE, CORNER, Box(south=19.41, west=-99.06, north=19.43, east=-98.5), SQUARE_AND_MORE):
        told = {
            one.number for one in everywhere
            if one.point and box.south <= one.point.latitude <= box.north and box.west <= one.point.longitude <= box.east
        }  # fmt: skip
        assert set(await numbers(database, box=box, limit=100)) == told


SQUARE_AND_MORE = Box(south=19.0, west=-100.0, north=20.0, east=-98.0)


async def test_a_person_who_is_erased_takes_back_what_was_cleared_of_theirs(database: Database) -> None:
    reporter, neighbour = await citizen(database, ANA), await citizen(database, BEA)
    (one,) = await filed(database, "pothole")
    other = replace(one, number="POT-99", reporter=neighbour)
    await file(database, other)
    await with_photos(database, one.number, "hers.jpg")
    await with_photos(database, other.number, "also.jpg", sender=reporter)
    await with_photos(database, other.number, "theirs.jpg", sender=neighbour)
    await cleared(database, one.number, words="Un bache", photos=("hers.jpg",))
    await cleared(database, other.number, words="Otro", photos=("also.jpg", "theirs.jpg"))
    async with database.work() as work:
        await work.erasure.person(reporter, NOON)
        await work.commit()
    found = await get(database, one.number)
    assert (found.words, found.photos) == (None, ())
    found = await get(database, other.number)
    assert (found.words, found.photos) == ("Otro", ("theirs.jpg",))
    async with database.view() as view:
        assert await view.public.clearing(one.number) is None
        clearing = await view.public.clearing(other.number)
    assert clearing and clearing.photos == ("theirs.jpg",)
