"""A slow line and an old PC: what each page weighs over the wire, the first time and from then on."""

import pytest
from playwright.async_api import Browser, BrowserContext, CDPSession

from tests.web.browser.office import Office
from tests.web.browser.places import PLACES, Place, Readers, open_at

FIRST, AFTER = 150_000, 30_000  # bytes
LANGUAGE = "fr"  # the longest


class Scales:
    """Adds up what Chromium receives, headers and all."""

    def __init__(self) -> None:
        self.bytes = 0

    async def under(self, context: BrowserContext, page: object) -> CDPSession:
        session = await context.new_cdp_session(page)  # type: ignore[arg-type]
        await session.send("Network.enable")
        session.on("Network.loadingFinished", self._add)
        return session

    def _add(self, event: dict[str, float]) -> None:
        self.bytes += int(event["encodedDataLength"])


def _shown() -> list[Place]:
    return [place for place in PLACES if not place.send]


@pytest.mark.parametrize("who", sorted({place.who for place in PLACES}))
async def test_every_page_is_light(shown: Office, browser: Browser, who: str) -> None:
    """Each first time begins with an empty cache. Photos of a citizen come small."""
    heavy: list[tuple[str, object, int]] = []
    for place in _shown():
        if place.who == who:
            context = await browser.new_context()
            page, scales = await Readers(shown).page(context, who), Scales()
            session = await scales.under(context, page)
            for most in (FIRST, AFTER):
                scales.bytes = 0
                if wrong := await open_at(page, shown, place, LANGUAGE):
                    heavy.append((str(place), wrong, most))
                await page.wait_for_load_state("load")
                if scales.bytes > most:
                    heavy.append((str(place), scales.bytes, most))
            await session.detach()
            await context.close()
    assert not heavy, "\n".join(map(str, heavy))
