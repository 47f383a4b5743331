from datetime import timedelta
from random import Random

import pytest

from store.database import Database
from tests.store.samples import NOON, citizen, file, ticket
from tickets.duplicates import nearest
from tickets.model import Place, Point, Status

HERE = Point(latitude=14.6, longitude=-66.5)
PIN = Place(point=HERE, street="Avenida Bolívar", area="centro")
LONG_AGO = NOON - timedelta(days=30)


def at(metres: float, **more: object) -> Place:
    """So many metres north of HERE."""
    fields: dict[str, object] = {"point": Point(latitude=HERE.latitude + metres / 111_320, longitude=HERE.longitude)}
    return Place(**(fields | more))  # type: ignore[arg-type]


async def found(database: Database, place: Place, *, metres: float = 60, limit: int = 3) -> list[str]:
    async with database.view() as view:
        near = await view.tickets.near(place, "pothole", metres, LONG_AGO, limit)
    return [one.number for one in near]


async def test_open_tickets_of_the_service_within_the_distance_come_nearest_first(database: Database) -> None:
    ana = await citizen(database)
    closed = {"status": Status.RESOLVED, "closed_at": NOON}
    await file(
        database,
        ticket("FAR", ana, place=at(61)), ticket("HALF", ana, place=at(30)), ticket("NEAR", ana, place=at(-5)),
        ticket("EDGE", ana, place=at(59)), ticket("CLOSED", ana, place=at(1), **closed),
        ticket("TREE", ana, place=at(1), service="tree"), ticket("OLD", ana, place=at(1), filed_at=NOON - timedelta(days=31)),
    )  # fmt: skip
    assert await found(database, PIN) == ["NEAR", "HALF", "EDGE"]
    assert await found(database, PIN, limit=1) == ["NEAR"]
    assert await found(database, PIN, metres=10) == ["NEAR"]


async def test_east_and_west_are_measured_at_their_latitude(database: Database) -> None:
    ana = await citizen(database)
    north = Point(latitude=60.0, longitude=10.0)  # where a degree of longitude is half as long
    await file(database, ticket("EAST", ana, place=Place(point=Point(latitude=60.0, longitude=10.0009))))
    assert await found(database, Place(point=north)) == ["EAST"]
    assert await found(database, Place(point=Point(latitude=60.0, longitude=9.9996))) == []


@pytest.mark.parametrize(
    ("there", "same"),
    [
        (Place(words="Bolívar 120", street="Avenida Bolívar"), True),
        (Place(words="Bolívar 120", street="Avenida Bolívar", area="centro"), True),
        (Place(words="Bolívar 120", street="Avenida Bolívar", area="norte"), False),
        (Place(words="Bolívar 920", street="Avenida Bolívar"), False),
        (Place(words="Bolívar", street="Avenida Bolívar"), True),
        (Place(words="calle 8", street="Calle 8"), False),
        (Place(words="Bolívar 123"), False),
    ],
)
async def test_without_a_point_the_same_street_and_area_will_do(database: Database, there: Place, same: bool) -> None:
    await file(database, ticket("X", await citizen(database), place=there))
    here = Place(words="Av. Bolívar 123", street="Avenida Bolívar", area="centro")
    assert await found(database, here) == (["X"] if same else [])
    pin = Place(words="Av. Bolívar 123", point=HERE, street="Avenida Bolívar", area="centro")
    assert await found(database, pin) == (["X"] if same else [])


async def test_those_without_a_point_come_last_and_nothing_comes_twice(database: Database) -> None:
    ana = await citizen(database)
    street = Place(street="Avenida Bolívar")
    await file(database, ticket("WORDS", ana, place=street), ticket("PIN", ana, place=at(50, street="Avenida Bolívar")))
    assert await found(database, PIN) == ["PIN", "WORDS"]
    assert await found(database, street) == ["PIN", "WORDS"]


async def test_a_place_of_words_alone_is_near_nothing(database: Database) -> None:
    await file(database, ticket("X", await citizen(database), place=Place(words="donde la virgen")))
    assert await found(database, Place(words="donde la virgen")) == []


async def test_of_thousands_at_one_spot_the_newest_are_looked_at(database: Database) -> None:
    ana = await citizen(database)
    await file(database, *[ticket(f"N{n}", ana, place=at(0), filed_at=NOON - timedelta(minutes=n)) for n in range(130)])
    assert await found(database, PIN) == ["N0", "N1", "N2"]


async def test_the_indexes_find_what_looking_at_every_ticket_finds(database: Database) -> None:
    random, ana = Random(7), await citizen(database)
    places = [_somewhere(random) for _ in range(60)]
    every = [ticket(f"T{n:02}", ana, place=place) for n, place in enumerate(places)]
    await file(database, *every)
    for place in places:
        expected = [one.number for one in nearest(place, every, 60, 3)]
        assert await found(database, place) == expected


def _somewhere(random: Random) -> Place:
    """In one of three streets, some with a point around HERE, some with a house number, some in an area."""
    point = at(random.uniform(-150, 150)).point if random.random() < 0.6 else None
    words = f"n {random.choice([1, 50, 200])}" if random.random() < 0.5 else "frente al mercado"
    area = random.choice(["centro", "norte", None])
    return Place(words=words, point=point, street=random.choice(["Calle 8", "Molino", "Bolívar"]), area=area)


async def test_tickets_closed_lately_near_a_point_are_found_and_none_without_one(database: Database) -> None:
    ana = await citizen(database)
    closed = {"status": Status.RESOLVED, "closed_at": NOON}
    long_ago = {"status": Status.RESOLVED, "closed_at": NOON - timedelta(days=91)}
    await file(
        database,
        ticket("OPEN", ana, place=at(1)), ticket("PAST", ana, place=at(5), **closed),
        ticket("FAR", ana, place=at(90), **closed), ticket("OLD", ana, place=at(1), **long_ago),
    )  # fmt: skip
    since = NOON - timedelta(days=90)
    async with database.view() as view:
        assert [one.number for one in await view.tickets.past(PIN, "pothole", 60, since, 5)] == ["PAST"]
        assert not await view.tickets.past(Place(words="somewhere"), "pothole", 60, since, 5)
