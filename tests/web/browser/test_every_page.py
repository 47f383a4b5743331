"""Every page in every language shuts nobody out (axe, WCAG 2.2 AA, light and dark), fits a small phone and 200 %, and
has nothing that cannot be hit or is told by colour alone (`looks.py`)."""

import re

import pytest
from playwright.async_api import Browser, BrowserContext

from tests.peers import npm
from tests.web.browser.looks import Looks, fresh
from tests.web.browser.office import LANGUAGES, Office
from tests.web.browser.places import NO_PAGE, PLACES, Readers, open_at

_PARTS = 4  # of the list, so that processes of tests share it
_MOVING = """[...document.querySelectorAll('*')].map(e => getComputedStyle(e))
  .filter(s => s.animationName != 'none' || parseFloat(s.transitionDuration) > 0).length"""


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


@pytest.mark.parametrize("part", range(_PARTS))
@pytest.mark.parametrize("language", LANGUAGES)
async def test_everybody_can_use_every_page(
    shown: Office, browser: Browser, axe: str, language: str, part: int
) -> None:  # fmt: skip
    found: list[str] = []
    contexts: dict[str, BrowserContext] = {}
    readers = Readers(shown)
    for place in PLACES[part::_PARTS]:
        if place.who not in contexts:
            contexts[place.who] = await browser.new_context()
        page = await readers.page(contexts[place.who], place.who)
        await fresh(page)
        wrong = await open_at(page, shown, place, language)
        found += [f"{place}: {one}" for one in ([wrong] if wrong else await Looks(page, axe).all())]
    for context in contexts.values():
        await context.close()
    assert not found, "\n".join(found)


async def test_nothing_moves_for_who_wants_no_motion(shown: Office, browser: Browser) -> None:
    context = await browser.new_context(reduced_motion="reduce")
    page = await Readers(shown).page(context, "")
    for path in ("/", "/try", "/desk/login"):
        await page.goto(shown.url + path)
        assert await page.evaluate(_MOVING) == 0, path
    await context.close()
