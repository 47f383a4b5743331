"""The desk from the keyboard, in a real Chromium: each act is counted in keys, and readers of screens can follow."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.async_api import Page, expect

from tests.peers import npm
from tests.samples import TICKET
from tests.web.test_browser import CHROMIUM, browsing
from tests.web.world import CITY, NOW, World
from tickets import workflow
from tickets.model import Actor, Author, Status
from web.live import LIVE

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="needs Chromium on the PATH (Debian: apt-get install chromium)"
)
NUMBERS = ("7K3-9QX", "84G-7ZR", "Z1R-V01")


@pytest.fixture
async def busy(demo: World) -> World:
    """Three tickets, the oldest first."""
    for n, number in enumerate(NUMBERS):
        await demo.file(replace(TICKET, number=number, filed_at=TICKET.filed_at + timedelta(minutes=n)))
    return demo


@asynccontextmanager
async def at_the_list(world: World, **how: bool) -> AsyncIterator[Page]:
    async with browsing(world, **how) as page:
        await page.goto("/desk/demo?token=" + "T" * 43)
        await expect(page.locator("#desk")).to_have_count(1)
        yield page


async def press(page: Page, *keys: str) -> None:
    """Once the page listens."""
    await page.locator("#desk[data-ready]").wait_for(state="attached")
    for key in keys:
        await page.keyboard.press(key)


async def shown(page: Page, number: str) -> None:
    await expect(page.get_by_role("heading", level=1)).to_contain_text(number)


async def status_of(world: World, number: str) -> tuple[Status, str | None]:
    async with world.store.view() as view:
        ticket = await view.tickets.get(number)
    assert ticket
    return ticket.status, ticket.assignee


async def move(world: World, number: str) -> None:
    """By somebody else."""
    async with world.store.work() as work:
        ticket = await work.tickets.get(number)
        assert ticket
        moved = workflow.move(
            ticket, Status.TRIAGED, CITY.calendar, actor=Actor(author=Author.CLERK, name="ana"), at=NOW
        )
        await work.tickets.change(*moved)
        await work.commit()


async def expect_streams(world: World, number: int) -> None:
    """The page listens."""
    while len(world.app[LIVE]) < number:  # noqa: ASYNC110 - nobody tells of a stream that begins
        await asyncio.sleep(0)


async def test_j_and_k_move_the_focus_from_row_to_row(busy: World) -> None:
    async with at_the_list(busy) as page:
        for key, number in (
            ("j", NUMBERS[0]),
            ("j", NUMBERS[1]),
            ("j", NUMBERS[2]),
            ("j", NUMBERS[2]),
            ("k", NUMBERS[1]),
        ):
            await press(page, key)
            await expect(page.locator(f"#t-{number} a.number")).to_be_focused()
        await expect(page.locator("#said")).to_have_text("This is the last one.")


async def test_open_assign_move_and_next_are_four_keys(busy: World) -> None:
    async with at_the_list(busy) as page:
        await press(page, "j")  # from then on the next one is always at hand
        await press(page, "o")
        await shown(page, NUMBERS[0])
        await press(page, "a")
        await expect(page.get_by_role("region", name="History")).to_contain_text("demo")
        await press(page, "m", "p")
        await shown(page, NUMBERS[1])
        await expect(page.get_by_text(f"{NUMBERS[0]} is done")).to_be_visible()
        assert await status_of(busy, NUMBERS[0]) == (Status.IN_PROGRESS, "demo")
        await press(page, "r", "Enter")
        await shown(page, NUMBERS[2])
        assert (await status_of(busy, NUMBERS[1]))[0] is Status.RESOLVED
        await press(page, "[")
        await shown(page, NUMBERS[0])
        await press(page, "u")
        await expect(page.locator(f"#t-{NUMBERS[0]} a.number")).to_be_focused()


async def test_in_the_list_a_ticket_is_taken_moved_and_noted_without_opening_it(busy: World) -> None:
    async with at_the_list(busy) as page:
        await press(page, "j", "a")
        await expect(page.locator(f"#t-{NUMBERS[0]} .whose")).to_have_text("demo")
        await expect(page.locator(f"#t-{NUMBERS[0]} a.number")).to_be_focused()
        await expect(page.locator("#said")).to_have_text(f"Done: {NUMBERS[0]}")
        await press(page, "j", "m", "2")
        await expect(page.locator(f"#t-{NUMBERS[1]}")).to_contain_text("In progress")
        await expect(page.locator(f"#t-{NUMBERS[1]} a.number")).to_be_focused()
        await press(page, "n")
        await page.keyboard.type("jar of keys")
        await press(page, "Control+Enter")
        await expect(page.locator("#noter")).to_be_hidden()
        await press(page, "r", "Enter")
        await expect(page.locator(f"#t-{NUMBERS[1]}")).to_contain_text("No longer in this list")
        await expect(page.locator('[data-tab="open"]')).to_contain_text("2")
    async with busy.store.view() as view:
        assert [one.note for one in await view.tickets.history(NUMBERS[1]) if one.note] == ["jar of keys"]


async def test_declining_asks_for_the_reason_first(busy: World) -> None:
    async with at_the_list(busy) as page:
        await press(page, "j", "m", "d")
        await expect(page.get_by_role("dialog").get_by_label("Note to the citizen")).to_be_focused()
        await page.keyboard.type("a private road")
        await press(page, "Tab", "Enter")
        await expect(page.locator(f"#t-{NUMBERS[0]}")).to_contain_text("No longer in this list")
        await page.goto(f"/desk/tickets/{NUMBERS[1]}")
        await press(page, "m", "d")
        await expect(page.locator("#move-text")).to_be_focused()
    assert (await status_of(busy, NUMBERS[0]))[0] is Status.DECLINED
    assert (await status_of(busy, NUMBERS[1]))[0] is Status.RECEIVED


async def test_what_somebody_else_did_first_is_said_and_nothing_is_overwritten(busy: World) -> None:
    with pytest.raises(AssertionError, match=r"\(Conflict\)'\] == \[\]"):
        async with at_the_list(busy) as page:  # of which the browser itself complains
            await press(page, "j")
            await move(busy, NUMBERS[0])
            await press(page, "m", "w")
            said = page.get_by_role("dialog").get_by_role("alert")
            await expect(said).to_contain_text("Somebody else changed this ticket first.")
            await press(page, "Escape")
            await expect(page.locator(f"#t-{NUMBERS[0]} a.number")).to_be_focused()
    assert (await status_of(busy, NUMBERS[0]))[0] is Status.TRIAGED


async def test_no_key_acts_while_somebody_types_or_where_they_are_off(busy: World) -> None:
    async with at_the_list(busy) as page:
        await press(page, "/")
        await expect(page.locator("#q")).to_be_focused()
        await page.keyboard.type("jaromr?")
        await expect(page.locator("#q")).to_have_value("jaromr?")
        await page.locator("#assignee").focus()
        await press(page, "a", "n")
        assert page.url.endswith("/desk")
        await page.goto("/desk/keys")
        await page.get_by_role("button", name="Switch single keys off").click()
        await page.goto("/desk")
        await press(page, "j", "?", "g", "t")
        await expect(page.locator("tbody a:focus")).to_have_count(0)
        await expect(page.get_by_role("dialog")).to_have_count(0)
        assert page.url.endswith("/desk")


async def test_help_and_places(busy: World) -> None:
    async with at_the_list(busy) as page:
        await press(page, "?")
        await expect(page.get_by_role("dialog", name="Keyboard")).to_contain_text("Next ticket, previous ticket")
        await press(page, "Escape", "g", "t")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Conversations")
        await press(page, "/")
        await expect(page.locator("#q")).to_be_focused()


async def test_new_and_changed_tickets_arrive_without_moving_what_is_read(busy: World) -> None:
    busy.app[LIVE].pace.gather = 0.0
    async with at_the_list(busy) as page:
        await expect(page.locator("#news")).to_be_hidden()
        await press(page, "j", "j")
        before = await page.locator(f"#t-{NUMBERS[1]}").bounding_box()
        await expect_streams(busy, 1)
        await busy.file(replace(TICKET, number="NEW-000", filed_at=busy.clock.now()))
        await expect(page.locator("#news")).to_contain_text("1 new report")
        await expect(page.locator('[data-tab="open"]')).to_contain_text("4")
        await move(busy, NUMBERS[1])
        await expect(page.locator(f"#t-{NUMBERS[1]}")).to_contain_text("Changed meanwhile")
        assert await page.locator(f"#t-{NUMBERS[1]}").bounding_box() == before
        await expect(page.locator(f"#t-{NUMBERS[1]} a.number")).to_be_focused()
        await press(page, "s")
        await expect(page.locator("#t-NEW-000")).to_be_visible()
        await expect(page.locator("#news")).to_be_hidden()
        await expect(page.locator(f"#t-{NUMBERS[1]}")).to_contain_text("Triaged")
        await expect(page.locator(f"#t-{NUMBERS[1]} a.number")).to_be_focused()


async def test_filters_and_tabs_come_without_a_new_page_and_back_is_right(busy: World) -> None:
    async with at_the_list(busy) as page:
        if not await page.evaluate("Boolean(window.htmx)"):
            pytest.skip("needs htmx (`make setup` with npm)")
        await page.evaluate("window.same = true")
        await page.locator('[data-tab="waiting"]').click()
        await expect(page.locator(".empty")).to_be_visible()
        await page.get_by_label("Search").fill("bache")
        await press(page, "Enter")
        await expect(page).to_have_url(re.compile("q=bache"))
        assert await page.evaluate("window.same")
        assert await page.evaluate("document.querySelectorAll('style, [style]').length") == 0
        await page.go_back()
        await expect(page).to_have_url(re.compile("status=waiting$"))
        await page.get_by_label("Search").fill(NUMBERS[0])
        await press(page, "Enter")
        await shown(page, NUMBERS[0])


async def test_axe_finds_nothing_in_dialogs_marks_and_the_bar(busy: World) -> None:
    axe = (npm.installed() / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    busy.app[LIVE].pace.gather = 0.0
    found = "async () => (await axe.run()).violations.map(one => one.id + ' ' + one.nodes[0].html)"
    async with at_the_list(busy) as page:
        await press(page, "j")
        await expect_streams(busy, 1)
        await busy.file(replace(TICKET, number="NEW-000", filed_at=busy.clock.now()))
        await expect(page.locator("#news")).to_be_visible()
        await page.evaluate(axe)
        for keys, dialog in (((), None), (("m",), "#mover"), (("Escape", "n"), "#noter"), (("Escape", "?"), "#keys")):
            await press(page, *keys)
            if dialog:
                await expect(page.locator(dialog)).to_be_visible()
            for dark in (False, True):
                await page.emulate_media(color_scheme="dark" if dark else "light")
                assert await page.evaluate(found) == [], (dialog, dark)
