"""The whole way of a digest: counted and printed in a process of its own, queued, and taken by a mail server."""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from io import BytesIO
from pathlib import Path
from random import Random
from tempfile import gettempdir

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from pypdf import PdfReader
from sqlalchemy import update

from bot.delivery.worker import DeliveryWorker
from bot.digesting.child import NotPrinted, Order, printed
from bot.digesting.sending import Digesting
from bot.digesting.subscriber import Sending, Subscriber
from bot.loop import Workplace
from bot.ports import StoreUnavailable
from channels import email
from store.database import Database
from store.tables import editions
from tests.bot.digests import ROADS
from tests.bot.digests import email as reader
from tests.store.samples import SECRET, StillClock, file, ticket
from tests.store.samples import citizen as citizen_of
from tests.town import CITY
from tickets.figures import Scope
from tickets.period import week

MONDAY = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
VAR = Path(gettempdir()) / "vecino-tests"  # the fonts are listed once
LAST_WEEK = datetime(2026, 11, 18, 15, tzinfo=UTC)
ANA, BEA, GONE = reader("ana@city.example"), reader("bea@city.example", language="fr", scope=ROADS), "gone@city.example"


@dataclass
class Mailbox:
    """A mail server that knows everybody but GONE."""

    mails: list[tuple[str, EmailMessage]] = field(default_factory=list)

    async def handle_RCPT(self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]) -> str:  # noqa: N802 - aiosmtpd's word
        if address == GONE:
            return "550 5.1.1 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.content or b"", policy=default)  # type: ignore[arg-type]
        assert isinstance(mail, EmailMessage)
        self.mails += [(address, mail) for address in envelope.rcpt_tos]
        return "250 OK"

    def of(self, address: str) -> list[EmailMessage]:
        return [mail for to, mail in self.mails if to == address]


@pytest.fixture
def clock() -> StillClock:
    clock = StillClock()
    clock.time = MONDAY
    return clock


@pytest.fixture
async def mailbox() -> AsyncIterator[tuple[Mailbox, int]]:
    """The server, and the port on which it listens."""
    box = Mailbox()
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(box), "127.0.0.1", 0)
    yield box, server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


def digesting(store: Database, url: str, clock: StillClock, *subscribers: Subscriber) -> Digesting:
    return Digesting(
        store=store, clock=clock, owner="one", city=CITY, sending=Sending(subscribers=subscribers),
        public_url="https://vecino.example", url=url, secret_keys=SECRET, var=VAR, print=printed, pace=0,
    )  # fmt: skip


def delivery(store: Database, clock: StillClock, port: int) -> DeliveryWorker:
    options: Mapping[str, str] = {
        **email.OPTIONS, "host": "127.0.0.1", "port": str(port), "security": "none", "from": "Vecino <v@city.example>"
    }  # fmt: skip
    at = Workplace(store=store, clock=clock, random=Random(1), owner="test", wake=store.bell)
    return DeliveryWorker(at, channels={"email": email.open(options, {}, "")})


async def sent(worker: DeliveryWorker) -> None:
    while await worker.loop.step():
        pass


async def some_tickets(store: Database) -> None:
    ana = await citizen_of(store)
    many = [ticket(f"A{n}", ana, department="roads", filed_at=LAST_WEEK) for n in range(12)]
    await file(store, *many)


async def test_staff_read_it_in_their_mail_program(
    database: Database, database_url: str, clock: StillClock, mailbox: tuple[Mailbox, int]
) -> None:
    await some_tickets(database)
    box, port = mailbox
    one, worker = digesting(database, database_url, clock, ANA, BEA), delivery(database, clock, port)
    for _ in range(2):
        await one.look()
        await sent(worker)
    assert sorted(to for to, _ in box.mails) == ["ana@city.example", "bea@city.example"]
    (mail,) = box.of("ana@city.example")
    assert "Puerto Vecino" in mail["Subject"]
    link = mail["List-Unsubscribe"].strip("<>")
    assert re.fullmatch(r"https://vecino\.example/digest/unsubscribe/[\w-]+\?language=es", link)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    page, text = mail.get_body(("html",)), mail.get_body(("plain",))
    assert page is not None
    assert text is not None
    assert link in text.get_content()
    assert "12" in text.get_content()
    shown = set(re.findall(r'src="cid:([^"]+)"', page.get_content()))
    carried = {str(part["Content-ID"]).strip("<>") for part in mail.walk() if part["Content-ID"]}
    assert shown
    assert shown == carried
    (pdf,) = [part for part in mail.walk() if part.get_content_type() == "application/pdf"]
    assert pdf.get_filename() == "vecino-2026-W47-es.pdf"
    assert len(PdfReader(BytesIO(pdf.get_payload(decode=True))).pages) <= 3  # type: ignore[arg-type]
    (french,) = box.of("bea@city.example")
    assert str(french["Subject"]) != str(mail["Subject"])


