"""The pictures of the desk and of the public page in docs/img: a demo city with an invented past, in all four languages, light and dark.

`make screenshots` draws them; Chromium must be on the PATH (Debian: apt-get install chromium). The same seed and the
same instant give the same pictures.
"""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.async_api import Browser, Page, async_playwright

from bot.commands.demo import fill
from store.migrate import migrate
from tests.town import CITY, START
from tests.web.browser.office import MAIN, Office, office, seal
from tests.web.browser.places import COOKIE

FOLDER = Path(__file__).parents[2] / "docs" / "img"
MOST = 200_000  # bytes of a picture
_TICKETS, _WEEKS, _SEED = 400, 8, 8
_COLOURS = 255
_WIDE, _PHONE = (1280, 860), (360, 780)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A page of a room as one sees it. `opened` are parts that are unfolded first; `down` is scrolled to."""

    name: str
    path: str
    language: str
    who: str = "sofia"
    dark: bool = False
    phone: bool = False
    opened: str = ""
    down: str = ""
    room: str = "desk"

    @property
    def size(self) -> tuple[int, int]:
        return _PHONE if self.phone else _WIDE


SHOTS = (
    Shot(name="queue", path="/desk", language="es"),
    Shot(name="queue-dark", path="/desk?status=open&late=1", language="pt", dark=True, opened=".more"),
    Shot(name="queue-phone", path="/desk", language="fr", who="ana", phone=True),
    Shot(name="ticket", path=f"/desk/tickets/{MAIN}", language="fr"),
    Shot(name="ticket-dark", path=f"/desk/tickets/{MAIN}", language="es", dark=True, down="#answer"),
    Shot(name="ticket-phone", path=f"/desk/tickets/{MAIN}", language="pt", phone=True),
    Shot(name="new", path="/desk/new", language="pt"),
    Shot(name="threads", path="/desk/threads", language="es"),
    Shot(name="thread", path="/desk/threads/{thread}", language="pt", dark=True),
    Shot(name="undelivered", path="/desk/undelivered", language="fr"),
    Shot(name="map", path="/desk/map", language="en"),
    Shot(name="map-heat", path="/desk/map?status=any&heat=1", language="fr", dark=True),
    Shot(name="bulk", path="/desk/batches/{batch}", language="es"),
    Shot(name="keys", path="/desk/keys", language="fr"),
    Shot(name="digest", path="/desk/digest", language="pt"),
    Shot(name="settings", path="/desk/settings", language="es", dark=True),
    Shot(name="setting", path="/desk/settings/services/key/pothole", language="fr"),
    Shot(name="people", path="/desk/people", language="fr", who="ada"),
    Shot(name="account", path="/desk/people/ana", language="es", who="ada", dark=True),
    Shot(name="audit", path="/desk/audit", language="en", who="theo"),
    Shot(name="me", path="/desk/me", language="pt", who="ada"),
    Shot(name="login", path="/desk/login", language="fr", who="", phone=True),
    Shot(name="outside", path="/outside/{outside}", language="pt", who=""),
    Shot(name="try", path="/try", language="es", who=""),
    Shot(name="both", path="/both", language="en"),
    Shot(room="public", name="home", path="/", language="es", who=""),
    Shot(room="public", name="home-phone", path="/", language="pt", who="", phone=True, dark=True),
    Shot(room="public", name="ticket", path=f"/r/{MAIN}", language="fr", who=""),
    Shot(room="public", name="figures", path="/figures", language="en", who=""),
    Shot(room="public", name="report", path="/report", language="es", who=""),
)


async def taken(browser: Browser, here: Office, shot: Shot) -> bytes:
    """The picture, as PNG."""
    width, height = shot.size
    context = await browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if shot.dark else "light",
        locale=shot.language, reduced_motion="reduce",
    )  # fmt: skip
    try:
        if shot.who:
            cookie = {"name": COOKIE, "value": await here.session(shot.who), "url": here.url}
            await context.add_cookies([cookie])  # type: ignore[list-item]
        await context.add_cookies([{"name": "vecino_language", "value": shot.language, "url": here.url}])
        page = await context.new_page()
        await _show(page, here, shot)
        return await page.screenshot(animations="disabled")
    finally:
        await context.close()


async def _show(page: Page, here: Office, shot: Shot) -> None:
    answer = await page.goto(here.url + shot.path.format(**here.named))
    if answer is None or not answer.ok:
        raise SystemExit(f"{shot.name}: {answer.status if answer else 'no'} answer for {shot.path}")
    await page.wait_for_load_state("load")
    await page.wait_for_timeout(600)  # milliseconds in which maps and frames are drawn
    if shot.opened:
        await page.locator(shot.opened).first.evaluate("part => part.open = true")
    if shot.down:
        await page.locator(shot.down).first.scroll_into_view_if_needed()


@asynccontextmanager
async def city() -> AsyncIterator[Office]:
    """An office with a past."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'past.sqlite'}"
        await migrate(url)
        await fill(url, seal(), CITY, tickets=_TICKETS, weeks=_WEEKS, seed=_SEED, now=START)
        (folder / "office").mkdir()
        async with office(folder / "office", folder / "past.sqlite") as here:
            yield here


async def draw(*names: str) -> None:
    """All of them, or those that are named."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("Chromium is not on the PATH (Debian: apt-get install chromium)")
    async with city() as here, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for shot in SHOTS:
            if not names or shot.name in names:
                _save(await taken(browser, here, shot), f"{shot.room}-{shot.name}")
        await browser.close()


def _save(png: bytes, name: str) -> None:
    path = FOLDER / f"{name}.png"
    shown = Image.open(BytesIO(png)).convert("RGB")
    shown.quantize(_COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path.relative_to(FOLDER.parents[1])}  {size // 1000} kB")
    if size > MOST:
        sys.exit(f"{path.name} is too large: {size} bytes")


if __name__ == "__main__":
    asyncio.run(draw(*sys.argv[1:]))
