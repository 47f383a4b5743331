"""Somebody at the desk: presses and fills in what is named by the words that stand there, in any language of the city.

The words are given in English, as templates have them; the catalogues say how they read for this one. So one walk is
walked in four languages, and a name that two buttons of a page share fails it.
"""

import gettext
import re
from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect

from bot.i18n import catalogue
from tests.web.browser.office import PASSWORD, Office, code

_TAGS = re.compile(r"<[^>]+>")


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

    async def go(self, path: str) -> None:
        await self.page.goto(self.office.url + path)

    async def press(self, text: str, within: Locator | None = None, **values: object) -> None:
        """A button."""
        await (within or self.page).get_by_role("button", name=self.say(text, **values), exact=True).click()

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

    async def sees(self, *texts: str, within: Locator | None = None) -> None:
        """Our own words."""
        for text in texts:
            await expect(within or self.page.locator("body")).to_contain_text(self.say(text))

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


def hand(page: Page, office: Office, language: str) -> Hand:
    return Hand(page, office, language, catalogue(language))
