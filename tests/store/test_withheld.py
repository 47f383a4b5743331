"""What would tell where a sensitive ticket is although its place is not told: who looks after it, and the ticket in
which it goes on. In single answers and in sheets, on both databases."""

from dataclasses import replace
from typing import Any

import pytest

from store.database import Database
from tests.store.samples import NOON, citizen, file, ticket
from tests.store.test_opendata import one_by_one, sheets
from tests.town import CITY
from tickets.model import Place, Point, Status
from tickets.public import PublicTicket

THERE = Point(latitude=14.6, longitude=-66.5)
USUAL = {service.code: service.department for service in CITY.services}


async def told(database: Database, numbers: list[str]) -> dict[str, PublicTicket]:
    """The same by both ways."""
    alone = await one_by_one(database, numbers)
    assert sorted(await sheets(database), key=lambda one: one.number) == sorted(alone, key=lambda one: one.number)
    return {one.number: one for one in alone}


async def filed(database: Database, number: str, service: str, area: str = "centro", **more: Any) -> str:
    place = Place(point=THERE, area=area)
    one = ticket(number, await citizen(database), service=service, department="porto-office", place=place, **more)
    await file(database, one)
    return number


async def test_the_department_that_an_area_has_does_not_tell_the_area(database: Database) -> None:
    few = [await filed(database, f"N{n}", "noise") for n in range(CITY.openness.few - 1)]
    found = await told(database, [*few, await filed(database, "P", "pothole")])
    assert {found[number].department for number in few} == {USUAL["noise"]}
    assert found["P"].department == "porto-office"
    many = [*few, await filed(database, "N-last", "noise")]
    assert {one.department for one in (await told(database, [*many, "P"])).values()} == {"porto-office"}


@pytest.mark.parametrize(
    ("service", "into", "area", "is_told"),
    [
        ("noise", "pothole", "centro", False),
        ("pothole", "noise", "centro", False),
        ("noise", "vehicle", "centro", False),
        ("noise", "noise", "porto", False),
        ("noise", "noise", "centro", True),
        ("pothole", "lighting", "porto", True),
    ],
)
async def test_a_ticket_whose_place_is_told_is_no_way_to_one_whose_place_is_not(
    database: Database, service: str, into: str, area: str, *, is_told: bool
) -> None:
    other = await filed(database, "INTO", into, area)
    one = await filed(
        database, "ONE", service, status=Status.DUPLICATE, closed_at=NOON, merged_into=other
    )  # fmt: skip
    assert (await told(database, [one, other]))[one].merged_into == (other if is_told else None)


async def test_a_city_without_sensitive_services_tells_all_that_go_on(database: Database) -> None:
    other = await filed(database, "INTO", "noise")
    one = await filed(database, "ONE", "pothole", status=Status.DUPLICATE, closed_at=NOON, merged_into=other)
    open_city = replace(CITY, openness=replace(CITY.openness, precisions={}))
    async with database.view() as view:
        found = await view.public.get(one, open_city)
    assert found
    assert found.merged_into == other
