"""The mail as browsers show it: on narrow screens nothing has to be moved sideways, with and without its pictures."""

import shutil
from collections.abc import Iterator
from functools import cache

import pytest
from playwright.sync_api import Browser, sync_playwright

from bot.i18n import catalogue
from digest.forms import render
from digest.page import standalone
from tests.digest import golden, sample

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="needs Chromium on the PATH (Debian: apt-get install chromium)"
)
WIDTHS = (360, 390, 800)
# of each text its colour and that of the ground below it, 0-255, where they are nearer than a reader needs
PALE = """() => {
  const light = rgb => { const [r, g, b] = rgb.match(/[\\d.]+/g).map(n => n / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b }
  const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor
    if (c !== 'rgba(0, 0, 0, 0)') return c } return 'rgb(255, 255, 255)' }
  return [...document.querySelectorAll('h1,h2,p,td,th,b,small,span,li,img')].map(e => {
    const ink = light(getComputedStyle(e).color), below = light(ground(e))
    return [(Math.max(ink, below) + 0.05) / (Math.min(ink, below) + 0.05), e.outerHTML.slice(0, 80)] })
    .filter(([ratio]) => ratio < 4.5)
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@cache
def page(name: str) -> tuple[str, str]:
    """With its pictures, and without. `huge`: many departments with long names."""
    if name == "huge":
        digest, town = sample.huge()
        found = render(digest, town, "fr", catalogue("fr"))
    else:
        found = golden.forms(name)
    return standalone(found.html, found.images), found.html


@pytest.mark.parametrize("name", [*sample.LANGUAGES, "huge"])
def test_nothing_has_to_be_moved_sideways(browser: Browser, name: str) -> None:
    for width in WIDTHS:
        view = browser.new_page(viewport={"width": width, "height": 800})
        for html in page(name):
            view.set_content(html)
            assert view.evaluate("document.documentElement.scrollWidth") <= width
        view.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_stands_out_from_its_ground(browser: Browser, scheme: str) -> None:
    """By WCAG 2.1, 1.4.3: at least 4.5 to 1; what a picture says in its stead too."""
    view = browser.new_page(color_scheme=scheme)
    view.set_content(page("es")[1])
    assert view.evaluate(PALE) == []
    view.close()
