"""axe reads every page in every language, light and dark, and finds nothing that would shut somebody out (WCAG 2.2 AA).

All rules are asked once for each page; those that depend on colour are asked again in the dark: nothing else differs.
"""

import re

import pytest
from playwright.async_api import Browser, BrowserContext

from tests.peers import npm
from tests.web.browser.office import LANGUAGES, Office
from tests.web.browser.places import NO_PAGE, PLACES, Place, Readers, open_at

_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_COLOURS = ["color-contrast", "link-in-text-block"]
_RUN = """async (only) => (await axe.run(document, {resultTypes: ['violations'], runOnly: only})).violations
  .map(one => one.id + ': ' + one.nodes.slice(0, 3).map(node => node.target + ' ' + node.html.slice(0, 160)).join(' | '))"""


@pytest.fixture(scope="session")
def axe() -> str:
    return (npm.installed() / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def test_every_route_that_shows_a_page_is_in_the_list(shown: Office) -> None:
    """`NO_PAGE` names those that answer with something else."""
    gets = [route for route in shown.vecino.web.router.routes() if route.method == "GET" and route.resource]
    routes = {route.resource.canonical for route in gets if route.resource}
    seen = {re.sub(r":[^}]*}", "}", place.route) for place in PLACES}
    assert sorted(routes - seen - NO_PAGE) == []
    assert routes >= NO_PAGE


@pytest.mark.parametrize("who", sorted({place.who for place in PLACES}))
@pytest.mark.parametrize("language", LANGUAGES)
async def test_nobody_is_shut_out(shown: Office, browser: Browser, axe: str, language: str, who: str) -> None:
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    try:
        found = await _read(shown, context, axe, language, [place for place in PLACES if place.who == who])
    finally:
        await context.close()
    assert not found, "\n".join(map(str, found))


async def _read(
    office: Office, context: BrowserContext, axe: str, language: str, places: list[Place]
) -> list[tuple[str, str, str]]:  # fmt: skip
    readers, found = Readers(office), []
    for place in places:
        page = await readers.page(context, place.who)
        await page.emulate_media(color_scheme="light")
        if wrong := await open_at(page, office, place, language):
            found.append((str(place), "opening", wrong))
            continue
        await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        await page.evaluate(axe)
        found += [(str(place), "light", one) for one in await page.evaluate(_RUN, {"type": "tag", "values": _TAGS})]
        await page.emulate_media(color_scheme="dark")
        colours = {"type": "rule", "values": _COLOURS}
        found += [(str(place), "dark", one) for one in await page.evaluate(_RUN, colours)]
    return found
