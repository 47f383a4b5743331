"""Somebody at the desk: presses and fills in what is named by the words that stand there, in any language of the city.

The words are given in English, as templates have them; the catalogues say how they read for this one. So one walk is
walked in four languages, and a name that two buttons of a page share fails it.
"""

import gettext
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Browser, Locator, Page, expect

from bot.i18n import catalogue
from tests.web.browser.office import LANGUAGES, PASSWORD, Office, code
from tests.web.browser.places import COOKIE

# language, and whether scripts run: each language with them, two without
WAYS = [*((language, True) for language in LANGUAGES), ("es", False), ("fr", False)]
_PATIENCE = 30_000  # ms, for a machine that does other things beside
expect.set_options(timeout=_PATIENCE / 2)


@dataclass(frozen=True, slots=True)
class Hand:
    """On one page of a browser, reading `language`."""

    page: Page
    office: Office
    language: str
    words: gettext.NullTranslations

    def say(self, text: str, **values: object) -> str:
        """As it stands on the page."""
        said = self.words.gettext(text)
        return said % values if values else said

    def say_many(self, single: str, plural: str, number: int) -> str:
        """The same, of so many."""
        return self.words.ngettext(single, plural, number) % {"num": number}

    async def go(self, path: str) -> None:
        await self.page.goto(self.office.url + path)

    async def press(self, text: str, within: Locator | None = None, **values: object) -> None:
        """A button."""
        await (within or self.page).get_by_role("button", name=self.say(text, **values), exact=True).click()

    async def press_many(self, single: str, plural: str, number: int) -> None:
        """A button that says of how many."""
        await self.page.get_by_role("button", name=self.say_many(single, plural, number), exact=True).click()

    async def keys(self, *keys: str) -> None:
        """Once the page listens to them."""
        await self.page.locator("#desk[data-ready]").wait_for(state="attached")
        for key in keys:
            await self.page.keyboard.press(key)

    async def follow(self, text: str, within: Locator | None = None) -> None:
        """A link."""
        await (within or self.page).get_by_role("link", name=re.compile(f"^{re.escape(self.say(text))}")).first.click()

    async def fill(self, label: str, value: str, within: Locator | None = None) -> None:
        await (within or self.page).get_by_label(self.say(label), exact=True).fill(value)

    async def choose(self, label: str, value: str, within: Locator | None = None) -> None:
        """An option, by its value."""
        await (within or self.page).get_by_label(self.say(label), exact=True).select_option(value)

    async def form(self, title: str) -> Locator:
        """The form under this title; unfolded, where it is folded."""
        heading = self.page.get_by_role("heading", name=self.say(title), exact=True)
        folded = self.page.locator("details:not([open]) > summary", has=heading)
        if await folded.count():
            await folded.click()
        return self.page.locator("form.panel, details.panel, section.panel", has=heading)

    async def unfold(self, within: Locator) -> None:
        """Whatever is folded in there."""
        folded = within.locator("details:not([open]) > summary")
        while await folded.count():
            await folded.first.click()

    async def sees(self, *texts: str, within: Locator | None = None) -> None:
        """Our own words."""
        for text in texts:
            await expect(within or self.page.locator("body")).to_contain_text(self.say(text))

    async def sees_with(self, text: str, **values: object) -> None:
        """Our own words, filled in."""
        await expect(self.page.locator("body")).to_contain_text(self.say(text, **values))

    async def reads(self, *texts: str, within: Locator | None = None) -> None:
        """Words that are the same in every language."""
        for text in texts:
            await expect(within or self.page.locator("body")).to_contain_text(text)

    async def log_in(self, login: str, password: str = PASSWORD, *, second: bool = False) -> None:
        """From wherever they were led to the door."""
        await self.fill("Login", login)
        await self.fill("Password", password)
        await self.press("Log in")
        if second:
            await self.fill("Code", code())
            await self.press("Go on")

    async def stands_at(self, path: str) -> None:
        await expect(self.page).to_have_url(re.compile(re.escape(self.office.url + path) + r"([?#].*)?$"))


Sits = Callable[..., AbstractAsyncContextManager[Hand]]


def seats(office: Office, browser: Browser) -> Sits:
    """Where somebody sits down before a browser of their own; what it complains of fails the test."""

    @asynccontextmanager
    async def sitting(language: str, scripts: bool = True, login: str = "") -> AsyncIterator[Hand]:
        complaints: list[str] = []
        context = await browser.new_context(
            locale=language, java_script_enabled=scripts, viewport={"width": 1280, "height": 900}
        )
        context.set_default_timeout(_PATIENCE)
        await context.add_cookies([{"name": "vecino_language", "value": language, "url": office.url}])
        if login:  # without a form
            await context.add_cookies([{"name": COOKIE, "value": await office.session(login), "url": office.url}])
        page = await context.new_page()
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(error.message))
        yield Hand(page, office, language, catalogue(language))
        await context.close()
        assert [one for one in complaints if "the server responded with a status of 4" not in one] == []

    return sitting
