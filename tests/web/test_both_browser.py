"""Both sides at once in a real Chromium."""

from dataclasses import replace

import pytest
from playwright.async_api import expect

from tests.samples import TICKET
from tests.web.test_browser import CHROMIUM, browsing
from tests.web.world import NOW, World

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="needs Chromium on the PATH (Debian: apt-get install chromium)"
)
DEMO = "/desk/demo?token=" + "T" * 43


async def test_what_is_written_at_the_left_is_seen_at_the_right(demo: World) -> None:
    """The reading of it is another's work: here the ticket is filed by hand."""
    async with browsing(demo) as page:
        await page.goto(DEMO)
        await page.goto("/both")
        phone, desk = page.frame_locator("iframe.phone"), page.frame_locator("iframe.desk")
        await expect(desk.get_by_role("heading", name="Tickets")).to_be_visible()
        await phone.locator(".phone.telegram .text").fill("a hole in the road")
        await phone.locator(".phone.telegram .send").click()
        await expect(phone.locator(".phone.telegram .bubble.mine")).to_contain_text("a hole in the road")
        assert (await demo.arrived.get()).text == "a hole in the road"
        await demo.file(replace(TICKET, filed_at=NOW))
        await expect(desk.get_by_text("1 new report")).to_be_visible()
        await desk.get_by_role("button", name="Show", exact=False).first.click()
        await desk.get_by_role("link", name=TICKET.number).click()
        await expect(desk.get_by_role("heading", name=TICKET.number)).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
async def test_on_a_phone_one_side_is_shown_and_the_other_is_a_tab_away(demo: World, dark: bool) -> None:
    async with browsing(demo, dark=dark, width=320) as page:
        await page.goto(DEMO)
        await page.goto("/both")
        phone, desk = page.locator("iframe.phone"), page.locator("iframe.desk")
        await expect(phone).to_be_visible()
        await expect(desk).to_be_hidden()
        await page.get_by_label("Citizen", exact=True).press("ArrowRight")
        await expect(desk).to_be_visible()
        await expect(phone).to_be_hidden()
        for language in ("es", "pt", "en", "fr"):
            await page.goto(f"/both?language={language}")
            assert await page.evaluate("document.documentElement.scrollWidth") <= 320, language
