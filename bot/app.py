"""The wiring: the only file that knows every part."""

import asyncio
import secrets
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from random import SystemRandom
from typing import Final

import structlog
from aiohttp import web as http
from argon2 import PasswordHasher

import channels
from bot.clock import SystemClock
from bot.config import Config
from bot.delivery import AWAIT_RECEIPT, DeliveryWorker
from bot.demo import load_demo
from bot.i18n import Words
from bot.inbox import InboxWorker
from bot.keys import demo_key
from bot.loop import POLL, Workplace
from bot.notices import Desk
from bot.photos import PhotoWorker
from bot.polling import poll_for_ever
from bot.ports import Clerk, Clock, Parser, StoreUnavailable, Taken
from bot.reception import Reception
from bot.registering import register, register_at_last
from channels import Channel, Polls, Registers
from channels.simulator import Simulator, Style
from nlu.places import Gazetteer
from store.database import Database
from store.files import Files
from store.migrate import migrate
from store.seal import Seal
from store.spool import Spool
from tickets.city import City
from web.app import build as build_web
from web.ports import Web

STYLES: Final[tuple[Style, ...]] = ("telegram", "sms", "whatsapp")
DEMO_LOGIN = "demo"
QUIET_LOOKS = 3
SPOOL_LOOK = 2.0  # seconds between looks into the spool
log = structlog.get_logger()


@dataclass(slots=True, kw_only=True)
class Vecino:
    """All parts of one process, wired. `start` begins the work, `stop` ends it without losing any."""

    config: Config
    store: Database
    clock: Clock
    owner: str
    channels: Mapping[str, Channel]
    reception: Reception
    desk: Desk
    inbox: InboxWorker
    delivery: DeliveryWorker
    photos: PhotoWorker
    web: http.Application
    demo_token: str | None = field(repr=False)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def start(self) -> None:
        """Free what a former self held, then work: inbox, outbox, photos, spool, polling."""
        loops = (self.inbox.loop, self.delivery.loop, self.photos.loop)
        await self._release()
        self._tasks = [asyncio.create_task(loop.run()) for loop in loops]
        self._tasks.append(asyncio.create_task(self._watch_spool()))
        for channel in self.channels.values():
            if self.config.settings.public_url and isinstance(channel, Registers):
                await self._register(channel)
            elif isinstance(channel, Polls):
                self._tasks.append(asyncio.create_task(poll_for_ever(channel, self.store, self.reception)))

    async def stop(self) -> None:
        """Finish what is in hand, then close."""
        loops = (self.inbox.loop, self.delivery.loop, self.photos.loop)
        for loop in loops:
            loop.stop()
        working, watching = self._tasks[: len(loops)], self._tasks[len(loops) :]
        for task in watching:
            task.cancel()
        await asyncio.gather(*working, *watching, return_exceptions=True)
        for channel in self.channels.values():
            await channel.close()
        await self.store.close()

    async def settled(self) -> None:
        """Wait until two looks in a row found nothing to do."""
        quiet = 0
        while quiet < QUIET_LOOKS:
            await asyncio.sleep(POLL)
            quiet = quiet + 1 if self.inbox.loop.quiet and self.delivery.loop.quiet else 0

    async def _register(self, channel: Channel) -> None:
        url = f"{self.config.settings.public_url}/channels/{channel.name}"
        if not await register(channel, url):
            self._tasks.append(asyncio.create_task(register_at_last(channel, url)))

    async def _release(self) -> None:
        """What this process held before it was killed need not wait for the end of its lease."""
        receipts_by = self.clock.now() + timedelta(seconds=AWAIT_RECEIPT)
        unsure = {channel.name: receipts_by for channel in self.channels.values() if channel.traits.callbacks}
        with suppress(StoreUnavailable):
            async with self.store.work() as work:
                await work.inbox.release(self.owner)
                await work.outbox.release(self.owner, unsure)
                await work.commit()

    async def _watch_spool(self) -> None:
        while True:
            await asyncio.sleep(SPOOL_LOOK)
            try:
                await self.reception.drain()
            except StoreUnavailable:
                pass  # what is spooled waits
            except Exception as error:  # noqa: BLE001 - this look fails, the next one may not
                log.error("spool_not_drained", error=type(error).__name__)


