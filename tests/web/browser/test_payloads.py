"""Nothing that a citizen writes runs in a clerk's browser, fetches anything, or breaks the page it stands on.

Each payload is put into every field that a page shows; each page is opened in Chromium, on a small phone. A dialog, a
complaint of the console (the policy's refusals are some), a request to elsewhere or a wider page fails the test.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

from playwright.async_api import Browser, Page

from bot.ports import Closure, Kind, Queued, Rating, Said, SavedList
from bot.ports.links import Referral
from channels.message import Contact, Inbound, Outbound
from channels.reason import Reason
from handlers.effects import ThreadKind
from tests.town import START
from tests.web.browser.office import MAIN, Office
from tests.web.browser.payloads import PAYLOADS
from tests.web.browser.places import COOKIE
from tickets.casework import refer
from tickets.model import CITIZEN, Actor, Author, Place, Status
from tickets.workflow import comment, filed, rated, reopen

_OVER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_LISTS = (
    "/desk",
    "/desk?status=any",
    "/desk/threads",
    "/desk/undelivered",
    "/desk/aside",
    "/desk/people",
    "/desk/audit",
)
_TYPED = ("/desk?q={}", "/desk?assignee={}&area={}&service={}", "/desk/audit?login={}", "/desk/digest?week={}&of={}",
          "/desk/login?next={}")  # fmt: skip


async def test_words_are_only_words(at_work: Office, browser: Browser) -> None:
    paths = [path for number, words in enumerate(PAYLOADS) for path in await _say(at_work, number, words)]
    page, trouble = await _watched(at_work, browser)
    for path in (*_LISTS, *paths):
        answer = await page.goto(at_work.url + path)
        if not answer or answer.status not in (200, 410):
            trouble.append(f"{answer.status if answer else 'no'} answer")
        await _look(page, trouble, path)
    await page.context.close()
    assert not trouble, "\n".join(trouble)


async def test_what_stands_in_an_address_is_only_words(at_work: Office, browser: Browser) -> None:
    page, trouble = await _watched(at_work, browser)
    for words in PAYLOADS:
        for path in _TYPED if len(quote(words)) < 1000 else ():
            await page.goto(at_work.url + path.format(*[quote(words, safe="")] * 3))
            await _look(page, trouble, path)
    await page.context.close()
    assert not trouble, "\n".join(trouble)


async def test_what_a_clerk_types_is_only_words_too(at_work: Office, browser: Browser) -> None:
    """In the forms that come back, with what was typed still in them."""
    page, trouble = await _watched(at_work, browser)
    for words in (one for one in PAYLOADS if len(one) < 1000):
        await page.goto(f"{at_work.url}/desk/tickets/{MAIN}")
        await page.locator("#answer textarea").evaluate("(field, words) => field.value = words", words)
        async with page.expect_navigation():
            await page.locator("#answer button[value=preview]").click()
        await _look(page, trouble, f"preview of {words[:30]!r}")
        await page.goto(f"{at_work.url}/desk/new")
        for name in ("words", "text", "phone"):
            await page.locator(f"[name={name}]").evaluate("(field, words) => field.value = words", words)
        async with page.expect_navigation():
            await page.locator("form[action='/desk/new']").evaluate(
                "form => { form.noValidate = true; form.requestSubmit() }"
            )
        await _look(page, trouble, f"new report {words[:30]!r}")
    await page.context.close()
    assert not trouble, "\n".join(trouble)


async def _watched(office: Office, browser: Browser) -> tuple[Page, list[str]]:
    """A small phone's page, logged in, and what it complains of."""
    trouble: list[str] = []
    context = await browser.new_context(viewport={"width": 320, "height": 700}, locale="en")
    cookie = {"name": COOKIE, "value": await office.session("ada"), "url": office.url}
    await context.add_cookies([cookie])  # type: ignore[list-item]
    page = await context.new_page()

    async def dismiss(dialog: object) -> None:
        trouble.append("a dialog")
        await dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", dismiss)
    page.on("pageerror", lambda error: trouble.append(error.message))
    page.on("console", lambda line: trouble.append(line.text) if _is_trouble(line.text, line.type) else None)
    page.on("request", lambda asked: trouble.append(asked.url) if not _is_ours(office, asked.url) else None)
    return page, trouble


