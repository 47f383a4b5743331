"""The public pages of a city with all there is to show: everybody can use them, on any phone, with or without scripts,
and no page weighs more than a cheap line bears."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from bot.inforce import InForce
from bot.ports.public import Clearing
from bot.settings.invite import Invite
from tests.peers import npm
from tests.town import START
from tests.web.browser.looks import Looks, fresh
from tests.web.browser.office import CLOSED, LANGUAGES, MAIN, Office, office
from tests.web.browser.test_weight import Scales
from tickets.openness import Openness, Precision
from web.ports import WEB

_PAGES = (
    "/", "/?area=centro", "/?which=solved", "/?near=14.6,-66.5", "/find?what=nowhere+at+all", f"/r/{MAIN}", f"/r/{CLOSED}",
    "/r/000-001", "/figures", "/report", "/poster", "/follow", "/widget",
)  # fmt: skip
_MOST = 100_000  # bytes of a page with all that it loads, the first time
_INVITE = Invite(telegram="PuertoVecinoBot", sms="+15550100", whatsapp="+15550101")


@pytest.fixture(scope="session")
def axe() -> str:
    return (npm.installed() / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def town(tmp_path_factory: pytest.TempPathFactory, empty: Path) -> AsyncIterator[Office]:
    """Words, news and a photo of one report are cleared, lights are sensitive, all channels can be reached."""
    async with office(tmp_path_factory.mktemp("town"), empty) as here:
        web = here.vecino.web[WEB]
        openness = Openness(precisions={"lighting": Precision.AREA}, contact="data@city.example")
        object.__setattr__(web, "force", InForce(replace(web.city, openness=openness)))
        object.__setattr__(web, "invite", _INVITE)
        async with here.store.work() as work:
            names = [photo.name for photo in await work.photos.of_ticket(MAIN) if photo.name]
            cleared = Clearing(words="Un bache enorme " * 9, photos=tuple(names), news="Mañana vamos.", news_version=2,
                               at=START, login="ana")  # fmt: skip
            await work.public.clear(MAIN, cleared)
            await work.commit()
        yield here


def _in(path: str, language: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}l={language}"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_everybody_can_use_them(town: Office, browser: Browser, axe: str, language: str) -> None:
    """axe in light and dark, 320 pixels, 200 percent, what is pressed with a thumb, no line that is cut."""
    context, found = await browser.new_context(), list[str]()
    page = await context.new_page()
    for path in _PAGES:
        await fresh(page)
        await page.goto(town.url + _in(path, language))
        assert await page.evaluate("document.documentElement.lang") == language
        found += [f"{path}: {one}" for one in await Looks(page, axe).all()]
    assert await context.cookies() == []
    await context.close()
    assert not found, "\n".join(found)


async def test_no_page_weighs_more_than_a_cheap_line_bears_and_none_asks_elsewhere(
    town: Office, browser: Browser
) -> None:
    heavy: list[tuple[str, int]] = []
    for path in _PAGES:
        context = await browser.new_context()
        page, scales = await context.new_page(), Scales()
        asked = _asked(page)
        await scales.under(context, page)
        await page.goto(town.url + _in(path, "fr"))
        await page.wait_for_load_state("networkidle")
        assert all(one.startswith(town.url) for one in asked), path
        if scales.bytes > _MOST:
            heavy.append((path, scales.bytes))
        await context.close()
    assert heavy == []


async def test_without_scripts_a_report_is_found_by_area_by_place_and_by_number(town: Office, browser: Browser) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{town.url}/?l=en")
    assert not await page.locator("#near").is_visible()
    await page.get_by_role("link", name="Centro").first.click()
    assert "area=centro" in page.url
    await _find(page, "Avenida Bolívar 120")
    assert "near=" in page.url
    await _find(page, MAIN.lower().replace("-", " "))
    assert page.url == f"{town.url}/r/{MAIN}?l=en"
    await page.get_by_role("link", name="português").click()
    assert page.url == f"{town.url}/r/{MAIN}?l=pt"
    await context.close()


def _asked(page: Page) -> list[str]:
    """The addresses that it asks for from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


async def _find(page: Page, words: str) -> None:
    await page.fill("#what", words)
    await page.get_by_role("button", name="Search").click()


async def test_near_me_tells_us_the_street_and_not_the_door(town: Office, browser: Browser) -> None:
    context = await browser.new_context(
        permissions=["geolocation"], geolocation={"latitude": 14.600412, "longitude": -66.499587}
    )
    page = await context.new_page()
    await page.goto(f"{town.url}/?l=en&service=pothole")
    await page.click("#near")
    await page.wait_for_url("**near=**")
    assert "near=14.600%2C-66.500" in page.url and "service=pothole" in page.url and "l=en" in page.url
    await context.close()


async def test_who_does_not_tell_where_they_are_is_told_what_to_do(town: Office, browser: Browser) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(f"{town.url}/?l=en")
    await page.click("#near")
    await page.wait_for_function("document.getElementById('near-answer').textContent")
    assert "Type a street instead" in (await page.text_content("#near-answer") or "")
    await context.close()
