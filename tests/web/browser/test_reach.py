"""Every page on a small phone and at 200 %, with big enough targets; triage from the keyboard alone."""

import pytest
from playwright.async_api import Browser, Page

from tests.web.browser.office import LANGUAGES, Office
from tests.web.browser.places import PLACES, Readers, open_at

_WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What is cut although it is to be read: text wider than its box, where the box does not scroll.
_CUT = """[...document.querySelectorAll('main :is(a, button, td, th, label, legend, summary, h1, h2, h3, p, dd, dt, .badge)')]
  .filter(e => e.offsetParent && e.scrollWidth > e.clientWidth + 2 && getComputedStyle(e).display != 'inline'
    && !['auto', 'scroll'].includes(getComputedStyle(e).overflowX) && !e.closest('.hidden, .skip'))
  .slice(0, 3).map(e => e.outerHTML.slice(0, 120))"""
# WCAG 2.5.8: 24 by 24 pixels, or in a line of text, or so far from the next that a circle of 24 meets none.
_SMALL = """() => {
  const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter(e => e.offsetParent && !e.closest('.skip, .hidden') && !e.matches('.hidden'));
  const box = e => e.getBoundingClientRect();
  const middle = r => [r.x + r.width / 2, r.y + r.height / 2];
  const small = all.filter(e => { const r = box(e.closest('label') || e); return (r.width < 24 || r.height < 24); });
  const inText = e => getComputedStyle(e).display == 'inline' && e.parentElement.textContent.trim().length > e.textContent.trim().length + 3;
  return small.filter(e => !inText(e) && all.some(other => {
    if (other == e || other.contains(e) || e.contains(other)) return false;
    const [x, y] = middle(box(e)), r = box(other);
    const dx = Math.max(r.x - x, 0, x - r.right), dy = Math.max(r.y - y, 0, y - r.bottom);
    return Math.hypot(dx, dy) < 12;
  })).slice(0, 3).map(e => e.outerHTML.slice(0, 160));
}"""


_UNSEEN = """[...document.querySelectorAll('[aria-current], .badge')].filter(e => e.offsetParent)
  .filter(e => { const s = getComputedStyle(e); return s.outlineStyle == 'none' && s.borderTopWidth == '0px'; })
  .map(e => e.outerHTML.slice(0, 160))"""
_MOVING = """[...document.querySelectorAll('*')].map(e => getComputedStyle(e))
  .filter(s => s.animationName != 'none' || parseFloat(s.transitionDuration) > 0).length"""


# pixels wide, and how large letters are: a small phone; a screen of 1,280 at 200 %; letters alone at 200 %
@pytest.mark.parametrize(("width", "letters"), [(320, 100), (640, 100), (1280, 200)])
@pytest.mark.parametrize("language", LANGUAGES)
async def test_nothing_is_wider_than_the_screen_or_cut(
    shown: Office, browser: Browser, language: str, width: int, letters: int
) -> None:
    found: list[object] = []
    whose = {who: await browser.new_context(viewport={"width": width, "height": 800}) for who in _everybody()}
    readers = Readers(shown)
    for place in PLACES:
        page = await readers.page(whose[place.who], place.who)
        if wrong := await open_at(page, shown, place, language):
            found.append((str(place), wrong))
            continue
        await _unfold(page, letters)
        if (over := await page.evaluate(_WIDER)) > 0:
            found.append((str(place), f"{over} pixels too wide"))
        if letters == 100:
            found += [(str(place), "cut", one) for one in await page.evaluate(_CUT)]
    for one in whose.values():
        await one.close()
    assert not found, "\n".join(map(str, found))


async def test_every_target_can_be_hit_on_a_phone(shown: Office, browser: Browser) -> None:
    found = []
    whose = {who: await browser.new_context(viewport={"width": 360, "height": 800}) for who in _everybody()}
    readers = Readers(shown)
    for place in PLACES:
        page = await readers.page(whose[place.who], place.who)
        await open_at(page, shown, place, "fr")
        await _unfold(page, 100)
        found += [(str(place), one) for one in await page.evaluate(_SMALL)]
    for one in whose.values():
        await one.close()
    assert not found, "\n".join(map(str, found))


async def test_what_is_chosen_is_seen_in_the_readers_own_colours(shown: Office, browser: Browser) -> None:
    """Where backgrounds are gone, lines tell."""
    context = await browser.new_context(forced_colors="active", viewport={"width": 1280, "height": 900})
    page = await Readers(shown).page(context, "sofia")
    for place in (one for one in PLACES if one.who == "sofia" and not one.send):
        await open_at(page, shown, place, "en")
        unseen = await page.evaluate(_UNSEEN)
        assert unseen == [], str(place)
    await context.close()


async def test_nothing_moves_for_who_wants_no_motion(shown: Office, browser: Browser) -> None:
    context = await browser.new_context(reduced_motion="reduce")
    page = await Readers(shown).page(context, "")
    for path in ("/", "/try", "/desk/login"):
        await page.goto(shown.url + path)
        assert await page.evaluate(_MOVING) == 0, path
    await context.close()


async def _unfold(page: Page, letters: int) -> None:
    await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    await page.evaluate(f"document.documentElement.style.fontSize = '{letters}%'")


def _everybody() -> list[str]:
    return sorted({place.who for place in PLACES})