def _is_trouble(text: str, kind: str) -> bool:
    """A status that says that a form was not taken is no trouble."""
    return kind == "error" and "status of 4" not in text


def _is_ours(office: Office, url: str) -> bool:
    return url.startswith((office.url, "about:", "data:", "blob:"))


async def _look(page: Page, trouble: list[str], path: str) -> None:
    before = len(trouble)
    if await page.evaluate("window.ran"):
        trouble.append("it ran")
    await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    if (over := await page.evaluate(_OVER)) > 0:
        trouble.append(f"{over} pixels too wide")
    if await page.locator("main").count() != 1 or not await page.locator("h1").first.is_visible():
        trouble.append("the page is broken")
    trouble[before:] = [f"{path}: {one}" for one in trouble[before:]]


async def _say(office: Office, number: int, words: str) -> Sequence[str]:
    """The same words in every field of a citizen's; the addresses of the pages that show them."""
    name = f"P4Y-{number:03}"
    sender = Contact(channel="simulated_sms", address=f"+1555{number:04}")
    async with office.store.work() as work:
        await work.inbox.accept([Inbound(sender=sender, external_id=name, received_at=START, text=words)])
        citizen = (await work.citizens.lanes([sender]))[sender]
        place = Place(words=words[:200], street=words[:100], area="centro")
        main = await work.tickets.get(MAIN)
        assert main
        ticket = replace(
            main, number=name, version=1, description=words, place=place, reporter=citizen, status=Status.RESOLVED,
            answers=(("depth", words), (words[:30], words)), closed_at=START, reopened=0, assignee=None,
        )  # fmt: skip
        await work.tickets.file(ticket, filed(ticket, actor=CITIZEN))
        clerk = Actor(author=Author.CLERK, name=words[:40])
        for step in (
            lambda it: reopen(it, at=START),
            lambda it: comment(it, actor=CITIZEN, at=START, note=words, public=True),
            lambda it: comment(it, actor=clerk, at=START, note=words, public=False),
            lambda it: refer(it, words[:80], actor=clerk, at=START, note=words),
            lambda it: rated(it, at=START, note=words),
        ):
            ticket, update = step(ticket)
            await work.tickets.change(ticket, update)
        await work.ratings.rate(Rating(number=name, citizen=citizen, at=START, score=1, word=words))
        asked = Closure(number=name, citizen=citizen, resolved_at=START, due=None, asked_at=START, answer="no")
        await work.closures.plan([asked])
        referral = Referral(
            id=0, number=name, body=words[:80], address="a@b.example", language="en", note=words, at=START, login="ada"
        )
        token = f"{number:03}" + "t" * 40
        await work.referrals.add(referral, token)
        thread = await work.threads.open(citizen, ThreadKind.ASKED, START, silent=True)
        await work.threads.write(thread.id, CITIZEN, Said(text=words, pressed=words[:60]), START)
        told = Outbound(key=f"p{number}", recipient=sender, text=words)
        await work.outbox.enqueue(
            [Queued(outbound=told, citizen=citizen, kind=Kind.NOTICE, number=name, version=2)], START
        )
        for departure in await work.outbox.claim("p", START, 60, 50):
            await work.outbox.failed(departure, Reason.UNREACHABLE, START)
        for arrival in await work.inbox.claim("p", START, 60, 50):
            await work.inbox.set_aside(arrival, START, "Error")
        if words.isprintable():
            await work.clerks.save(
                "ada", SavedList(name=words[:40], query="status=open&late=1"), START + timedelta(0, number)
            )
        await work.commit()
    return f"/desk/tickets/{name}", f"/desk/threads/{thread.id}", f"/outside/{token}"
