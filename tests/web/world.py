"""The web on a loopback port with a real SQLite store; around it small fakes that keep what they were given."""

import asyncio
import gettext
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from random import Random
from types import TracebackType
from typing import cast

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient
from aiohttp.web import Application
from argon2 import PasswordHasher

from bot.attending import Attending
from bot.desk.acts import acts_on
from bot.desk.bulk import bulk_of
from bot.hooks.acts import Hooking
from bot.hooks.sending import Sender
from bot.hooks.target import allowed_by
from bot.inforce import InForce
from bot.learning import Correcting
from bot.notices import Desk
from bot.oidc.service import Elsewhere
from bot.ports import Clerk, Render, StoreUnavailable, UnitOfWork
from bot.ports.figures import Statistics
from bot.settings.desk import Admission
from channels import Channel, Forged, Malformed, Traits
from channels.message import Contact, Delivery, Inbound, Outbound, Receipt, Webhook
from channels.simulator import Simulator
from handlers.say import Reply, Value
from nlu.places import Gazetteer
from store.database import Database
from store.files import Files
from store.migrate import migrate
from store.seal import Seal
from tests.samples import TICKET
from tests.web.door import Door
from tickets.calendar import Calendar, Target, Unit
from tickets.city import Area, Ask, City, Department, Landmark, Lines, Office, Service, Street
from tickets.model import CITIZEN, Point, Ticket
from tickets.rights import Role
from tickets.staff import DESK, Level, Side
from tickets.workflow import filed
from web.app import build
from web.ports import Web

PASSWORD = "correct horse"
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
SECRET = "a-secret-for-tests-that-is-long-enough"
LANGUAGES = ("es", "pt", "en", "fr")
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
LOOPBACK = ("127.0.0.0/8",)  # that webhooks may reach


def named(name: str) -> dict[str, str]:
    return dict.fromkeys(LANGUAGES, name)


CITY = City(
    name="Puerto Vecino",
    timezone="America/Puerto_Rico",
    languages=LANGUAGES,
    locales={"es": "es_MX", "pt": "pt_BR", "en": "en_US", "fr": "fr_FR"},
    prefixes={"+34": "es"},
    lines=Lines(emergency="112"),
    privacy_url="https://puerto-vecino.example/p",
    office=Office(phone="555 0100", hours=named("8-17")),
    calendar=Calendar(timezone="America/Puerto_Rico", opening={0: ((time(8), time(17)),)}),
    departments=(Department(code="roads", names=named("Roads")),),
    services=tuple(
        Service(
            code=code, names=named(name), department="roads", target=Target(amount=5, unit=Unit.DAYS), asks=(Ask.PLACE,)
        )
        for code, name in (("pothole", "Pothole"), ("lighting", "Street light"))
    ),
    areas=(
        Area(code="centro", name="Centro", ring=((-66.51, 14.59), (-66.49, 14.59), (-66.49, 14.61), (-66.51, 14.59))),
    ),
    streets=(Street(name="Avenida Bolívar", also=(), line=((-66.506, 14.6), (-66.494, 14.6))),),
    landmarks=(Landmark(name="Mercado", also=(), point=Point(latitude=14.599, longitude=-66.498)),),
    escalation=(
        Level(side=Side.BEFORE, span=Target(amount=9, unit=Unit.HOURS), to=(DESK,)),
        Level(side=Side.AFTER, span=Target(amount=1, unit=Unit.DAYS), to=("head", DESK), services=("pothole",)),
        Level(side=Side.AFTER, span=Target(amount=3, unit=Unit.DAYS), to=("head",)),
    ),
)


