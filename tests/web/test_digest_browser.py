"""The digest page in a real Chromium: at every width and in every language, by keyboard, and without JavaScript."""

from itertools import pairwise

import pytest
from playwright.async_api import expect

from tests.web.statistics import Statistics
from tests.web.test_browser import CHROMIUM, browsing
from tests.web.world import PASSWORD, World

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="needs Chromium on the PATH (Debian: apt-get install chromium)"
)


@pytest.fixture
async def city(demo: World) -> World:
    """The demo, with figures."""
    demo.store.statistics = Statistics()
    return demo


@pytest.mark.parametrize(("width", "dark"), [(320, False), (320, True), (640, False), (1280, True)])
async def test_nothing_is_wider_than_the_screen(city: World, width: int, dark: bool) -> None:
    """640 is a screen of 1,280 at 200 %."""
    async with browsing(city, dark=dark, width=width) as page:
        await page.goto("/desk/demo?token=" + "T" * 43)
        for path in (
            "/desk/digest?by=filed",
            "/desk/digest?week=2026-W48&scope=area:",
            "/desk/digest/tickets?figure=late",
        ):
            for language in ("es", "pt", "en", "fr"):
                await page.goto(f"{path}&language={language}")
                assert await page.evaluate("document.documentElement.scrollWidth") <= width, (path, language)
                cut = "[...document.querySelectorAll('main td, main th, main a')].filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflow != 'visible').length"
                assert await page.evaluate(cut) == 0


async def test_from_the_keyboard_to_the_tickets_behind_a_number(city: World) -> None:
    await city.file()
    async with browsing(city) as page:
        await page.goto("/desk/login?next=/desk")
        await page.get_by_label("Login").fill("ana")
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Log in").click()
        await page.get_by_role("link", name="Digest").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Digest")
        await page.get_by_label("Of", exact=True).select_option("department:roads")
        await page.locator("form", has=page.get_by_label("Of", exact=True)).get_by_role("button").press("Enter")
        await expect(page.get_by_role("heading", name="Roads · Week 47")).to_be_visible()
        await page.get_by_role("link", name="120", exact=True).first.press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_contain_text(": 1")
        await page.get_by_role("link", name="7K3-9QX").press("Enter")
        await expect(page).to_have_url(str(city.client.make_url("/desk/tickets/7K3-9QX")))


async def test_every_table_has_headers_and_headings_go_down_one_by_one(city: World) -> None:
    async with browsing(city) as page:
        await page.goto("/desk/demo?token=" + "T" * 43)
        await page.goto("/desk/digest")
        levels = await page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map(h => +h.tagName[1])")
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        bare = "[...document.querySelectorAll('tbody tr')].filter(r => !r.querySelector('th[scope=row]')).length"
        assert await page.evaluate(bare) == 0
        unnamed = (
            "[...document.querySelectorAll('input:not([type=hidden]), select')].filter(i => !i.labels.length).length"
        )
        assert await page.evaluate(unnamed) == 0
        twice = "(ids => ids.length - new Set(ids).size)([...document.querySelectorAll('[id]')].map(e => e.id))"
        assert await page.evaluate(twice) == 0
