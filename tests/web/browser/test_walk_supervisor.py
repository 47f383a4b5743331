"""The day of a supervisor, in every language, and without JavaScript."""

import re
from contextlib import suppress

import pytest
from playwright.async_api import expect

from tests.web.browser.hand import WAYS, Hand, Sits
from tests.web.browser.office import MAIN, PARKED, TWIN, Office
from tickets.model import Ticket
from web.page import vendored

_TICKET = f"/desk/tickets/{MAIN}"
_THREE = (MAIN, TWIN, PARKED)


@pytest.mark.parametrize(("language", "scripts"), WAYS)
async def test_the_day_of_a_supervisor(sits: Sits, at_work: Office, language: str, scripts: bool) -> None:
    async with sits(language, scripts) as sofia:
        await sofia.go(f"/desk?language={language}")
        await sofia.log_in("sofia")
        await _keeps_a_list(sofia)
        await _acts_on_three(sofia)
        await _looks_at_the_map(sofia, scripts)
        await _gives_it_to(sofia, "ana")
        await _asks_outside(sofia)
        await _saves_figures(sofia, scripts)
        await _changes_a_reply(sofia)
        await _tries_a_rule(sofia)
        await _tells_them_after_all(sofia)
        await _looks_up_a_number(sofia)
    ticket = await at_work.ticket()
    assert ticket.assignee == "ana"
    assert ticket.outside


async def _keeps_a_list(sofia: Hand) -> None:
    await sofia.choose("Assigned to", "ana")
    await sofia.press("Show")
    await sofia.fill("Keep this list as", "Lo de Ana")
    await sofia.press("Keep")
    own = sofia.page.get_by_role("navigation", name=sofia.say("My lists"), exact=True)
    await own.get_by_role("link", name=re.compile("^Lo de Ana")).click()
    await expect(own.locator("[aria-current]")).to_contain_text("Lo de Ana")


async def _gives_it_to(sofia: Hand, login: str) -> None:
    await sofia.go(_TICKET)
    form = await sofia.form("Who works on it")
    await sofia.choose("Assigned to", login, form)
    await sofia.press("Take it", form)
    history = sofia.page.get_by_role("region", name=sofia.say("History"), exact=True)
    await sofia.reads(f"→ {login}", within=history)


async def _asks_outside(sofia: Hand) -> None:
    form = await sofia.form("Hand over to an outside body")
    await sofia.fill("Note for them", "su poste, creemos", form)
    await sofia.press("Send the e-mail", form)
    await sofia.sees("With an outside body", "Handed to an outside body")


async def _saves_figures(sofia: Hand, scripts: bool) -> None:
    await sofia.go("/desk/digest")
    link = sofia.page.locator("main a[download]").first
    if await link.count() and scripts:
        async with sofia.page.expect_download() as saving:
            await link.click()
        assert (await (await saving.value).path()).stat().st_size > 0


async def _looks_up_a_number(sofia: Hand) -> None:
    await sofia.go(_TICKET)
    await sofia.press("Show the number")
    await sofia.reads("+15550142")


async def _acts_on_three(sofia: Hand) -> None:
    """Chosen, looked at, done, and undone."""
    await sofia.go("/desk?status=open")
    for number in _THREE:
        await sofia.page.get_by_label(f"{sofia.say('Select')} {number}", exact=True).check()
    await sofia.choose("With many at once", "assign")
    on = re.compile("^" + re.escape(sofia.say("Go on with those selected")))
    await sofia.page.get_by_role("button", name=on).click()
    await sofia.choose("Assigned to", "sofia")
    await sofia.press("See what will happen")
    await sofia.reads(*_THREE, sofia.say_many("%(num)s ticket will change", "%(num)s tickets will change", 3))
    assert [one.assignee for one in await _three(sofia)] == [None] * 3
    await sofia.press_many("Do it to %(num)s ticket", "Do it to %(num)s tickets", 3)
    await sofia.sees("Done")
    assert [one.assignee for one in await _three(sofia)] == ["sofia"] * 3
    await sofia.press_many("Undo it for %(num)s ticket", "Undo it for %(num)s tickets", 3)
    await sofia.sees("Undone")
    assert [one.assignee for one in await _three(sofia)] == [None] * 3