@dataclass
class Clock:
    """Time stands still until a test moves it."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def pass_by(self, **much: float) -> None:
        self.at += timedelta(**much)


class Plain:
    """Says the name of a text and its values."""

    def __call__(self, reply: Reply, language: str, *, brief: bool = False) -> str:
        return f"{reply.say} in {language}: {', '.join(str(value) for value in reply.values.values())}"

    def labels(self, reply: Reply, language: str, *, brief: bool = False) -> list[str]:
        return [option.id for option in reply.options]

    def value(self, value: Value, language: str) -> str:
        return str(value)


class Secretive:
    """A channel whose webhooks carry the right `X-Secret`, or are forged; the body says what is in them."""

    def __init__(self, name: str, *, callbacks: bool = False) -> None:
        self.name, self.traits = name, Traits(buttons=0, text_limit=1600, callbacks=callbacks)
        self.heard: list[Webhook] = []

    def read(self, webhook: Webhook) -> Sequence[Inbound | Receipt]:
        if webhook.headers.get("x-secret") != "right":
            raise Forged
        self.heard.append(webhook)
        match webhook.body:
            case b"broken":
                raise Malformed
            case b"bug":
                raise RuntimeError("+15550123 wrote something private")
            case b"receipt":
                return [Receipt(key="k", external_id="e", delivery=Delivery.DELIVERED)]
            case b"":
                return []
        sender = Contact(channel=self.name, address="1")
        return [Inbound(sender=sender, external_id="1", received_at=webhook.now, text=webhook.body.decode())]

    async def send(self, outbound: Outbound) -> str:
        return outbound.key

    async def close(self) -> None:
        """Nothing is open."""


class Counting:
    """A view of the store in which somebody else counts."""

    def __init__(self, view: UnitOfWork, statistics: Statistics) -> None:
        self._view, self.statistics = view, statistics

    def __getattr__(self, name: str) -> object:
        return getattr(self._view, name)

    async def __aenter__(self) -> "Counting":
        await self._view.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._view.__aexit__(kind, error, trace)


class Cuttable:
    """The store, until it is `gone`. Figures come from `statistics` where a test gives one."""

    def __init__(self, database: Database) -> None:
        self._database, self.gone = database, False
        self.statistics: Statistics | None = None

    def work(self) -> UnitOfWork:
        return self._reached().work()

    def view(self) -> UnitOfWork:
        view = self._reached().view()
        return cast(UnitOfWork, Counting(view, self.statistics)) if self.statistics else view

    async def close(self) -> None:
        await self._database.close()

    def _reached(self) -> Database:
        if self.gone:
            raise StoreUnavailable
        return self._database


@dataclass
class World:
    """What a test looks at. `full` makes `accept` refuse, as when neither store nor spool can keep a message."""

    clock: Clock
    store: Cuttable
    files: Files
    client: TestClient
    app: Application
    accepted: list[Inbound] = field(default_factory=list)
    arrived: asyncio.Queue[Inbound] = field(default_factory=asyncio.Queue)
    receipts: list[tuple[str, Receipt]] = field(default_factory=list)
    simulators: Mapping[str, Simulator] = field(default_factory=dict)
    channels: Mapping[str, Channel] = field(default_factory=dict)
    full: bool = False
    parts: dict[str, bool] = field(default_factory=lambda: {"database": True, "nlu": True})

    async def accept(self, arrivals: Sequence[Inbound]) -> None:
        if self.full:
            raise StoreUnavailable
        self.accepted += arrivals
        for arrival in arrivals:
            self.arrived.put_nowait(arrival)

    async def receive(self, channel: str, receipts: Sequence[Receipt]) -> None:
        self.receipts += [(channel, receipt) for receipt in receipts]

    async def ready(self) -> Mapping[str, bool]:
        return self.parts

    async def file(self, ticket: Ticket = TICKET) -> Ticket:
        """A ticket in the store, with its reporter."""
        arrival = Inbound(sender=Contact(channel="telegram", address="77"), external_id=ticket.number, received_at=NOW)
        async with self.store.work() as work:
            await work.inbox.accept([arrival])
            await work.tickets.file(ticket, filed(ticket, actor=CITIZEN))
            await work.commit()
        return ticket

    async def log_in(
        self, login: str = "ana", password: str = PASSWORD, way: str = "", headers: Mapping[str, str] | None = None
    ) -> ClientResponse:
        page = await (await self.client.get("/desk/login")).text()
        fields = {"login": login, "password": password, "csrf": csrf_of(page), "next": way}
        return await self.client.post("/desk/login", data=fields, headers=headers, allow_redirects=False)

    async def page(self, path: str, status: int = 200) -> str:
        answer = await self.client.get(path)
        assert answer.status == status, await answer.text()
        return await answer.text()


async def begin(
    folder: Path, *, demo: bool = False, public_url: str = "", empty: Path | None = None, city: City = CITY,
    filled: str = "", render: Render | None = None, clock: Clock | None = None,
    elsewhere: Elsewhere | None = None, admission: Admission | None = None,
) -> World:  # fmt: skip
    """A world with one clerk, `ana`; with `demo`, also the clerk `demo`, a token `T`, and three phones. `empty` is a
    database to copy, which is quicker than making its tables; `filled` the URL of one that was sealed with SECRET."""
    url = filled or f"sqlite:///{folder / 'vecino.sqlite'}"
    seal, clock = Seal(SECRET), clock or Clock()
    if empty:
        shutil.copy(empty, folder / "vecino.sqlite")
    elif not filled:
        await migrate(url)
    database = await Database.open(url, seal, clock=clock, durable=False)
    store = Cuttable(database)
    world = World(clock, store, Files(folder / "files", seal), None, None)  # type: ignore[arg-type]
    world.channels = {
        "telegram": Secretive("telegram"),
        "sms": Secretive("sms", callbacks=True),
        "whatsapp": Secretive("whatsapp", callbacks=True),
    }
    if demo:
        world.simulators = {style: Simulator(style, clock.now) for style in ("telegram", "sms", "whatsapp")}
    async with store.work() as work:
        for login in ("ana", "demo")[: 1 + demo]:
            await work.clerks.add(Clerk(login=login, name=login.title(), language="en", password=HASH, role=Role.ADMIN))
        await work.commit()
    desk = Desk(store, Plain(), clock, city)
    channels = {**world.channels, "email": Secretive("email")}
    acts = acts_on(
        store,
        render or Plain(),
        clock,
        city,
        Gazetteer(city.areas, city.streets, city.landmarks),
        channels,
        Random(7),
        public_url,
    )
    correct = Correcting(store, city, clock)
    world.app = build(
        Web(
            force=InForce(city),
            store=store,
            clock=clock,
            channels=world.channels,
            accept=world.accept,
            receipts=world.receive,
            move=desk.move,
            note=desk.note,
            change_service=correct,
            acts=acts,
            bulk=bulk_of(store, clock, city, render or Plain(), desk, acts.direct, correct, channels),
            hooks=Hooking(store=store, clock=clock, send=Sender(partial(allowed_by, LOOPBACK)), source="/open311/v2"),
            render=Plain(),
            files=world.files,
            attend=Attending(store, Plain(), clock, city, world.channels),
            translation=lambda _: gettext.NullTranslations(),
            simulators=world.simulators,
            ready=world.ready,
            public_url=public_url,
            demo_token="T" * 43 if demo else None,
            elsewhere=elsewhere,
            admission=admission or Admission(),
            news=database.bell,
            data=folder / "data",
        )
    )
    world.client = TestClient(Door(world.app))
    await world.client.start_server()
    return world


def csrf_of(page: str) -> str:
    """The token in the forms of a page."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found, page
    return found[1]
