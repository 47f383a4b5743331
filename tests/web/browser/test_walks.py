"""The day of a clerk, in every language, and without JavaScript."""

import re

import pytest
from playwright.async_api import expect

from tests.web.browser.hand import WAYS, Hand, Sits
from tests.web.browser.office import LANGUAGES, MAIN, PASSWORD, TWIN, Office
from tickets.model import Status

_TICKET = f"/desk/tickets/{MAIN}"


@pytest.mark.parametrize(("language", "scripts"), WAYS)
async def test_the_day_of_a_clerk(sits: Sits, at_work: Office, language: str, scripts: bool) -> None:
    async with sits(language, scripts) as ana:
        await _comes_in(ana)
        await _finds(ana)
        await _works_on_it(ana)
        await _joins_two(ana)
        await _takes_a_call(ana)
        await _talks(ana)
        await ana.press("Log out")
        await ana.stands_at("/desk/login")
    assert (await at_work.ticket(TWIN)).merged_into == MAIN
    assert (await at_work.ticket()).status is Status.WAITING


async def _comes_in(ana: Hand) -> None:
    """By a link that a colleague sent; a wrong password first."""
    await ana.go(f"/desk?status=open&assignee=nobody&language={ana.language}")
    await ana.log_in("ana", "no password of mine")
    await ana.sees("The login or the password is not right.")
    await expect(ana.page.get_by_label(ana.say("Login"), exact=True)).to_have_value("ana")
    await ana.log_in("ana")
    await ana.stands_at("/desk")
    await ana.reads(TWIN)


async def _finds(ana: Hand) -> None:
    await ana.fill("Search", "HUECOS")
    await ana.press("Show")
    await ana.reads(TWIN, within=ana.page.locator("main"))
    await expect(ana.page.locator("tbody")).not_to_contain_text(MAIN)
    await ana.follow("Clear")
    await ana.fill("Search", MAIN.lower())
    await ana.press("Show")
    await ana.stands_at(_TICKET)


async def _works_on_it(ana: Hand) -> None:
    history = ana.page.get_by_role("region", name=ana.say("History"), exact=True)
    await ana.press("Take it")
    await ana.reads("→ ana", within=history)
    form = await ana.form("Write to the citizen")
    await ana.choose("Replies at hand", "looking", form)
    await ana.press("Put in", form)
    form = await ana.form("Write to the citizen")
    await expect(form.get_by_label(ana.say("To the citizen"), exact=True)).to_have_value(re.compile("mañana pasamos"))
    await ana.press("Preview", form)
    await ana.sees("As it will arrive")
    await ana.press("Send", await ana.form("Write to the citizen"))
    await ana.reads("mañana pasamos", within=history)
    await ana.fill("Note", "llamar a la cuadrilla", await ana.form("Note between clerks"))
    await ana.press("Keep the note")
    await ana.reads("llamar a la cuadrilla", within=history)
    await ana.choose("Service", "sidewalk", await ana.form("What it is about"))
    await ana.press("Change the service")
    await expect(history.locator("li").first).to_contain_text("→")
    form = await ana.form("Move")
    await form.get_by_role("radio", name=ana.say("Waiting"), exact=True).check()
    await ana.fill("Note to the citizen", "esperamos asfalto", form)
    await ana.press("Move and tell the citizen")
    await ana.reads("esperamos asfalto", within=history)


async def _joins_two(ana: Hand) -> None:
    await ana.go(f"/desk/tickets/{TWIN}")
    form = await ana.form("Merge into another ticket")
    field = form.get_by_label(re.compile(f"^({ana.say('Or its number')}|{ana.say('Its number')})$"))
    await field.fill("nothing")
    await ana.press("Merge and tell them", form)
    await ana.sees("This is no ticket number; it looks like 7K3-9QX.")
    form = await ana.form("Merge into another ticket")
    await expect(field).to_have_value("nothing")
    await field.fill(MAIN)
    await ana.press("Merge and tell them", form)
    await ana.sees("It goes on in:")