async def _three(sofia: Hand) -> list[Ticket]:
    return [await sofia.office.ticket(number) for number in _THREE]


async def _looks_at_the_map(sofia: Hand, scripts: bool) -> None:
    """From a mark to a ticket by the keyboard; without scripts from an area to its list."""
    await sofia.go("/desk?status=open")
    views = sofia.page.get_by_role("navigation", name=sofia.say("View"), exact=True)
    await views.get_by_role("link", name=sofia.say("Map"), exact=True).click()
    await sofia.stands_at("/desk/map")
    if scripts and vendored("leaflet"):
        link = sofia.page.locator(".leaflet-popup a.number").first
        for _ in range(6):  # closer each time, until they cannot be told apart
            await sofia.page.locator(".moving .sign").first.press("Enter")
            with suppress(AssertionError):
                await expect(link).to_be_visible(timeout=4000)
                break
        number = await link.inner_text()
        await link.press("Enter")
        await sofia.stands_at(f"/desk/tickets/{number}")
    else:
        await sofia.page.locator("table.byarea a").first.click()
        await sofia.stands_at("/desk")
        await sofia.reads(MAIN, within=sofia.page.locator("main"))


async def _changes_a_reply(sofia: Hand) -> None:
    """One that cannot be filled in is refused; one that can holds, until it is taken back."""
    await sofia.go("/desk/settings")
    await sofia.follow("Replies at hand", within=sofia.page.locator("main"))
    await sofia.page.locator("a[href$='/key/looking']").click()
    field = sofia.page.locator("textarea[name='texts.es']")
    await field.fill("{nadie} viene")
    await sofia.press("Save")
    await expect(sofia.page.locator("[id='texts.es-wrong']")).to_contain_text("{nadie}")
    await expect(field).to_have_value("{nadie} viene")
    await expect(field).to_have_attribute("aria-invalid", "true")
    await field.fill("{service} {number}: vamos el lunes.")
    await sofia.press("Save")
    await sofia.reads("vamos el lunes", within=sofia.page.locator(".changes"))
    await sofia.press("Back to what config.yml says")
    await expect(field).to_have_value(re.compile("mañana pasamos"))


async def _tries_a_rule(sofia: Hand) -> None:
    """What would have been, then that it is so, then that it is not."""
    await sofia.go("/desk/settings/routing")
    await sofia.follow("New rule", within=sofia.page.locator("main"))
    await sofia.fill("A short name, for the desk", "lamparas")
    await sofia.choose("Service", "lighting")
    await sofia.choose("Goes to", "roads")
    await sofia.press("Try it on the last 30 days")
    trial = sofia.page.locator("#trial")
    await sofia.reads(PARKED, within=trial)
    await sofia.sees("Nothing was changed.", within=trial)
    await sofia.press("Save")
    await sofia.stands_at("/desk/settings/routing")
    rules = sofia.page.locator("main table")
    await sofia.reads("lamparas", within=rules)
    await sofia.press("Back to what config.yml says")
    await expect(rules).not_to_contain_text("lamparas")


async def _tells_them_after_all(sofia: Hand) -> None:
    """One is sent once more, the other one was told by phone."""
    await sofia.go("/desk/undelivered")
    missed = sofia.page.locator("article.missed")
    await expect(missed).to_have_count(2)
    await sofia.press("Send again", missed.filter(has_text=TWIN))
    await expect(missed).to_have_count(1)
    await missed.locator("summary", has_text=sofia.say("They were told another way")).click()
    await missed.get_by_role("radio", name=sofia.say("By phone"), exact=True).check()
    await sofia.fill("Note for the history", "le dije que está listo", missed)
    await sofia.press("They know now", missed)
    await expect(missed).to_have_count(0)
    await sofia.go(_TICKET)
    await sofia.reads("le dije que está listo")