async def test_what_was_sent_is_kept_and_counted_no_more(
    database: Database, database_url: str, clock: StillClock
) -> None:
    await some_tickets(database)
    await digesting(database, database_url, clock, ANA).look()
    async with database.view() as view:
        kept = await view.editions.get(week("2026-W47"), Scope())
    assert kept is not None
    await file(database, ticket("LATE", await citizen_of(database), filed_at=LAST_WEEK))
    await digesting(database, database_url, clock, ANA, reader("new@city.example")).look()
    async with database.view() as view:
        assert await view.editions.get(week("2026-W47"), Scope()) == kept


async def test_an_edition_that_cannot_be_read_is_counted_anew_once_and_said_in_one_line(
    database: Database, database_url: str, clock: StillClock, capfd: pytest.CaptureFixture[str]
) -> None:
    await some_tickets(database)
    await printed(order(database_url))
    async with database.work() as work:
        await work._tx.execute(update(editions).values(digest='{"city": "Puer'))
        await work.commit()
    await printed(order(database_url))
    (line,) = capfd.readouterr().err.splitlines()
    assert '"event": "edition_unreadable"' in line and '"week": "2026-W47"' in line
    async with database.view() as view:
        kept = await view.editions.get(week("2026-W47"), Scope())
    assert kept is not None
    await file(database, ticket("LATE", await citizen_of(database), filed_at=LAST_WEEK))
    await printed(order(database_url, language="pt"))
    assert capfd.readouterr().err == ""
    async with database.view() as view:
        assert await view.editions.get(week("2026-W47"), Scope()) == kept


async def test_an_address_that_its_server_does_not_know_is_skipped_from_then_on(
    database: Database, database_url: str, clock: StillClock, mailbox: tuple[Mailbox, int]
) -> None:
    box, port = mailbox
    one, worker = digesting(database, database_url, clock, ANA, reader(GONE)), delivery(database, clock, port)
    await one.look()
    await sent(worker)
    clock.forward(7 * 86_400)
    await one.look()
    await sent(worker)
    assert [to for to, _ in box.mails] == ["ana@city.example", "ana@city.example"]
    assert one.counters.states()["digest_bounced"] == 1
    assert one.counters.get("digests", outcome="queued") == 3


def order(url: str, language: str = "es", secret: str = SECRET) -> Order:
    return Order(
        url=url, secret_keys=secret, city=CITY, period=week("2026-W47"), scope=Scope(), language=language, var=VAR,
    )  # fmt: skip


async def test_a_child_that_ends_by_an_error_says_why(database_url: str, capfd: pytest.CaptureFixture[str]) -> None:
    """To its parent, which knows how often it has said so."""
    with pytest.raises(NotPrinted, match=r"^\w+ at .*i18n\.py:\d+"):
        await printed(order(database_url, language="xx"))
    assert capfd.readouterr().err == ""


async def test_a_child_without_its_database_says_so() -> None:
    with pytest.raises(StoreUnavailable):
        await printed(order("postgresql://nobody@127.0.0.1:1/none"))


async def test_who_is_cancelled_leaves_no_child_behind(database_url: str) -> None:
    task = asyncio.create_task(printed(order(database_url)))
    for _ in range(1000):
        if _children():
            break
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not _children()


def _children() -> set[str]:
    """The processes of ours that print digests."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line, stat = (folder / "cmdline").read_bytes(), (folder / "stat").read_text()
        except OSError:
            continue
        if b"bot.commands.printing" in line and stat.rpartition(")")[2].split()[1] == str(os.getpid()):
            found.add(folder.name)
    return found
