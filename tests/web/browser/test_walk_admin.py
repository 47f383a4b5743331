"""The day of an admin, in every language, and without JavaScript."""

import re

import pytest
from playwright.async_api import expect
from pyotp import TOTP

from tests.town import START
from tests.web.browser.hand import WAYS, Hand, Sits
from tests.web.browser.office import MAIN


@pytest.mark.parametrize(("language", "scripts"), WAYS)
async def test_the_day_of_an_admin(sits: Sits, language: str, scripts: bool) -> None:
    async with sits(language, scripts) as ada, sits(language, scripts) as nuria:
        await ada.go(f"/desk/people?language={language}")
        await ada.log_in("ada", second=True)
        link = await _invites(ada, "nuria", "Nuria Vidal")
        await _accepts(nuria, link, "a few other words")
        spare = await _proves_more(nuria)
        await nuria.go(f"/desk/tickets/{MAIN}?language={language}")
        await _ends_a_session(ada, "nuria")
        await nuria.go(f"/desk/tickets/{MAIN}")
        await nuria.stands_at("/desk/login")
        await nuria.log_in("nuria", "a few other words")
        await nuria.fill("Code", "000000")
        await nuria.press("Go on")
        await nuria.fill("Code", spare)
        await nuria.press("Go on")
        await nuria.stands_at(f"/desk/tickets/{MAIN}")
        await _audits(ada, "nuria")
        await ada.go("/desk/people/nuria")
        await ada.press("Remove the second factor")
        await ada.press("End the account")
        await ada.sees("Ended")
        await nuria.go("/desk")
        await nuria.log_in("nuria", "a few other words")
        await nuria.sees("The login or the password is not right.")


async def _invites(ada: Hand, login: str, name: str) -> str:
    form = await ada.form("Add somebody")
    await ada.fill("Login", "not a login", form)
    await ada.fill("Name", name, form)
    await form.locator("input[name=role][value=clerk]").check()
    await ada.choose("Department", "roads", form)
    await ada.press("Add", form)
    await ada.sees("Letters without accents, digits, and . _ - @ + only; it begins with a letter or digit.")
    form = await ada.form("Add somebody")
    await expect(form.get_by_label(ada.say("Name"), exact=True)).to_have_value(name)
    await ada.fill("Login", login, form)
    await ada.press("Add", form)
    link = await ada.page.get_by_label(ada.say("Link"), exact=True).input_value()
    return re.sub(r"^https?://[^/]+", "", link)


async def _accepts(nuria: Hand, link: str, password: str) -> None:
    await nuria.go(link)
    await nuria.fill("New password", "short")
    await nuria.fill("Once more", "short")
    await nuria.press("Choose it and log in")
    await nuria.sees("At least 12 characters; a few words in a row are easy to keep.")
    await nuria.fill("New password", password)
    await nuria.fill("Once more", password)
    await nuria.press("Choose it and log in")
    await nuria.stands_at("/desk")


async def _ends_a_session(ada: Hand, login: str) -> None:
    await ada.go(f"/desk/people/{login}")
    await ada.press("Log out everywhere")
    await ada.sees("Nowhere.")


async def _audits(ada: Hand, login: str) -> None:
    await ada.go("/desk/audit")
    await ada.fill("Login", login)
    await ada.press("Show")
    rows = ada.page.locator("tbody tr")
    await expect(rows.first).to_contain_text(login)
    assert await rows.count() >= 3
    async with ada.page.expect_download() as saving:
        await ada.follow("Save as CSV")
    saved = (await (await saving.value).path()).read_text(encoding="utf-8-sig")
    assert saved.count(f",{login},") >= 3
    await ada.go("/desk/audit?deed=exported")
    await ada.reads("audit.csv", within=rows.first)


async def _proves_more(nuria: Hand) -> str:
    """Sets up a second factor with an app; one of the codes for the day without the phone."""
    await nuria.go("/desk/me")
    await nuria.follow("Set it up")
    secret = (await nuria.page.locator("code.letters").inner_text()).replace(" ", "")
    await nuria.fill("Code", "123")
    await nuria.press("Turn it on")
    await expect(nuria.page.locator("code.letters")).to_have_text(re.compile(secret[:4]))
    await nuria.fill("Code", TOTP(secret).at(START))
    await nuria.press("Turn it on")
    spare = await nuria.page.locator(".codes code").first.inner_text()
    await nuria.follow("I have them")
    await nuria.stands_at("/desk")
    return spare
