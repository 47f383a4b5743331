"""The main job, whole: the same pothole in four languages on three channels, through the providers' own protocols.

A citizen's message goes through a signed webhook, the real model, the real store and back through the provider; a clerk
resolves the ticket and the citizen is told in their language. Nothing is faked but the providers, by servers that
other clients have proved (tests/channels).
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import aiohttp
import pytest
from argon2 import PasswordHasher

from bot.app import Vecino, build
from bot.commands.server import listen
from bot.config import load
from bot.ports import Clerk
from channels.message import Contact
from channels.segments import gsm_safe
from nlu.client import Address, Client, Fixed
from tests.peers.telegram_stub import TelegramStub
from tests.peers.twilio_stub import TwilioStub
from tests.web.world import csrf_of
from tickets.model import Status, Ticket

PUBLIC = "https://city.example"
SECRET = "webhook-secret"


@dataclass(frozen=True)
class Case:
    """What one citizen says, what must be understood, and how the answers begin."""

    language: str
    says: str
    place: str
    street: str
    summary: str
    receipt: str
    fixed: str


CASES = (
    Case("es", "hay un bache enorme en Av. Bolívar 123", "Av. Bolívar 123", "Avenida Bolívar", "Bache:", "¡Listo!", "¡Buenas noticias!"),
    Case("pt", "tem um buraco enorme na Rua das Flores 55", "Rua das Flores 55", "Rua das Flores", "Buraco na rua:", "Pronto!", "Boa notícia!"),
    Case("en", "there is a huge pothole at 12 Mill Road", "12 Mill Road", "Mill Road", "Pothole, at:", "Done!", "Good news!"),
    Case("fr", "il y a un énorme nid-de-poule au 14 rue des Écoles", "14 rue des Écoles", "Rue des Écoles", "Nid-de-poule :", "C'est envoyé !", "Bonne nouvelle !"),
)  # fmt: skip
YES = {"es": "si", "pt": "sim", "en": "yes please", "fr": "oui"}


@dataclass
class City:
    """A running Vecino between two stub providers."""

    vecino: Vecino
    telegram: TelegramStub
    twilio: TwilioStub
    port: int


@pytest.fixture
async def city(tmp_path: Path, model: Address, database_url: str) -> AsyncIterator[City]:
    async with TelegramStub() as telegram, TwilioStub(public_url=PUBLIC) as twilio, aiohttp.ClientSession() as session:
        config = load(_config(tmp_path, telegram, twilio), {
            "VECINO_SECRET_KEY": "k" * 43, "VECINO_VAR": str(tmp_path / "var"), "VECINO_DATABASE_URL": database_url,
            "TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_WEBHOOK_SECRET": SECRET,
            "TWILIO_ACCOUNT_SID": twilio.sid, "TWILIO_AUTH_TOKEN": twilio.token,
        })  # fmt: skip
        parser = Client(session, Fixed(at=model), clock=monotonic, timeout=10)
        vecino = await build(config, parser, durable=False)
        async with serving(vecino) as port:
            twilio.app_url = f"http://127.0.0.1:{port}"
            telegram.forward(PUBLIC, twilio.app_url)
            await vecino.start()
            yield City(vecino, telegram, twilio, port)


def _config(folder: Path, telegram: TelegramStub, twilio: TwilioStub) -> Path:
    """The demo city, live, with the stubs as providers."""
    source = (Path(__file__).parents[1] / "config.yml").read_text(encoding="utf-8")
    source = source.replace("mode: demo", "mode: live\nport: 0").replace('public_url: ""', f"public_url: {PUBLIC}")
    source = source.replace("telegram: {enabled: false}", f"telegram: {{enabled: true, api_url: {telegram.url}}}")
    source = source.replace("{enabled: false, from", f"{{enabled: true, api_url: {twilio.url}, from")
    path = folder / "config.yml"
    path.write_text(source, encoding="utf-8")
    return path


@asynccontextmanager
async def serving(vecino: Vecino) -> AsyncIterator[int]:
    runner, port = await listen(vecino)
    yield port
    await runner.cleanup()
    await vecino.stop()


async def tickets_of(city: City, channel: str, address: str) -> list[Ticket]:
    async with city.vecino.store.view() as view:
        citizen = await view.citizens.find(Contact(channel=channel, address=address))
        return list(await view.tickets.of_reporter(citizen.id, 10)) if citizen else []


async def report_on_telegram(city: City, case: Case, chat: int) -> Callable[[], list[str]]:
    stub = city.telegram
    await stub.citizen_says(chat, case.says, language=None)
    _, summary = await stub.wait_sent_to(chat, 2)
    await stub.citizen_presses(chat, summary.choices[0])
    await stub.wait_sent_to(chat, 3)
    return lambda: [sent.text for sent in stub.sent_to(chat)]


async def report_by_twilio(city: City, case: Case, phone: str, channel: str) -> Callable[[], list[str]]:
    stub = city.twilio
    assert await stub.citizen_says(phone, case.says, channel=channel) == 200
    await stub.wait_sent_to(phone, 2)
    assert await stub.citizen_says(phone, YES[case.language], channel=channel) == 200
    await stub.wait_sent_to(phone, 3)
    return lambda: [sent.body for sent in stub.sent_to(phone)]


async def resolve_at_the_desk(city: City, numbers: set[str]) -> None:
    """What a clerk does in the browser: log in, open each ticket, choose "resolved", send."""
    clerk = Clerk(
        login="rosa", name="Rosa", language="es", password=PasswordHasher(time_cost=1).hash("a long password")
    )
    async with city.vecino.store.work() as work:
        await work.clerks.add(clerk)
        await work.commit()
    # the city's public address is https, so its cookies are for https only; the proxy in front is us
    async with aiohttp.ClientSession(f"http://127.0.0.1:{city.port}", cookie_jar=aiohttp.DummyCookieJar()) as browser:
        kept: dict[str, str] = {}

        async def post(path: str, form: str, **fields: str) -> int:
            async with browser.get(form, headers=cookies(kept)) as page:
                kept.update({name: morsel.value for name, morsel in page.cookies.items()})
                fields["csrf"] = csrf_of(await page.text())
            async with browser.post(path, data=fields, headers=cookies(kept), allow_redirects=False) as answer:
                kept.update({name: morsel.value for name, morsel in answer.cookies.items()})
                return answer.status

        assert await post("/desk/login", "/desk/login", login="rosa", password="a long password", next="") == 303
        for number in numbers:
            ticket = f"/desk/tickets/{number}"
            assert await post(f"{ticket}/move", ticket, version="1", to="resolved", text="") == 303


def cookies(kept: dict[str, str]) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in kept.items())}


async def _fourth(city: City, channel: str, address: str) -> None:
    """Until a citizen has been sent a fourth message: welcome, summary, receipt, news."""
    if channel == "telegram":
        await city.telegram.wait_sent_to(int(address), 4)
    else:
        await city.twilio.wait_sent_to(address, 4)


async def test_the_same_pothole_in_four_languages_on_three_channels_gives_twelve_tickets_and_everyone_is_told(
    city: City,
) -> None:
    heard: dict[tuple[str, str], Callable[[], list[str]]] = {}
    jobs: dict[tuple[str, str], Awaitable[Callable[[], list[str]]]] = {}
    for n, case in enumerate(CASES):
        jobs["telegram", f"{900 + n}"] = report_on_telegram(city, case, 900 + n)
        jobs["sms", f"+1555010{n}"] = report_by_twilio(city, case, f"+1555010{n}", "sms")
        jobs["whatsapp", f"+1555020{n}"] = report_by_twilio(city, case, f"+1555020{n}", "whatsapp")
    for who, texts in zip(jobs, await asyncio.gather(*jobs.values()), strict=True):
        heard[who] = texts
    numbers = set()
    for position, (channel, address) in enumerate(jobs):
        case = CASES[position // 3]
        (ticket,) = await tickets_of(city, channel, address)
        numbers.add(ticket.number)
        assert (ticket.service, ticket.language, ticket.channel) == ("pothole", case.language, channel), case.says
        assert (ticket.place.words, ticket.place.street) == (case.place, case.street)
        _, summary, receipt = heard[channel, address]()
        written = gsm_safe if channel == "sms" else str  # what GSM lacks is written without its accent
        assert summary.startswith(written(f"{case.summary} {case.place}")), summary
        assert receipt.startswith(written(case.receipt)), receipt
        assert ticket.number in receipt
    assert len(numbers) == 12
    await resolve_at_the_desk(city, numbers)
    for position, who in enumerate(jobs):
        await _fourth(city, *who)
        written = gsm_safe if who[0] == "sms" else str
        assert heard[who]()[-1].startswith(written(CASES[position // 3].fixed))


async def test_a_receipt_of_twilio_moves_the_delivery_of_the_notice(city: City) -> None:
    await report_by_twilio(city, CASES[0], "+15550300", "sms")
    (ticket,) = await tickets_of(city, "sms", "+15550300")
    await city.vecino.desk.move(number=ticket.number, to=Status.RESOLVED, version=1, login="rosa", note="")
    *_, notice = await city.twilio.wait_sent_to("+15550300", 4)
    for status in ("delivered", "sent", "queued"):
        assert await city.twilio.report(notice, status) == 200
    async with city.vecino.store.view() as view:
        deliveries = [sent.delivery for sent in await view.outbox.of_ticket(ticket.number) if sent.version == 2]
    assert deliveries == ["delivered"]


async def test_a_forged_message_leaves_no_row(city: City) -> None:
    fields = city.twilio.message("+15550400", "hay un bache")
    assert await city.twilio.post("/channels/sms", fields, signature="forged") == 403
    async with city.vecino.store.view() as view:
        assert await view.citizens.find(Contact(channel="sms", address="+15550400")) is None


async def test_no_word_and_no_number_of_a_citizen_is_written_by_the_bot(
    city: City, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    await report_by_twilio(city, CASES[0], "+15550987", "sms")
    out, err = capfd.readouterr()
    everything = out + err + caplog.text
    assert not re.search(r"5550987|bache|Bol[ií]var", everything)
