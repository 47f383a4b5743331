"""The lists of the desk."""

from dataclasses import replace
from datetime import timedelta

import pytest

from channels.message import Contact, Inbound
from tests.samples import TICKET
from tests.web.world import NOW, World
from tickets.model import Priority, Status

SECOND = replace(TICKET, number="84G-7ZR", service="lighting", due_at=NOW - timedelta(hours=1))
CLOSED = replace(TICKET, number="Z1R-V01", status=Status.RESOLVED, closed_at=NOW)


async def shown(world: World, query: str = "") -> set[str]:
    page = await world.page(f"/desk?{query}")
    return {ticket.number for ticket in (TICKET, SECOND, CLOSED) if f"/desk/tickets/{ticket.number}" in page}


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", {"7K3-9QX", "84G-7ZR"}),
        ("status=any", {"7K3-9QX", "84G-7ZR", "Z1R-V01"}),
        ("status=closed", {"Z1R-V01"}),
        ("status=resolved", {"Z1R-V01"}),
        ("status=waiting", set()),
        ("service=lighting", {"84G-7ZR"}),
        ("service=nonsense", {"7K3-9QX", "84G-7ZR"}),
        ("status=nonsense&page=0", {"7K3-9QX", "84G-7ZR"}),
        ("page=99999999", {"7K3-9QX", "84G-7ZR"}),
        ("page=9999999999999999999", {"7K3-9QX", "84G-7ZR"}),
        ("page=-1", {"7K3-9QX", "84G-7ZR"}),
        ("number=84g", {"84G-7ZR"}),
        ("number=zlrv", {"Z1R-V01"}),  # an l is heard as a 1, and closed ones are found too
        ("number=%00%27%3C", {"7K3-9QX", "84G-7ZR", "Z1R-V01"}),
    ],
)
async def test_the_list_shows_what_is_asked_for(world: World, query: str, numbers: set[str]) -> None:
    for ticket in (TICKET, SECOND, CLOSED):
        await world.file(ticket)
    await world.log_in()
    assert await shown(world, query) == numbers


async def test_a_whole_number_leads_to_its_ticket(world: World) -> None:
    await world.file(SECOND)
    await world.log_in()
    answer = await world.client.get("/desk?number=84g7zr", allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/desk/tickets/84G-7ZR")


async def test_late_and_urgent_tickets_stand_out(world: World) -> None:
    await world.file(replace(TICKET, priority=Priority.EMERGENCY))
    await world.log_in()
    page = await world.page("/desk")
    assert "Emergency" in page
    assert "Late" not in page
    world.clock.pass_by(days=30)
    await world.log_in()
    assert "Late" in await world.page("/desk")


async def test_behind_the_last_page_stands_the_last_one(world: World) -> None:
    for n in range(51):
        await world.file(replace(TICKET, number=f"{n:03}"))
    await world.log_in()
    page = await world.page("/desk?page=3")
    assert "Page 2 of 2" in page and page.count("data-label") == 6
    assert "Well done" not in page


async def test_a_long_list_has_pages(world: World) -> None:
    for n in range(53):
        await world.file(replace(TICKET, number=f"{n:03}-000"))
    await world.log_in()
    first = await world.page("/desk?service=pothole")
    assert "53 tickets" in first
    assert 'href="/desk?status=open&amp;service=pothole&amp;page=2"' in first
    assert (await world.page("/desk?service=pothole&page=2")).count("data-label") == 3 * 6


async def test_an_empty_desk_says_so(world: World) -> None:
    await world.log_in()
    assert "Nothing is open. Well done." in await world.page("/desk")
    assert "No ticket matches." in await world.page("/desk?status=waiting")


async def test_messages_set_aside_wait_for_a_clerk(world: World) -> None:
    await world.log_in()
    assert "Nothing was set aside." in await world.page("/desk/aside")
    arrival = Inbound(
        sender=Contact(channel="sms", address="7"), external_id="1", received_at=NOW, text="nobody could read this"
    )
    async with world.store.work() as work:
        await work.inbox.accept([arrival])
        [claimed] = await work.inbox.claim("test", NOW, 60, 1)
        await work.inbox.set_aside(claimed, NOW, "RuntimeError")
        await work.commit()
    page = await world.page("/desk/aside")
    assert "nobody could read this" in page
    assert "RuntimeError" in page


@pytest.mark.parametrize("path", ["/desk", "/desk/aside", "/desk/tickets/7K3-9QX", "/desk/tickets/7K3-9QX/photos/1"])
async def test_nothing_is_shown_to_who_is_not_logged_in(world: World, path: str) -> None:
    await world.file()
    answer = await world.client.get(path, allow_redirects=False)
    assert (answer.status, await answer.text()) == (303, "303: See Other")


async def test_a_clerk_reads_in_the_language_chosen(world: World) -> None:
    await world.log_in()
    assert '<html lang="en">' in await world.page("/desk")  # the clerk's own
    assert '<html lang="pt">' in await world.page("/desk?language=pt")
    assert '<html lang="pt">' in await world.page("/desk/aside")  # kept
    assert '<html lang="pt">' in await world.page("/desk?language=xx")
    page = await world.page("/desk?status=any")
    assert 'href="/desk?status=any&amp;language=fr"' in page
