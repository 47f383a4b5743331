"""What is measured on a page as it stands: by axe, by its width, by the size of what is pressed, by its lines."""

from dataclasses import dataclass

from playwright.async_api import Page

_TAGS = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
_AXE = """async (only) => (await axe.run(document, {resultTypes: ['violations'], runOnly: only})).violations
  .map(one => one.id + ': ' + one.nodes.slice(0, 3).map(node => node.target + ' ' + node.html.slice(0, 160)).join(' | '))"""
_UNFOLD = "for (const one of document.querySelectorAll('details')) one.open = true"
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
_WIDE, _PHONE, _HALF, _HEIGHT = 1280, 320, 640, 900  # pixels; half of a wide screen is what 200 % leave of it
_LARGE = 200  # percent


@dataclass(frozen=True, slots=True)
class Looks:
    """At a page that was opened anew. `axe` is the source of axe-core."""

    page: Page
    axe: str

    async def all(self) -> list[str]:
        """Everything that is wrong with it."""
        await self.page.evaluate(_UNFOLD)
        return [*await self._shuts_out(), *await self._unseen(), *await self._does_not_fit()]

    async def _shuts_out(self) -> list[str]:
        """All rules once; those that depend on colour again in the dark, for nothing else differs."""
        await self.page.evaluate(self.axe)
        light = await self.page.evaluate(_AXE, _TAGS)
        await self.page.emulate_media(color_scheme="dark")
        dark = await self.page.evaluate(_AXE, _COLOURS)
        await self.page.emulate_media(color_scheme="light")
        return [*(f"axe: {one}" for one in light), *(f"axe in the dark: {one}" for one in dark)]

    async def _unseen(self) -> list[str]:
        """In the reader's own colours backgrounds are gone: lines tell what is chosen."""
        await self.page.emulate_media(forced_colors="active")
        found = await self.page.evaluate(_UNSEEN)
        await self.page.emulate_media(forced_colors="none")
        return [f"told by colour alone: {one}" for one in found]

    async def _does_not_fit(self) -> list[str]:
        """On a small phone, at 200 %, and with letters alone at 200 %."""
        found: list[str] = []
        for width in (_PHONE, _HALF):
            found += await self._wider(width)
            found += [f"cut at {width}: {one}" for one in await self.page.evaluate(_CUT)]
            if width == _PHONE:
                found += [f"too small to hit: {one}" for one in await self.page.evaluate(_SMALL)]
        await self.page.evaluate(f"document.documentElement.style.fontSize = '{_LARGE}%'")
        return found + await self._wider(_WIDE)

    async def _wider(self, width: int) -> list[str]:
        await self.page.set_viewport_size({"width": width, "height": _HEIGHT})
        over = await self.page.evaluate(_WIDER)
        return [f"{over} pixels too wide for {width}"] if over > 0 else []


async def fresh(page: Page) -> None:
    """A wide screen, before a page is opened."""
    await page.set_viewport_size({"width": _WIDE, "height": _HEIGHT})
