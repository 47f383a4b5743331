"""The day of a clerk, of a supervisor and of an admin, in every language, and without JavaScript."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from playwright.async_api import Browser, expect

from tests.web.browser.hand import Hand, hand
from tests.web.browser.office import LANGUAGES, MAIN, PASSWORD, TWIN, Office
from tickets.model import Status

WAYS = [*((language, True) for language in LANGUAGES), ("es", False), ("fr", False)]
Sits = Callable[[str, bool], AbstractAsyncContextManager[Hand]]
_TICKET = f"/desk/tickets/{MAIN}"


@pytest.fixture
def sits(at_work: Office, browser: Browser) -> Sits:
    """Somebody sits down before a browser of their own; what it complains of fails the test."""

    @asynccontextmanager
    async def sitting(language: str, scripts: bool) -> AsyncIterator[Hand]:
        complaints: list[str] = []
        context = await browser.new_context(
            locale=language, java_script_enabled=scripts, viewport={"width": 1280, "height": 900}
        )
        context.set_default_timeout(10_000)
        await context.add_cookies([{"name": "vecino_language", "value": language, "url": at_work.url}])
        page = await context.new_page()
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(error.message))
        yield hand(page, at_work, language)
        await context.close()
        assert [one for one in complaints if "the server responded with a status of 4" not in one] == []

    return sitting


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


@pytest.mark.parametrize(("language", "scripts"), WAYS)
async def test_the_day_of_a_supervisor(sits: Sits, at_work: Office, language: str, scripts: bool) -> None:
    async with sits(language, scripts) as sofia:
        await sofia.go(f"/desk?language={language}")
        await sofia.log_in("sofia")
        await _keeps_a_list(sofia)
        await _gives_it_to(sofia, "ana")
        await _asks_outside(sofia)
        await _saves_figures(sofia, scripts)
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


@pytest.mark.parametrize(("language", "scripts"), WAYS)
async def test_the_day_of_an_admin(sits: Sits, language: str, scripts: bool) -> None:
    async with sits(language, scripts) as ada, sits(language, scripts) as nuria:
        await ada.go(f"/desk/people?language={language}")
        await ada.log_in("ada", second=True)
        link = await _invites(ada, "nuria", "Nuria Vidal")
        await _accepts(nuria, link, "a few other words")
        await nuria.go(f"/desk/tickets/{MAIN}?language={language}")
        await _ends_a_session(ada, "nuria")
        await nuria.go(f"/desk/tickets/{MAIN}")
        await nuria.stands_at("/desk/login")
        await nuria.log_in("nuria", "a few other words")
        await nuria.stands_at(f"/desk/tickets/{MAIN}")
        await _audits(ada, "nuria")
        await ada.go("/desk/people/nuria")
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
