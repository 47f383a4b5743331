"""Where tickets lie: counted as the list counts them, by area and by the squares of a grid, on both databases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.ports import Flag, Query
from bot.ports.points import Box, Grid
from store.database import Database
from store.points import Points
from tests.store.samples import ANA, NOON, citizen, file, ticket
from tickets.model import Place, Point, Priority, Status, Ticket

ALL = Box(south=19.0, west=-100.0, north=20.0, east=-99.0)
GRID = Grid(box=ALL, high=0.1, wide=0.1)


def at(latitude: float, longitude: float, area: str | None = "centro", street: str = "Calle 8") -> Place:
    return Place(words="x", point=Point(latitude=latitude, longitude=longitude), area=area, street=street)


async def several(database: Database) -> Sequence[Ticket]:
    """Two open ones in a square (late, and an emergency) and a closed one beside them; one far away; one nowhere."""
    reporter = await citizen(database, ANA)
    gone = NOON + timedelta(hours=1)
    found = [
        ticket("7K3-9Q1", reporter, place=at(19.41, -99.15), hours=-1),
        ticket("7K3-9Q2", reporter, place=at(19.43, -99.13), priority=Priority.EMERGENCY),
        ticket("7K3-9Q3", reporter, place=at(19.42, -99.14), status=Status.RESOLVED, closed_at=gone),
        ticket("7K3-9Q4", reporter, place=at(19.75, -99.55, area=None), service="lighting"),
        ticket("7K3-9Q5", reporter, place=Place(words="x")),
    ]
    for one in found:
        await file(database, one)
    return found


async def test_areas_hold_all_tickets_that_the_list_holds(database: Database) -> None:
    await several(database)
    for query in (
        Query(), Query(open=None), Query(open=False), Query(status=Status.RESOLVED, open=None),
        Query(flags=frozenset({Flag.LATE}), open=None), Query(services=("lighting",)), Query(area="centro", open=None),
        Query(since=NOON + timedelta(days=1), open=None),
    ):  # fmt: skip
        async with database.view() as view:
            spread, page = await view.points.areas(query), await view.tickets.page(query)
        assert (spread.tickets, spread.capped) == (page.total, None), query


async def test_an_area_tells_what_is_late_an_emergency_and_without_a_point(database: Database) -> None:
    await several(database)
    async with database.view() as view:
        shares = (await view.points.areas(Query(open=None))).shares
    assert [(one.area, one.tickets, one.placed, one.late, one.emergencies) for one in shares] == [
        ("centro", 3, 3, 1, 1),
        (None, 2, 1, 0, 0),
    ]


async def test_squares_hold_open_and_closed_ones_together(database: Database) -> None:
    await several(database)
    async with database.view() as view:
        alone, together = await view.points.cells(Query(open=None), GRID)
    assert (alone.tickets, together.tickets, together.late, together.emergencies) == (1, 3, 1, 1)
    assert alone.pin
    assert (alone.pin.number, alone.pin.service, alone.pin.street) == ("7K3-9Q4", "lighting", "Calle 8")
    assert together.pin is None
    assert together.middle.latitude == pytest.approx(19.42)
    assert together.box == Box(south=19.41, west=-99.15, north=19.43, east=-99.13)
    assert not together.box.is_point
    assert (together.row, together.column) == (1094, 808)


async def test_one_open_and_one_closed_ticket_are_no_pin(database: Database) -> None:
    await several(database)
    async with database.view() as view:
        cells = await view.points.cells(Query(open=None, services=("pothole",)), GRID, without="7K3-9Q1")
        alone = await view.points.cells(Query(open=False), GRID)
    assert [(cell.tickets, cell.pin) for cell in cells] == [(2, None)]
    assert [cell.pin.number for cell in alone if cell.pin] == ["7K3-9Q3"]


async def test_what_lies_outside_of_the_box_is_not_counted(database: Database) -> None:
    await several(database)
    far = replace(ALL, south=19.6)
    async with database.view() as view:
        assert [cell.tickets for cell in await view.points.cells(Query(), replace(GRID, box=far))] == [1]
        assert [pin.number for pin in await view.points.pins(Query(), far, 5)] == ["7K3-9Q4"]


async def test_pins_come_emergencies_first_and_closed_ones_last(database: Database) -> None:
    await several(database)
    async with database.view() as view:
        pins = await view.points.pins(Query(open=None), ALL, 10)
        some = await view.points.pins(Query(open=None), ALL, 2)
    assert [pin.number for pin in pins] == ["7K3-9Q2", "7K3-9Q1", "7K3-9Q4", "7K3-9Q3"]
    assert [pin.late for pin in pins] == [False, True, False, False]
    assert pins[:2] == some


async def test_closed_ones_are_counted_as_far_as_they_are_looked_at(database: Database) -> None:
    reporter = await citizen(database, ANA)
    for n in range(5):
        closed = ticket(f"7K3-9Q{n}", reporter, status=Status.RESOLVED, closed_at=NOON, place=at(19.4, -99.1))
        await file(database, replace(closed, filed_at=NOON - timedelta(days=n)))
    async with database.view() as view:
        points = Points(view._tx, looked=3)
        spread = await points.areas(Query(open=None))
        within = await points.areas(Query(open=None, since=NOON - timedelta(days=2)))
        pins = await points.pins(Query(open=False), ALL, 10)
    assert (spread.tickets, spread.capped) == (3, 3)
    assert (within.tickets, within.capped) == (3, None)
    assert [pin.number for pin in pins] == ["7K3-9Q0", "7K3-9Q1", "7K3-9Q2"]
