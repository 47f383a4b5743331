"""A whole Vecino in one process for tests: real store, real workers, simulated phones, a clock that stands still."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from bot.config import load
from bot.delivery.fallback import FallbackWorker
from bot.delivery.window import Window
from bot.delivery.worker import DeliveryWorker
from bot.i18n import Words
from bot.inbox.burst import NO_WAIT, Wait
from bot.inbox.pace import USUAL, Limits
from bot.inbox.photos import PhotoWorker
from bot.inbox.reception import Reception
from bot.inbox.worker import InboxWorker
from bot.loop import Workplace
from bot.notices import Desk
from bot.ports import Parser, Places
from channels.message import Contact
from channels.simulator import Simulator, Style
from nlu.parse import Entity, Guess, Parse
from store.database import Database
from store.files import Files
from store.migrate import migrate
from store.seal import Seal
from store.spool import Spool
from tickets.model import Place, Point, Ticket

CITY = load(Path(__file__).parents[1] / "config.yml", {}).city
STYLES: tuple[Style, ...] = ("telegram", "sms", "whatsapp")
START = datetime(2026, 11, 23, 15, tzinfo=UTC)  # a Monday, 11 in the morning in Puerto Vecino
SECRET = "a-secret-for-tests-only-long-enough-to-be-one"


@dataclass(slots=True)
class Clock:
    """Stands still until told."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def forward(self, **spans: float) -> None:
        self.at += timedelta(**spans)


def parse(intent: str | None, text: str = "", *, location: str = "", language: str | None = None, **more: Any) -> Parse:
    """What a model might answer; `location` is where in `text` the place stands, `ranking` the likeliest intents."""
    start = text.find(location) if location else 0
    entities = (Entity(name="location", value=location, start=start, end=start + len(location)),) if location else ()
    return Parse(
        intent=intent, confidence=0.9, ranking=more.get("ranking", ()), entities=entities,
        language=Guess(name=language, confidence=0.95) if language else None,
    )  # fmt: skip


@dataclass(slots=True)
class ScriptedParser:
    """Knows some sentences; everything else it does not understand. `trouble` is raised instead, when set."""

    known: dict[str, Parse] = field(default_factory=dict)
    trouble: Exception | None = None
    asked: list[str] = field(default_factory=list)

    async def parse(self, text: str) -> Parse:
        self.asked.append(text)
        if self.trouble:
            raise self.trouble
        return self.known.get(text, parse(None))


class OneStreet:
    """A gazetteer that keeps words as they are and puts every pin on one street."""

    def resolve(self, words: str) -> Place:
        return Place(words=words)

    def locate(self, point: Point, words: str = "") -> Place:
        return Place(words=words, point=point, street="Avenida Bolívar", area="centro")


@dataclass(slots=True)
class Town:
    """The city at work. `says` sends a message from a phone, lets everything run, and gives what the phone then shows."""

    store: Database
    clock: Clock
    inbox: InboxWorker
    delivery: DeliveryWorker
    photos: PhotoWorker
    fallback: FallbackWorker
    desk: Desk
    reception: Reception
    spool: Spool
    files: Files
    phones: dict[str, Simulator]

    async def says(
        self, text: str = "", *, style: Style = "telegram", phone: str = "p1", settle: bool = True, **more: Any
    ) -> list[str]:
        """The replies' texts, choices behind them as `[Sí] [No]` where the phone shows buttons."""
        simulator = self.phones[f"simulated_{style}"]
        seen = len(simulator.screen(phone)) + 1
        self.clock.forward(milliseconds=1)  # nobody writes twice at the same instant: "newest first" tells them apart
        await self.reception.accept([simulator.say(phone, text, **more)])
        if settle:
            await self.settle()
        return self.screen(style, phone)[seen:]

    async def presses(self, label: str, *, style: Style = "telegram", phone: str = "p1", **more: Any) -> list[str]:
        """Press the newest button of this label."""
        bubbles = self.phones[f"simulated_{style}"].screen(phone)
        choices = [choice for bubble in reversed(bubbles) for choice in bubble.choices if choice.label == label]
        return await self.says(label, style=style, phone=phone, choice=choices[0].id, **more)

    def screen(self, style: Style = "telegram", phone: str = "p1") -> list[str]:
        bubbles = self.phones[f"simulated_{style}"].screen(phone)
        return [bubble.text + "".join(f" [{choice.label}]" for choice in bubble.choices) for bubble in bubbles]

    async def settle(self) -> None:
        """Run all workers until nothing is due."""
        loops = (self.fallback.loop, self.inbox.loop, self.delivery.loop, self.photos.loop)
        while sum([await loop.step() for loop in loops]):
            pass

    async def tickets(self, *, style: Style = "telegram", phone: str = "p1") -> list[Ticket]:
        """This phone's tickets, newest first."""
        async with self.store.view() as view:
            citizen = await view.citizens.find(Contact(channel=f"simulated_{style}", address=phone))
            return list(await view.tickets.of_reporter(citizen.id, 100)) if citizen else []


PIN = Point(latitude=14.6, longitude=-66.5)  # on Avenida Bolívar, in the Centro


@asynccontextmanager
async def town(
    folder: Path,
    parser: Parser,
    *,
    places: Places | None = None,
    database_url: str = "",
    seed: int = 1,
    wait: Wait = NO_WAIT,
    limits: Limits = USUAL,
    public_url: str = "",
) -> AsyncIterator[Town]:
    """A town on a fresh SQLite database, or on a migrated one by its URL."""
    url = database_url or f"sqlite:///{folder / 'town.db'}"
    if not database_url:
        await migrate(url)
    clock, seal, words = Clock(), Seal(SECRET), Words(CITY)
    store = await Database.open(url, seal, clock=clock, durable=False)
    phones = {f"simulated_{style}": Simulator(style, clock.now) for style in STYLES}
    spool, files = Spool(folder / "spool", seal), Files(folder / "files", seal)
    at = Workplace(store=store, clock=clock, random=Random(seed), owner="test", wake=store.bell)
    inbox = InboxWorker(
        at, parser=parser, city=CITY, places=places or OneStreet(), render=words, wait=wait, limits=limits,
        timer=lambda: clock.at.timestamp(), public_url=public_url, keyed=seal.keyed,
    )  # fmt: skip
    window = Window(store=store, clock=clock, channels=phones, render=words, languages=CITY.languages)
    delivery = DeliveryWorker(at, channels=phones, window=window)
    photos, fallback = PhotoWorker(at, channels=phones, files=files), FallbackWorker(at, channels=phones)
    yield Town(
        store=store, clock=clock, inbox=inbox, delivery=delivery, photos=photos, fallback=fallback, desk=Desk(store, words, clock, CITY),
        reception=Reception(store, spool, clock), spool=spool, files=files, phones=phones,
    )  # fmt: skip
    await store.close()
