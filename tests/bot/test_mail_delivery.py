"""Staff mail through the outbox: a real mail server, real databases, and what the desk and the rows keep of it."""

from collections.abc import AsyncIterator
from email import message_from_bytes
from random import Random

import pytest
from sqlalchemy import select

from bot.delivery.limits import limit
from bot.delivery.worker import DeliveryWorker
from bot.loop import Workplace
from bot.ports import Failure, Kind, Queued
from channels import email
from channels.message import Attachment, Contact, Outbound
from channels.reason import Reason
from store.database import Database
from store.tables import outbox
from tests.peers.mail_server import HOST, MailServer
from tests.store.samples import StillClock

ANA = Contact(channel="email", address="ana@city.example")
BEA = Contact(channel="email", address="bea@city.example")
PICTURE = Attachment(name="cid:trend", content_type="image/png", content=bytes(range(256)) * 4000)
PAGE = Attachment(name="digest.html", content_type="text/html", content=b'<img src="cid:trend">')
UNKNOWN = "550 5.1.1 unknown"


class Office:
    """Staff who get mail, and a worker who sends it."""

    def __init__(self, database: Database, clock: StillClock, server: MailServer) -> None:
        self.database, self.clock, self.server = database, clock, server
        options = {"host": HOST, "port": str(server.port), "security": "none", "from": "v@city.example"}
        at = Workplace(store=database, clock=clock, random=Random(1), owner="one", wake=database.bell)
        limits = {"email": limit("email", email.OPTIONS)}
        self.worker = DeliveryWorker(at, channels={"email": email.open(options, {}, "")}, limits=limits)

    async def write(self, key: str, to: Contact = ANA) -> None:
        async with self.database.work() as work:
            lane = (await work.citizens.lanes([to]))[to]
            outbound = Outbound(
                key=key, recipient=to, text="12 reportes", subject=f"Semana {key}", attachments=(PAGE, PICTURE)
            )
            await work.outbox.enqueue([Queued(outbound=outbound, citizen=lane, kind=Kind.DIGEST)], self.clock.now())
            await work.commit()

    async def pass_time(self, seconds: int = 1) -> None:
        for _ in range(seconds):
            self.clock.forward(1)
            while await self.worker.loop.step():
                pass

    async def failures(self) -> list[Failure]:
        async with self.database.view() as view:
            return list((await view.undelivered.page(0, 100)).rows)

    async def act(self, name: str) -> bool:
        [failure] = await self.failures()
        async with self.database.work() as work:
            done = await (work.undelivered.again if name == "again" else work.undelivered.settle)(
                failure.id, self.clock.now()
            )
            await work.commit()
        return done

    async def sizes(self) -> list[int]:
        """Of what the rows keep, oldest first."""
        async with self.database.work() as work:
            rows = await work._tx.execute(select(outbox.c.outbound).order_by(outbox.c.id))
            return [len(row.outbound) for row in rows]

    def subjects(self) -> list[str]:
        return [message_from_bytes(mail.content)["Subject"] for mail in self.server.mails]


@pytest.fixture
async def office(database: Database, clock: StillClock) -> AsyncIterator[Office]:
    async with MailServer(security="none") as server:
        yield Office(database, clock, server)


async def test_a_digest_reaches_each_of_the_staff_once_and_its_files_are_kept_no_longer(office: Office) -> None:
    for _ in range(2):
        await office.write("1", ANA)
        await office.write("2", BEA)
    assert min(await office.sizes()) > 1_000_000
    await office.pass_time(3)
    assert sorted(mail.recipients for mail in office.server.mails) == [(ANA.address,), (BEA.address,)]
    assert all(len(mail.content) > 1_000_000 for mail in office.server.mails)
    assert max(await office.sizes()) < 1000


async def test_what_is_greylisted_arrives_later_and_holds_nobody_up(office: Office) -> None:
    office.server.refuse(ANA.address, *["450 4.2.0 Greylisted"] * 3)
    await office.write("1", ANA)
    await office.write("2", BEA)
    await office.pass_time(2)
    assert office.subjects() == ["Semana 2"]
    assert max(await office.sizes()) > 1_000_000
    await office.pass_time(30)
    assert office.subjects() == ["Semana 2", "Semana 1"]
    assert await office.failures() == []


async def test_what_was_lost_after_the_content_is_sent_again_under_the_same_id(office: Office) -> None:
    office.server.breaks_off = True
    await office.write("1")
    await office.pass_time()
    office.server.breaks_off = False
    await office.pass_time(5)
    ids = [message_from_bytes(mail.content)["Message-ID"] for mail in office.server.mails]
    assert len(ids) == 2
    assert len(set(ids)) == 1


async def test_who_bounced_stands_at_the_desk_by_address_and_subject_and_gets_no_more(office: Office) -> None:
    office.server.refuse(ANA.address, UNKNOWN)
    await office.write("1")
    await office.pass_time()
    [failure] = await office.failures()
    assert (failure.channel, failure.kind, failure.reason) == ("email", Kind.DIGEST, Reason.NOT_FOUND)
    assert (failure.to, failure.text) == (ANA.address, "Semana 1")
    assert ANA.address not in repr(failure)
    await office.write("2")
    await office.pass_time(2)
    assert office.server.mails == []
    assert [one.reason for one in await office.failures()] == [Reason.NOT_FOUND] * 2


async def test_a_clerk_who_sends_it_again_makes_the_address_a_good_one(office: Office) -> None:
    office.server.refuse(ANA.address, UNKNOWN)
    await office.write("1")
    await office.pass_time()
    assert await office.act("again")
    await office.pass_time(2)
    await office.write("2")
    await office.pass_time(2)
    assert office.subjects() == ["Semana 1", "Semana 2"]
    assert len(office.server.mails[0].content) > 1_000_000
    assert max(await office.sizes()) < 1000


async def test_what_was_taken_off_the_list_keeps_no_files(office: Office) -> None:
    office.server.refuse(ANA.address, UNKNOWN)
    await office.write("1")
    await office.pass_time()
    assert min(await office.sizes()) > 1_000_000
    assert await office.act("settle")
    assert max(await office.sizes()) < 1000
    assert await office.failures() == []


async def test_what_is_too_large_goes_without_its_files(office: Office) -> None:
    office.server.refuse("DATA", "552 5.3.4 too large")
    await office.write("1")
    await office.pass_time()
    [mail] = office.server.mails
    message = message_from_bytes(mail.content)
    assert (message["Subject"], message.get_content_type()) == ("Semana 1", "text/plain")


async def test_a_server_that_is_away_for_a_day_loses_nothing(office: Office) -> None:
    port = office.server.port
    await office.server.__aexit__()
    await office.write("1")
    for _ in range(40):
        office.clock.forward(2400)
        await office.worker.loop.step()
    office.server.port = port
    async with office.server:
        office.clock.forward(600)
        await office.pass_time(3)
    assert office.subjects() == ["Semana 1"]
