"""The lists of the desk."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientResponse

from channels.message import Contact, Inbound
from tests.samples import TICKET
from tests.web.world import NOW, World, csrf_of
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
        ("q=84g", {"84G-7ZR"}),
        ("q=4G-7", {"84G-7ZR"}),
        ("q=zlrv", {"Z1R-V01"}),  # an l is heard as a 1, and closed ones are found too
        ("q=%00%27%3C", set()),
        ("department=roads", {"7K3-9QX", "84G-7ZR"}),
        ("assignee=nobody&channel=telegram&spoken=es", {"7K3-9QX", "84G-7ZR"}),
        ("assignee=me", set()),
        ("spoken=fr", set()),
        ("late=1", {"84G-7ZR"}),
        ("service=lighting&service=pothole", {"7K3-9QX", "84G-7ZR"}),
        ("since=2026-11-20&until=2026-11-20", {"7K3-9QX", "84G-7ZR"}),
        ("since=2026-11-21", set()),
        ("since=yesterday&until=0000-00-00&area=nowhere&department=none&assignee=%3C", {"7K3-9QX", "84G-7ZR"}),
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
    answer = await world.client.get("/desk?q=84g7zr", allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/desk/tickets/84G-7ZR")


async def test_late_and_urgent_tickets_stand_out(world: World) -> None:
    await world.file(replace(TICKET, priority=Priority.EMERGENCY))
    await world.log_in()
    page = await world.page("/desk")
    assert "Emergency" in page
    assert "badge late" not in page
    world.clock.pass_by(days=30)
    await world.log_in()
    assert "badge late" in await world.page("/desk")


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


async def test_tabs_and_services_tell_how_many_a_click_would_list(world: World) -> None:
    for ticket in (TICKET, SECOND, replace(SECOND, number="Z1R-V09", status=Status.WAITING), CLOSED):
        await world.file(ticket)
    await world.log_in()
    page = await world.page("/desk?status=open&service=lighting")
    for show, count in (("open", 2), ("received", 1), ("waiting", 1), ("closed", 0), ("any", 2)):
        found = re.search(
            rf'href="/desk\?status={show}&amp;service=lighting"[^>]*>[^<]*<span class="count">(\d+)', page
        )
        assert found and int(found[1]) == count, show
    assert re.search(r'value="pothole"> Pothole <span class="count">1<', page)
    assert re.search(r'name="late" value="1"> Late <span class="count">1<', page)  # who waits is not late


async def clerk(world: World, **values: Any) -> None:
    async with world.store.work() as work:
        known = await work.clerks.get("ana")
        assert known and await work.clerks.change(replace(known, **values))
        await work.commit()


async def test_a_clerk_with_a_department_begins_with_its_tickets_and_a_link_means_the_same_for_all(
    world: World,
) -> None:
    for ticket in (TICKET, replace(SECOND, department="water")):
        await world.file(ticket)
    await clerk(world, department="roads")
    await world.log_in()
    assert await shown(world) == {"7K3-9QX"}
    assert await shown(world, "language=fr&page=1") == {"7K3-9QX"}
    assert await shown(world, "status=open") == {"7K3-9QX", "84G-7ZR"}
    assert 'href="/desk?status=waiting&amp;department=roads"' in await world.page("/desk")


async def test_ones_own_are_those_of_whoever_reads(world: World) -> None:
    await world.file(replace(TICKET, assignee="ana"))
    await world.file(replace(SECOND, assignee="luis"))
    await world.log_in()
    assert await shown(world, "assignee=me") == {"7K3-9QX"}
    assert await shown(world, "assignee=luis") == {"84G-7ZR"}
    assert await shown(world, "assignee=nobody") == set()


async def test_a_row_is_a_link_that_scripts_can_find_again(world: World) -> None:
    await world.file()
    await world.log_in()
    assert '<tr id="t-7K3-9QX" data-number="7K3-9QX" data-version="1"' in await world.page("/desk")


async def keep(world: World, name: str, query: str, way: str = "/desk/saved") -> ClientResponse:
    fields = {"csrf": csrf_of(await world.page("/desk")), "name": name, "query": query}
    return await world.client.post(way, data=fields, allow_redirects=False)


async def test_a_list_is_kept_under_a_name_shown_as_a_tab_and_taken_away(world: World) -> None:
    await world.file()
    await world.log_in()
    answer = await keep(world, " Baches  <b> ", "service=pothole&late=0&nonsense=1")
    assert (answer.status, answer.headers["Location"]) == (303, "/desk?status=open&service=pothole")
    page = await world.page("/desk?status=open&service=pothole")
    assert 'aria-current="true"><bdi>Baches &lt;b&gt;</bdi> <span class="count">1</span>' in page
    assert "<bdi>Baches" in await world.page("/desk?status=closed")
    await keep(world, "Baches <b>", "status=waiting", "/desk/saved/forget")
    answer = await keep(world, "Baches <b>", "status=waiting", "/desk/saved/forget")
    assert (answer.status, answer.headers["Location"]) == (303, "/desk?status=waiting")
    assert "<bdi>Baches" not in await world.page("/desk")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("  ", "Give the list a name."),
        ("x" * 41, "At most 40 characters, please."),
        ("\u202e", "Give the list a name."),
    ],
)
async def test_a_name_that_cannot_be_is_told_beside_the_field_and_kept(world: World, name: str, said: str) -> None:
    await world.log_in()
    answer = await keep(world, name, "status=waiting")
    page = await answer.text()
    assert answer.status == 422 and said in page and 'aria-invalid="true"' in page
    assert f'name="name" value="{name}"' in page and "status=waiting" in page
    assert "<bdi>" not in page


async def test_nobody_keeps_more_lists_than_can_be_counted(world: World) -> None:
    await world.log_in()
    for n in range(12):
        assert (await keep(world, f"list {n}", f"status=open&q=word{n}")).status == 303
    assert "You keep 12 lists already." in await (await keep(world, "more", "")).text()
    assert (await keep(world, "list 3", "status=closed")).status == 303  # in place of it


async def test_the_desk_refuses_to_keep_what_no_form_of_ours_sent(world: World) -> None:
    await world.log_in()
    for way in ("/desk/saved", "/desk/saved/forget"):
        answer = await world.client.post(way, data={"csrf": "x", "name": "a", "query": ""}, allow_redirects=False)
        assert answer.status == 403


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