async def build(
    config: Config, parser: Parser, *, clock: Clock | None = None, extra: Mapping[str, Channel] | None = None,
    durable: bool = True,
) -> Vecino:  # fmt: skip
    """Wire everything for this city; migrates the database first. `extra` channels join those of config.yml;
    `durable=False` (no fsync) is for tests.
    Raises WeakSecret, ForeignKey, BadUrl, BadOption or StoreUnavailable."""
    settings, city, clock = config.settings, config.city, clock or SystemClock()
    store, seal = await open_store(config, clock, durable=durable)
    words, files = Words(city), Files(settings.var / "files", seal)
    places, random = Gazetteer(city.areas, city.streets, city.landmarks), SystemRandom()
    real = {c.name: channels.load(c.name).open(c.options, c.secrets, settings.public_url) for c in settings.channels}
    phones: dict[str, Simulator] = {s: Simulator(s, clock.now) for s in STYLES} if settings.demo else {}
    every: dict[str, Channel] = {**real, **{phone.name: phone for phone in phones.values()}, **(extra or {})}
    desk = Desk(store, words, clock, {name: channel.traits.text_limit for name, channel in every.items()})
    reception = Reception(store, Spool(settings.var / "spool", seal), clock, every)
    demo_token = secrets.token_urlsafe(24) if settings.demo else None
    if settings.demo:
        await _prepare_demo(store, city, places, clock)
    at = Workplace(store=store, clock=clock, random=random, owner=_owner(config), wake=store.bell)
    web = Web(
        city=city, store=store, clock=clock, channels=real, accept=reception.accept, receipts=reception.receipts,
        move=desk.move, note=desk.note, files=files, translation=words.translation, simulators=phones,
        ready=partial(_ready, store), public_url=settings.public_url, demo_token=demo_token, demo_login=DEMO_LOGIN,
    )  # fmt: skip
    return Vecino(
        config=config, store=store, clock=clock, channels=every, reception=reception, desk=desk, owner=at.owner,
        inbox=InboxWorker(at, parser=parser, city=city, places=places, render=words),
        delivery=DeliveryWorker(at, channels=every),
        photos=PhotoWorker(at, channels=every, files=files),
        web=build_web(web), demo_token=demo_token,
    )  # fmt: skip


async def open_store(config: Config, clock: Clock, *, durable: bool = True) -> tuple[Database, Seal]:
    """The database, brought to this version, and the seal it was written with; to be closed by the caller.
    Raises WeakSecret, ForeignKey, BadUrl or StoreUnavailable."""
    settings = config.settings
    seal = Seal(settings.secret_keys or demo_key(settings.var))
    await migrate(settings.database_url)
    store = await Database.open(settings.database_url, seal, clock=clock, durable=durable)
    try:
        await store.check_keys()
    except BaseException:
        await store.close()
        raise
    return store, seal


def _owner(config: Config) -> str:
    """The name under which this process holds rows: the same after a restart, so that it frees what it held."""
    if config.settings.database_url.startswith("sqlite"):
        return "the one process"
    return f"{socket.gethostname()}:{config.settings.port}"


async def _prepare_demo(store: Database, city: City, places: Gazetteer, clock: Clock) -> None:
    """The demo's clerk, who can only enter by the one-time link, and some reports to look at."""
    hashed = await asyncio.to_thread(PasswordHasher().hash, secrets.token_urlsafe(32))
    with suppress(Taken):
        async with store.work() as work:
            await work.clerks.add(Clerk(login=DEMO_LOGIN, name="Demo", language=city.languages[0], password=hashed))
            await work.commit()
    await load_demo(store, city, places, clock.now())


async def _ready(store: Database) -> Mapping[str, bool]:
    try:
        async with store.view() as view:
            await view.tickets.count_by_status()
    except StoreUnavailable:
        return {"database": False}
    return {"database": True}
