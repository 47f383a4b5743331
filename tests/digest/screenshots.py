"""The pictures of docs/img: the golden digest as a phone shows its mail, and as it comes out of the printer.

`make screenshots` writes them; Chromium must be on the PATH (Debian: apt-get install chromium).
"""

import shutil
import sys
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import pairwise
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from bot.i18n import catalogue
from digest.charts import draw
from digest.compose import report
from digest.page import standalone
from digest.pdf import fitting
from digest.voice import Voice
from tests.digest import golden, sample

FOLDER = Path(__file__).parents[2] / "docs" / "img"
PHONE = 390  # pixels wide
_COLUMN = 2200  # pixels high
_GAP, _GROUND = 14, (120, 120, 120)  # between columns
_GREYS = (0, 34, 70, 107, 140, 170, 204, 225, 242, 255)
_REDS = ((163, 24, 26), (216, 150, 150))  # of what is worse, and of its letters' edges; so few keep files small
_PRINTED = ("es", "fr")
_PPI = 100
# where a column may end: below a row, a paragraph, a picture
_BOTTOMS = "[...document.querySelectorAll('tr,p,img,li')].map(e => Math.ceil(e.getBoundingClientRect().bottom))"


def mail(html: str, chromium: str, *, dark: bool = False, width: int = PHONE) -> tuple[Image.Image, Sequence[int]]:
    """The whole page, and the heights at which it may be cut."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light")
        page.set_content(html, wait_until="load")
        shot = Image.open(BytesIO(page.screenshot(full_page=True)))
        bottoms: list[int] = page.evaluate(_BOTTOMS)
        browser.close()
    return shot.convert("RGB"), bottoms


def columns(shot: Image.Image, bottoms: Sequence[int]) -> Image.Image:
    """All of a long page, side by side."""
    cuts = [0]
    while shot.height - cuts[-1] > _COLUMN:
        cuts.append(max(cut for cut in (*bottoms, cuts[-1] + _COLUMN // 2) if cut <= cuts[-1] + _COLUMN))
    cuts.append(shot.height)
    parts = [shot.crop((0, top, shot.width, bottom)) for top, bottom in pairwise(cuts)]
    size = len(parts) * (shot.width + _GAP) - _GAP, max(part.height for part in parts)
    sheet = Image.new("RGB", size, _GROUND)
    for at, part in enumerate(parts):
        sheet.paste(part, (at * (shot.width + _GAP), 0))
    return sheet


def pages(language: str) -> Iterator[Image.Image]:
    """Of the PDF."""
    digest = golden.digest()
    voice = Voice(city=sample.city(), language=language, translation=catalogue(language))
    told = report(digest, voice)
    names = [picture.drawn for section in told.sections for picture in section.pictures]
    drawn = fitting(told, {name: draw(name, digest, voice).svg for name in names}, voice)
    found = drawn.compile(format="png", ppi=_PPI)
    yield from (Image.open(BytesIO(png)) for png in (found if isinstance(found, list) else [found]))


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("Chromium is not on the PATH (Debian: apt-get install chromium)")
    for language in sample.LANGUAGES:
        forms = golden.forms(language)
        _save(columns(*mail(standalone(forms.html, forms.images), chromium)), f"digest-mail-{language}")
    for language in _PRINTED:
        for number, page in enumerate(pages(language), 1):
            _save(page, f"digest-pdf-{language}-{number}")


def _save(image: Image.Image, name: str) -> None:
    path = FOLDER / f"{name}.png"
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for shade in (*((grey,) * 3 for grey in _GREYS), *_REDS) for part in shade])
    image.convert("RGB").quantize(palette=palette, dither=Image.Dither.NONE).save(path, optimize=True, bits=4)
    print(f"{path.relative_to(FOLDER.parents[1])}  {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
