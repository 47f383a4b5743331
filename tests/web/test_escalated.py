"""What the desk shows of levels of escalation: marks in the list, and all of them on the ticket's page."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.ports import Reached
from tests.samples import TICKET
from tests.web.world import NOW, World
from tickets.model import Status, Ticket

AT = NOW - timedelta(hours=3)
FIRST = NOW - timedelta(days=4)
MISSED = replace(TICKET, first_due_at=FIRST, postponed=1, due_at=NOW + timedelta(days=1))


async def tell(world: World, number: str, *told: tuple[int, datetime]) -> None:
    """Levels by their codes, each of its date."""
    rows = [
        Reached(number=number, due_at=date, level=level, at=AT + timedelta(minutes=n))
        for n, (level, date) in enumerate(told)
    ]
    async with world.store.work() as work:
        await work.escalations.tell(rows)
        await work.commit()


@pytest.mark.parametrize(
    ("ticket", "told", "mark"),
    [
        (TICKET, (), ""),
        (TICKET, ((-9, TICKET.due_at),), "9 working hours before the date"),
        (MISSED, ((-9, FIRST),), ""),  # that date is over
        (MISSED, ((-9, FIRST), (1000, FIRST)), "1 working day late"),
        (MISSED, ((1000, FIRST), (3000, FIRST)), "1 working day late"),  # the third was not told the desk
        (MISSED, ((1000, FIRST), (-9, MISSED.due_at)), "9 working hours before the date"),
        (MISSED, ((77_000, FIRST),), ""),  # a level that the city has no more
        (replace(MISSED, status=Status.RESOLVED, closed_at=NOW), ((1000, FIRST),), ""),
        (replace(MISSED, service="lighting"), ((1000, FIRST),), ""),  # the desk is told of potholes alone
    ],
)
async def test_the_list_marks_what_was_escalated_to_the_desk(
    world: World, ticket: Ticket, told: Sequence[tuple[int, datetime]], mark: str
) -> None:
    await world.file(ticket)
    await tell(world, ticket.number, *told)
    await world.log_in()
    page = await world.page("/desk?status=any")
    assert ("badge escalated" in page) == bool(mark)
    assert mark in page


async def test_the_page_of_a_ticket_tells_each_level_when_and_to_whom_the_newest_first(world: World) -> None:
    await world.file(MISSED)
    await tell(world, MISSED.number, (-9, FIRST), (1000, FIRST), (3000, FIRST), (77_000, FIRST))
    await world.log_in()
    page = await world.page(f"/desk/tickets/{MISSED.number}")
    told = page.split("<dt>Escalated</dt><dd>")[1].split("</dd>")[0]
    lines = told.replace("</div>", "\n").split("\n")[:4]
    assert [line.split(":")[0].removeprefix("<div>") for line in lines] == [
        "77 working days late", "3 working days late", "1 working day late", "9 working hours before the date"
    ]  # fmt: skip
    assert ["(" in line for line in lines] == [False, True, True, True]
    assert lines[2].endswith("<small>(head, Desk)</small>")
