"""The moving map in a real Chromium: keys, rows and pins, a place that is picked."""

import shutil

import pytest
from playwright.async_api import Page, expect

from tests.peers.npm import installed
from tests.web.test_browser import browsing
from tests.web.test_map import filed
from tests.web.world import World
from web.page import vendored

pytestmark = [
    pytest.mark.skipif(
        not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
        reason="needs Chromium on the PATH (Debian: apt-get install chromium)",
    ),
    pytest.mark.skipif(not vendored("leaflet"), reason="needs Leaflet, which `make setup` fetches with npm"),
]


async def at_desk(page: Page, path: str) -> None:
    await page.goto("/desk/demo?token=" + "T" * 43)
    await page.goto(path)


async def test_a_cluster_is_opened_by_keys_and_leads_to_its_tickets(demo: World) -> None:
    await filed(demo)
    async with browsing(demo) as page:
        await at_desk(page, "/desk/map?status=open")
        cluster = page.get_by_role("button", name="2 tickets, 1 late")
        await cluster.focus()
        await page.keyboard.press("Enter")
        link = page.get_by_role("link", name="7K3-9QX")
        await expect(link).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(cluster).to_be_focused()
        await page.get_by_role("button", name="ZZ1-V0A").click()
        await expect(page.get_by_role("link", name="ZZ1-V0A")).to_be_focused()  # the map may still move beneath a mouse
        await page.keyboard.press("Enter")
        await expect(page).to_have_url("/desk/tickets/ZZ1-V0A")


async def test_where_most_are_has_numbers_and_a_legend(demo: World) -> None:
    await filed(demo)
    async with browsing(demo) as page:
        await at_desk(page, "/desk/map?status=open&heat=1")
        await expect(page.locator(".moving .heat")).to_have_count(2)
        await expect(page.locator("#shades .shade")).to_have_text(["1", "2"])


async def test_a_row_marks_its_pin_and_a_pin_its_row(demo: World) -> None:
    await filed(demo)
    async with browsing(demo) as page:
        await at_desk(page, "/desk/map/beside?status=open&show=1")
        pin = page.locator(".moving .sign.emergency")
        row = page.locator("#t-ZZ1-V0A")
        await row.hover()
        await expect(pin).to_have_class(
            "leaflet-marker-icon sign emergency leaflet-zoom-animated leaflet-interactive lit"
        )
        await page.locator("h1").hover()
        await pin.focus()
        await expect(row).to_have_class("emergency lit")
        await page.keyboard.press("Enter")
        await expect(row.get_by_role("link")).to_be_focused()


async def test_a_place_is_picked_by_mouse_and_by_keys_and_stays_editable(demo: World) -> None:
    async with browsing(demo) as page:
        await at_desk(page, "/desk/new")
        field, room = page.get_by_label("Point (latitude, longitude)"), page.locator(".pick .moving")
        await room.scroll_into_view_if_needed()
        await room.click(position={"x": 100, "y": 100})
        clicked = await field.input_value()
        assert clicked.startswith("14.6")
        await page.get_by_label("The place. Arrow keys move it.").focus()
        await page.keyboard.press("ArrowDown")
        moved = await field.input_value()
        assert float(moved.split(",")[0]) < float(clicked.split(",")[0])
        await field.fill("")
        await expect(page.locator(".pick .pinned")).to_have_count(0)
        await room.focus()
        await page.keyboard.press("Enter")
        await expect(page.locator(".pick .pinned")).to_be_focused()
        assert await field.input_value()
        await field.fill("14,59; -66,5")
        await expect(page.locator(".pick .pinned")).to_have_count(1)


async def test_a_ticket_stands_among_the_open_ones(demo: World) -> None:
    await filed(demo)
    async with browsing(demo) as page:
        await at_desk(page, "/desk/tickets/7K3-9QX")
        await expect(page.locator(".spot .pinned")).to_have_count(1)
        await expect(page.locator(".spot .sign")).to_have_count(1)  # the other one there


@pytest.mark.parametrize("dark", [False, True])
async def test_no_map_is_wider_than_a_small_phone(demo: World, dark: bool) -> None:
    await filed(demo)
    async with browsing(demo, dark=dark, width=320) as page:
        await at_desk(page, "/desk/map/beside?show=1")
        for path in (
            "/desk/map?status=any",
            "/desk/map?status=any&heat=1",
            "/desk?status=any",
            "/desk/tickets/7K3-9QX",
        ):
            for language in ("es", "pt", "en", "fr"):
                await page.goto(f"{path}{'&' if '?' in path else '?'}language={language}")
                assert await page.evaluate("document.documentElement.scrollWidth") <= 320, (path, language)


@pytest.mark.parametrize("dark", [False, True])
async def test_axe_finds_nothing_on_any_map(demo: World, dark: bool) -> None:
    axe = (installed() / "axe-core" / "axe.min.js").read_text("utf-8")
    await filed(demo)
    async with browsing(demo, dark=dark) as page:
        await at_desk(page, "/desk/map/beside?show=1")
        for path in ("/desk/map?status=any", "/desk/map?status=any&heat=1", "/desk?status=any", "/desk/new"):
            await page.goto(path)
            await expect(page.locator(".moving.leaflet-container").first).to_be_visible()
            await page.wait_for_load_state("networkidle")
            await page.evaluate(axe)
            found = await page.evaluate("axe.run(document.querySelector('main'))")
            told = [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found["violations"]]
            assert told == [], path


async def test_the_map_leaves_no_tickets_out_where_it_moves(demo: World) -> None:
    await filed(demo)
    async with browsing(demo) as page:
        await at_desk(page, "/desk/map?status=any")
        room = page.locator(".moving")
        await expect(room.locator(".sign").first).to_be_visible()
        async with page.expect_response(lambda answer: "/desk/map/cells" in answer.url) as told:
            await room.focus()
            await page.keyboard.press("-")
        marks = (await (await told.value).json())["marks"]
        await expect(room.locator(".sign")).to_have_count(len(marks))
        assert sum(int(one["text"]) if "size" in one else 1 for one in marks) == 4


@pytest.mark.skipif(not vendored("htmx.org"), reason="needs htmx, which `make setup` fetches with npm")
async def test_another_tab_of_the_list_moves_the_pins_beside_it(demo: World) -> None:
    await filed(demo)
    async with browsing(demo) as page:
        await at_desk(page, "/desk/map/beside?status=open&show=1")
        pins = page.locator(".moving .sign")
        await expect(pins).to_have_count(3)
        await page.locator(".tabs a", has_text="Closed").click()
        await expect(pins).to_have_count(1)
        await expect(page.get_by_role("button", name="Z1R-V01")).to_be_visible()
