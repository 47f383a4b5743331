"""Nothing that a citizen writes can run, or pretend to be something else, in a clerk's browser."""

import csv
import io
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from bot.ports import Queued
from channels.message import Contact, Inbound, Outbound
from tests.samples import TICKET
from tests.web.world import NOW, World
from tickets.model import CITIZEN, Place
from tickets.workflow import comment

PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<a href=javascript:alert(1)>x</a>",
    "{{ 7*7 }}{% for a in b %}",
    "%(city)s %s %d {0} {city}",
    "<!--",
    "&lt;script&gt;",
    "\u202egnp.exe \u2066 \u200f خرابه",
    "\x00<iframe src=//evil.example>\x0b\x1b[31m",
    "<style>body{display:none}</style>",
    "]]><base href=//evil.example/>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<form action=//evil.example><button formaction=javascript:alert(1)>x</button></form>",
    "<details open ontoggle=alert(1)>",
    "javascript:alert(1)",
    "=HYPERLINK(1)",
    "${7*7} #{7*7} <%= 7*7 %>",
    "zero\u200bwidth\ufeff",
    "x" * 4000,
)
OURS = {"html", "head", "meta", "title", "link", "body", "a", "header", "svg", "use", "span", "small", "nav", "form"}
OURS |= {
    "input",
    "button",
    "main",
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "section",
    "blockquote",
    "dl",
    "dt",
    "dd",
    "time",
    "ol",
}
OURS |= {
    "details",
    "summary",
    "li",
    "strong",
    "fieldset",
    "legend",
    "label",
    "textarea",
    "bdi",
    "article",
    "code",
    "table",
    "thead",
    "tbody",
}
OURS |= {"footer", "script", "kbd", "dialog", "template", "i", "b", "br", "hr", "h4", "audio", "source", "g", "line"}
OURS |= {"tr", "th", "td", "select", "option", "ul", "img", "figure", "rect", "path", "text", "circle", "g", "q"}


class Tags(HTMLParser):
    """What a browser would see: elements, their attributes, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag in ("script", "link"):  # ours alone, from files of ours
            told = dict(attrs)
            assert (told.get("src") or told.get("href") or "").startswith("/static/")
        leads = ("href", "src", "action", "formaction", "data", "poster")
        assert not any(
            (value or "").strip().lower().startswith("javascript:") for name, value in attrs if name in leads
        )

    def handle_data(self, data: str) -> None:
        self.text += data


async def say_everywhere(world: World, words: str) -> None:
    """The same words in each field that a page of the desk shows."""
    ticket = replace(TICKET, description=words, place=Place(words=words, street=words, area=words))
    await world.file(ticket)
    arrival = Inbound(sender=Contact(channel="sms", address="7"), external_id="1", received_at=NOW, text=words)
    commented, update = comment(ticket, actor=CITIZEN, at=NOW, note=words, public=True)
    told = Outbound(key="k", recipient=Contact(channel="telegram", address="77"), text=words)
    async with world.store.work() as work:
        await work.tickets.change(commented, update)
        await work.outbox.enqueue([Queued(outbound=told, citizen=1, number=ticket.number, version=2)], NOW)
        await work.inbox.accept([arrival])
        claimed = [one for one in await work.inbox.claim("test", NOW, 60, 9) if one.inbound.external_id == "1"]
        await work.inbox.set_aside(claimed[0], NOW, "Error")
        await work.commit()


@pytest.mark.parametrize("words", PAYLOADS)
async def test_a_citizens_words_are_only_words(world: World, words: str) -> None:
    await say_everywhere(world, words)
    await world.log_in()
    for path in ("/desk", "/desk/tickets/7K3-9QX", "/desk/aside"):
        seen = Tags(await world.page(path))
        assert seen.names - OURS == set()
        assert not any(name.startswith("on") or name == "style" for name in seen.attributes)
        assert words.strip("\x00").split("\x0b")[0] in seen.text.replace("\ufffd", "\x00") or "\x00" in words


@pytest.mark.parametrize("words", PAYLOADS)
async def test_what_a_clerk_types_comes_back_as_words(world: World, words: str) -> None:
    await world.log_in(login=words)
    page = await world.client.get("/desk", params={"number": words, "service": words, "status": words})
    assert Tags(await page.text()).names <= OURS


@pytest.mark.parametrize("begins", ["=", "+", "-", "@"])
async def test_no_cell_of_a_file_is_a_formula(world: World, begins: str) -> None:
    """Somebody types one into the log-in; the audit is then saved and opened in a spreadsheet."""
    await world.log_in(login=f"{begins}HYPERLINK(1)")
    await world.log_in()
    rows = list(csv.reader(io.StringIO(await world.page("/desk/audit/audit.csv"))))
    assert len(rows) > 2
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row)


@pytest.mark.parametrize("path", ["/", "/desk/login", "/nothing", "/desk", "/static/vecino.css", "/healthz"])
async def test_every_answer_carries_the_headers_that_protect(world: World, path: str) -> None:
    answer = await world.client.get(path, headers={"Accept": "text/html"})
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "Server" not in answer.headers


async def test_pages_are_not_kept_by_caches_and_static_files_are(world: World) -> None:
    page = await world.client.get("/desk/login")
    assert page.headers["Cache-Control"] == "no-store"
    style = Tags(await page.text())
    assert style.names
    static = await world.client.get("/static/vecino.css?v=1")
    assert "immutable" in static.headers["Cache-Control"]
    assert (await world.client.get("/static/../app.py")).status == 404
    assert (await world.client.get("/static/%2e%2e/app.py")).status == 404
