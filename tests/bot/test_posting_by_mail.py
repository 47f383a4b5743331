"""Reporters whom a program gave by e-mail: asked by one mail, told once they confirmed, and never again after a STOP."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from random import Random

import pytest

from bot import rights
from bot.claims import ASKED_AGAIN
from bot.closing import Closing
from bot.delivery.postscript import Postscript
from bot.delivery.worker import DeliveryWorker
from bot.desk.confirming import Confirming, NoLink
from bot.desk.posting import Posting, Sent
from bot.i18n import Words
from bot.loop import Workplace
from bot.notices import Desk
from channels import email
from channels.message import Contact
from store.database import Database
from tests.bot.test_posting import sent
from tests.peers.mail_server import HOST, MailServer
from tests.store.samples import StillClock
from tests.town import CITY, OneStreet
from tickets.model import Event, Status, Ticket

ANA = "ana@correo.example"
URL = "https://vecino.example"
LINK = re.compile(re.escape(URL) + r"/confirm/([^?\s]+)\?language=(\w+)")
END = re.compile(re.escape(URL) + r"/mail/stop/([^?\s]+)\?language=(\w+)")


@dataclass(slots=True)
class Mailroom:
    """A city whose reporters by Open311 are written to by mail, by way of a real mail server."""

    store: Database
    clock: StillClock
    server: MailServer
    posting: Posting
    confirming: Confirming
    desk: Desk
    worker: DeliveryWorker

    async def files(self, name: str = "one", *, to: str = ANA, **more: object) -> Ticket:
        number = await self.posting.file(mailed(name, to=to, **more))
        await self.settle()
        return await self.ticket(number)

    async def ticket(self, number: str) -> Ticket:
        async with self.store.view() as view:
            found = await view.tickets.get(number)
        assert found
        return found

    async def moves(self, one: Ticket, to: Status = Status.RESOLVED, note: str = "") -> None:
        now = await self.ticket(one.number)
        await self.desk.move(number=one.number, to=to, version=now.version, login="rosa", note=note)
        await self.settle()

    async def settle(self) -> None:
        self.clock.forward(1)
        while await self.worker.loop.step():
            pass

    def mails(self, to: str = ANA) -> list[Message]:
        return [message_from_bytes(one.content) for one in self.server.mails if one.recipients == (to,)]

    async def says_yes(self, language: str = "es") -> None:
        await self.confirming.yes(token=token_in(self.mails()[0]), language=language)

    async def theirs(self) -> list[str]:
        """The numbers of the reports that are theirs."""
        async with self.store.view() as view:
            citizen = await view.citizens.find(Contact(channel="email", address=ANA))
            return sorted(one.number for one in await view.tickets.of_reporter(citizen.id, 100)) if citizen else []


def mailed(name: str = "one", *, to: str = ANA, **more: object) -> Sent:
    return sent(name, **({"phone": "", "email": to} | more))


def words(mail: Message) -> str:
    payload = mail.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode().replace("\r\n", "\n")


def subject(mail: Message) -> str:
    return str(make_header(decode_header(mail["Subject"])))


def token_in(mail: Message, link: re.Pattern[str] = LINK) -> str:
    found = link.search(words(mail))
    assert found
    return found[1]


@asynccontextmanager
async def opened(database: Database, clock: StillClock, *, mail: bool = True) -> AsyncIterator[Mailroom]:
    async with MailServer(security="none") as server:
        options = {"host": HOST, "port": str(server.port), "security": "none", "from": "Vecino <v@city.example>"}
        channel, render = email.open(options, {}, URL), Words(CITY)
        at = Workplace(store=database, clock=clock, random=Random(1), owner="one", wake=database.bell)
        below = Postscript(store=database, clock=clock, render=render, city=CITY, public_url=URL)
        yield Mailroom(
            store=database,
            clock=clock,
            server=server,
            posting=Posting(
                store=database, render=render, clock=clock, city=CITY, places=OneStreet(), random=Random(5),
                sms="simulated_sms", mail=mail, public_url=URL,
            ),
            confirming=Confirming(store=database, clock=clock, city=CITY),
            desk=Desk(database, render, clock, CITY),
            worker=DeliveryWorker(at, channels={"email": channel}, mail=below),
        )  # fmt: skip


@pytest.fixture
async def room(database: Database, clock: StillClock) -> AsyncIterator[Mailroom]:
    async with opened(database, clock) as found:
        yield found


@pytest.mark.parametrize("language", ["es", "pt", "en", "fr"])
async def test_one_mail_asks_in_the_language_of_the_request_and_nothing_else_comes(
    room: Mailroom, language: str
) -> None:
    one = await room.files(language=language, words="zanahoria")
    [asked] = room.mails()
    assert one.number in subject(asked)
    assert one.number in words(asked)
    assert "Avenida Bolívar" in words(asked)
    assert f"?language={language}" in words(asked)
    assert CITY.privacy_url in words(asked)
    assert CITY.office.phone in words(asked)
    assert "zanahoria" not in words(asked)
    assert (await room.files("two", language=language)).number != one.number
    await room.moves(one)
    assert len(room.mails()) == 1
    assert await room.theirs() == []


async def test_a_yes_makes_all_that_waits_theirs_and_news_come_by_mail(room: Mailroom) -> None:
    one, two = await room.files(), await room.files("two")
    assert await room.confirming.asks(token_in(room.mails()[0]))
    await room.says_yes("pt")
    assert await room.theirs() == sorted([one.number, two.number])
    async with room.store.view() as view:
        assert (await view.tickets.history(one.number))[-1].event is Event.CLAIMED
    await room.moves(one, note="con luz nueva")
    news = room.mails()[-1]
    assert subject(news).startswith(f"Pedido {one.number}: ")
    assert "con luz nueva" in words(news)
    assert CITY.office.phone in words(news)


async def test_news_carry_the_link_that_ends_them_as_rfc_8058_wants_it(room: Mailroom) -> None:
    one = await room.files()
    await room.says_yes()
    await room.moves(one)
    for mail in room.mails():
        link = END.search(words(mail))
        assert link
        assert mail["List-Unsubscribe"] == f"<{link[0]}>"
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_nobody_is_asked_by_mail_whether_it_is_fixed(room: Mailroom) -> None:
    one = await room.files()
    await room.says_yes()
    await room.moves(one)
    [_, news] = room.mails()
    assert "1" not in {line.partition(" ")[0] for line in words(news).splitlines()}
    room.clock.forward(3600)
    async with room.store.work() as work:
        await Closing(city=CITY, render=Words(CITY)).step(work, room.clock.now(), 0)
        await work.commit()
    await room.settle()
    assert len(room.mails()) == 2


async def test_after_a_yes_the_next_report_is_told_at_once_but_no_flood(room: Mailroom) -> None:
    await room.files()
    await room.says_yes()
    for n in range(9):
        await room.files(f"more {n}")
    assert len(room.mails()) == 1 + 4  # the first one of the five a day is what they said yes to


async def test_a_link_is_good_once_and_for_seven_days_and_for_its_purpose_alone(room: Mailroom) -> None:
    await room.files()
    yes, end = token_in(room.mails()[0]), token_in(room.mails()[0], END)
    for wrong in ("", "x", yes[:-1], end, "x" * 9000, "é"):
        assert not await room.confirming.asks(wrong)
        with pytest.raises(NoLink):
            await room.confirming.yes(token=wrong, language="es")
    with pytest.raises(NoLink):
        await room.confirming.stop(token=yes)
    assert await room.confirming.asks(yes)
    await room.says_yes()
    assert not await room.confirming.asks(yes)
    with pytest.raises(NoLink):
        await room.says_yes()


async def test_a_link_older_than_seven_days_does_nothing(room: Mailroom) -> None:
    await room.files()
    room.clock.forward(7 * 86_400)
    with pytest.raises(NoLink):
        await room.says_yes()
    assert await room.theirs() == []


async def test_two_yeses_at_once_are_one(room: Mailroom) -> None:
    one = await room.files()
    said = await asyncio.gather(room.says_yes(), room.says_yes(), return_exceptions=True)
    assert sum(isinstance(each, NoLink) for each in said) == 1
    async with room.store.view() as view:
        history = await view.tickets.history(one.number)
    assert [step.event for step in history].count(Event.CLAIMED) == 1


async def test_a_stop_wins_over_everything(room: Mailroom) -> None:
    one = await room.files()
    end = token_in(room.mails()[0], END)
    assert await room.confirming.stops(end) is False
    for _ in range(2):  # mail programs try again
        await room.confirming.stop(token=end)
    assert await room.confirming.stops(end) is True
    with pytest.raises(NoLink):
        await room.says_yes()
    room.clock.forward(40 * 86_400)
    await room.files("two")
    await room.moves(one)
    assert len(room.mails()) == 1


async def test_a_stop_after_a_yes_ends_the_news(room: Mailroom) -> None:
    one = await room.files()
    await room.says_yes()
    await room.confirming.stop(token=token_in(room.mails()[0], END))
    await room.moves(one)
    assert len(room.mails()) == 1


async def test_a_start_by_the_same_link_brings_the_news_back(room: Mailroom) -> None:
    one = await room.files()
    await room.says_yes()
    end = token_in(room.mails()[0], END)
    await room.confirming.stop(token=end)
    await room.confirming.start(token=end)
    assert await room.confirming.stops(end) is False
    await room.moves(one)
    assert len(room.mails()) == 2


async def erase(room: Mailroom) -> None:
    async with room.store.work() as work:
        citizen = await work.citizens.find(Contact(channel="email", address=ANA))
        assert citizen
        await rights.erase(work, citizen, CITY, room.clock.now())
        await work.commit()


async def test_an_erasure_takes_the_words_and_the_link_and_a_stop_by_an_old_mail_still_holds(room: Mailroom) -> None:
    one = await room.files(words="zanahoria")
    yes, end = token_in(room.mails()[0]), token_in(room.mails()[0], END)
    await erase(room)
    assert (await room.ticket(one.number)).description == ""
    assert not await room.confirming.asks(yes)
    await room.confirming.stop(token=end)
    room.clock.forward(40 * 86_400)
    await room.files("two")
    assert len(room.mails()) == 1


async def test_an_address_is_asked_once_a_week_also_after_an_erasure_and_by_whatever_tag(room: Mailroom) -> None:
    await room.files()
    await erase(room)
    await room.files("two")
    for n in range(3):
        await room.files(f"tagged {n}", to=f"ana+{n}@correo.example")
    assert len(room.server.mails) == 1
    room.clock.forward(ASKED_AGAIN.total_seconds())
    await room.files("three")
    assert len(room.mails()) == 2


async def test_a_mailbox_that_there_is_none_of_gets_no_more(room: Mailroom) -> None:
    room.server.refuse(ANA, "550 5.1.1 unknown")
    await room.files()
    room.clock.forward(ASKED_AGAIN.total_seconds())
    await room.files("two")
    assert room.server.mails == []
    async with room.store.view() as view:
        [failure] = (await view.undelivered.page(0, 100)).rows
    assert failure.channel == "email"
    assert failure.to == ""  # a citizen's address is not for lists


async def test_a_number_goes_before_an_address(room: Mailroom) -> None:
    await room.files(phone="+525587654321")
    assert room.server.mails == []


async def test_where_the_city_has_no_mail_an_address_is_forgotten(database: Database, clock: StillClock) -> None:
    async with opened(database, clock, mail=False) as room:
        await room.files()
        assert room.server.mails == []
    async with database.view() as view:
        assert await view.citizens.find(Contact(channel="email", address=ANA)) is None


async def test_a_place_of_a_sensitive_service_is_not_in_the_mail(room: Mailroom) -> None:
    service = next(one for one in CITY.services if CITY.openness.sensitive(one.code))
    await room.files(service=service)
    assert "Avenida Bolívar" not in words(room.mails()[0])


async def test_what_was_asked_by_mail_can_be_written_to_by_a_clerk_with_the_same_foot(room: Mailroom) -> None:
    one = await room.files()
    await room.says_yes()
    await room.moves(replace(one), Status.TRIAGED)
    assert END.search(words(room.mails()[-1]))