async def _takes_a_call(ana: Hand) -> None:
    """The place is far from all others, so nothing is offered to join."""
    await ana.follow("New report")
    await ana.choose("What it is about", "pothole")
    await ana.fill("Place in words", "Parque Norte")
    await ana.fill("What they tell", "un hueco junto a los columpios")
    await ana.press("File it")
    await ana.reads("un hueco junto a los columpios")
    assert re.search(r"/desk/tickets/[0-9A-Z-]{7}$", ana.page.url)


async def _talks(ana: Hand) -> None:
    await ana.go(f"/desk/threads/{ana.office.named['thread']}")
    await ana.press("Take it")
    await ana.fill("To the citizen", "¿En qué le ayudo?", await ana.form("Answer"))
    await ana.press("Send")
    await ana.reads("¿En qué le ayudo?", within=ana.page.locator(".history"))
    await ana.press("Give back to Vecino")
    await ana.go("/desk/threads")
    await expect(ana.page.locator("main")).not_to_contain_text("quiero hablar")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_triage_by_single_keys(sits: Sits, at_work: Office, language: str) -> None:
    """Open, take, move: the next one comes by itself; that one is resolved."""
    async with sits(language, login="ana") as ana:
        await ana.go("/desk?status=open&department=roads")
        await ana.keys("j")
        first = await ana.page.evaluate("document.activeElement.closest('tr').dataset.number")
        second = TWIN if first == MAIN else MAIN
        await ana.keys("o")
        await _stands_before(ana, first)
        await ana.keys("a")
        await ana.reads("→ ana", within=ana.page.get_by_role("region", name=ana.say("History"), exact=True))
        await ana.keys("m", "p")
        await _stands_before(ana, second)
        await ana.reads(ana.say("%(number)s is done; this is the next one of your list.", number=first))
        await ana.keys("r")
        async with ana.page.expect_navigation():
            await ana.page.keyboard.press("Enter")
    ticket = await at_work.ticket(first)
    assert (ticket.status, ticket.assignee) == (Status.IN_PROGRESS, "ana")
    assert (await at_work.ticket(second)).status is Status.RESOLVED


async def _stands_before(ana: Hand, number: str) -> None:
    await expect(ana.page.get_by_role("heading", level=1)).to_contain_text(number)


async def test_from_the_keyboard_alone_to_the_next_ticket(sits: Sits, at_work: Office) -> None:
    """No pointer and no shortcut: Tab, arrows, Enter. What has the focus is always seen."""
    async with sits("fr", False) as ana:
        await ana.go("/desk/login?next=/desk&language=fr")
        await ana.page.keyboard.type("ana")
        await ana.page.keyboard.press("Tab")
        await ana.page.keyboard.type(PASSWORD)
        await ana.page.keyboard.press("Enter")
        await ana.stands_at("/desk")
        await ana.page.keyboard.press("Tab")
        await expect(ana.page.locator(":focus")).to_have_text(ana.say("Skip to the content"))
        await _tab_to(ana, f"a[href*='/desk/tickets/{MAIN}']")
        await ana.page.keyboard.press("Enter")
        await ana.page.wait_for_url(re.compile(MAIN))
        await _tab_to(ana, "#assign button")
        await ana.page.keyboard.press("Enter")
        await ana.reads("→ ana")
        await _tab_to(ana, "#move input[name=to]")
        await ana.page.keyboard.press("Space")
        await _tab_to(ana, "#move button.main")
        async with ana.page.expect_navigation():
            await ana.page.keyboard.press("Enter")
    assert (await at_work.ticket()).assignee == "ana"
    assert (await at_work.ticket()).version > 6


async def _tab_to(ana: Hand, wanted: str) -> None:
    for _ in range(120):
        await ana.page.keyboard.press("Tab")
        focus = ana.page.locator(":focus")
        outline = await focus.evaluate(
            "e => getComputedStyle(e.closest('.chip, .choice') || e).outlineStyle + getComputedStyle(e).outlineStyle"
        )
        assert "solid" in outline or "auto" in outline, await focus.evaluate("e => e.outerHTML.slice(0, 200)")
        if await focus.evaluate(f"e => e.matches({wanted!r})"):
            return
    raise AssertionError(wanted)
