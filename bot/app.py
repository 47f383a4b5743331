"""The wiring: the only file that knows every part."""

import secrets
from collections.abc import Mapping
from functools import partial
from ipaddress import ip_network
from random import Random, SystemRandom
from typing import Final

from bot.attending import Attending
from bot.clock import SystemClock
from bot.config import Config, Settings
from bot.delivery.fallback import FallbackWorker
from bot.delivery.limits import limit
from bot.delivery.postscript import Postscript
from bot.delivery.window import Window
from bot.delivery.worker import DeliveryWorker
from bot.desk.acts import acts_on
from bot.desk.bulk import bulk_of
from bot.digesting.child import printed
from bot.digesting.sending import Digesting
from bot.hooks.acts import Hooking
from bot.hooks.sending import Sender
from bot.hooks.target import allowed_by
from bot.hooks.worker import HookWorker
from bot.i18n import Words
from bot.inbox.hearing import Hearing
from bot.inbox.photos import PhotoWorker
from bot.inbox.reception import Reception
from bot.inbox.worker import InboxWorker
from bot.inforce import InForce
from bot.jobs import purging, schedule, steady, talking, unlearning
from bot.learning import Correcting
from bot.loop import Workplace
from bot.metrics import Counters
from bot.notices import Desk
from bot.oidc.service import Elsewhere
from bot.opendata.child import Errand, exported
from bot.opendata.daily import Daily
from bot.opendata.notes import notes
from bot.opening import DEMO_LOGIN, opened, prepare, sealing
from bot.ports import Clock, Parser, Places, StoreUnavailable
from bot.retaining import every_night
from bot.roles.keys import demo_key
from bot.roles.nightly import chores
from bot.roles.process import Role, Vecino
from bot.roles.scrape import Scrape
from bot.roles.watching import Watching
from bot.schedule import Chore, Job
from channels import Channel
from channels.simulator import Simulator, Style
from nlu.nominatim import Backed, Lookahead, Nominatim, box_of
from nlu.places import Gazetteer
from nlu.transcriber import Transcriber
from store.database import Database
from store.erasures import NAME, Erasures
from store.files import Files
from store.spool import ReceiptSpool, Spool
from tickets.city import Cities
from web.app import build as build_web
from web.hooks.telling import Telling as TellingOthers
from web.ports import Web

STYLES: Final[tuple[Style, ...]] = ("telegram", "sms", "whatsapp")
ALONE = "the one process"


async def build(
    config: Config, parser: Parser, *, clock: Clock | None = None, extra: Mapping[str, Channel] | None = None,
    role: Role = Role.ALL, owner: str = ALONE, durable: bool = True, random: Random | None = None,
) -> Vecino:  # fmt: skip
    """Wire everything for this city; the database is asked nothing before `Vecino.start`. `extra` channels join those
    of config.yml; `owner` is the name under which this process holds rows, no other's and the same after a restart, so
    that it frees what it held; `durable=False` (no fsync) is for tests, `random` for what is to come out the same.
    Raises WeakSecret, BadUrl, BadOption, and StoreUnavailable where SQLite's folder cannot be written."""
    settings, clock = config.settings, clock or SystemClock()
    base, city = config.city, InForce(config.city)
    seal = sealing(settings)
    erasures = Erasures(settings.var / "files" / NAME)
    store = await Database.open(
        settings.database_url, seal, clock=clock, durable=durable, checked=False, erasures=erasures
    )
    words, files = Words(city), Files(settings.var / "files", seal)
    gazetteer, random = Gazetteer(base.areas, base.streets, base.landmarks), random or SystemRandom()
    parser, places = _with_nominatim(config, parser, gazetteer)
    real = opened(settings)
    limits = {c.name: limit(c.name, c.options) for c in settings.channels}
    phones: dict[str, Simulator] = {s: Simulator(s, clock.now) for s in STYLES} if settings.demo else {}
    every: dict[str, Channel] = {**real, **{phone.name: phone for phone in phones.values()}, **(extra or {})}
    desk = Desk(
        store,
        words,
        clock,
        city,
        {name: channel.traits.text_limit for name, channel in every.items()},
        settings.public_url or (f"http://{settings.host}:{settings.port}" if settings.demo else ""),
    )
    window = Window(store=store, clock=clock, channels=every, render=words, languages=base.languages)
    told = ReceiptSpool(settings.var / "receipts", seal)
    counters = Counters()
    watching = Watching(counters)
    reception = Reception(store, Spool(settings.var / "spool", seal), clock, every, told, counters)
    demo_token = secrets.token_urlsafe(24) if settings.demo else None
    at = Workplace(store=store, clock=clock, random=random, owner=owner, wake=store.bell)
    acts = acts_on(store, words, clock, city, gazetteer, every, random, settings.public_url)
    correct = Correcting(store, city, clock)
    hooking, hooked = _hooks(at, city, words, settings.public_url, counters)
    bulk = bulk_of(store, clock, city, words, desk, acts.direct, correct, every)
    web = Web(
        force=city, store=store, clock=clock, channels=real, accept=reception.accept, receipts=reception.receipts,
        move=desk.move, note=desk.note, change_service=correct, bulk=bulk,
        files=files, translation=words.translation, simulators=phones,
        attend=Attending(store, words, clock, city, every),
        acts=acts, hooks=hooking, render=words,
        ready=partial(_ready, store, reception, watching), public_url=settings.public_url,
        proxies=tuple(map(ip_network, settings.proxies)),
        demo_token=demo_token, demo_login=DEMO_LOGIN, admission=settings.admission, news=store.bell,
        tiles=settings.tiles, invite=settings.invite, data=settings.var / "data",
        elsewhere=_elsewhere(settings, clock), counters=counters,
    )  # fmt: skip
    workers = (
        InboxWorker(
            at,
            parser=parser,
            city=city,
            places=places,
            render=words,
            wait=settings.wait,
            limits=settings.guard,
            counters=counters,
            public_url=settings.public_url,
            hearing=_hearing(settings, every),
            held=city.held,
            keyed=seal.keyed,
        ),
        DeliveryWorker(
            at,
            channels=every,
            limits=limits,
            too_old=settings.too_old,
            counters=counters,
            window=window,
            files=files,
            mail=Postscript(store=store, clock=clock, render=words, city=city, public_url=settings.public_url),
        ),
        PhotoWorker(at, channels=every, files=files),
        FallbackWorker(at, channels=every),
        hooked,
    )
    jobs: list[Job | Chore] = [
        *(steady(job, city) for job in talking(city, words, settings.public_url)),
        *chores(config, counters),
        *(Job(name=one.name, due=one.due, step=one.step) for one in every_night(settings.retention, base.timezone)),
        purging(settings.var / "spool", seal, erasures),
        *unlearning(settings, store),
    ]
    return Vecino(
        config=config, role=role, store=store, clock=clock, channels=every, reception=reception, desk=desk,
        owner=owner, loops=[worker.loop for worker in workers],
        schedule=schedule(store, clock, files, jobs, settings.admission.audit),
        web=build_web(web), demo_token=demo_token,
        prepare=partial(prepare, config, city, store, real.values(), gazetteer, clock), watching=watching,
        scrape=Scrape(
            counters=counters, store=store, clock=clock, reception=reception, watching=watching,
            copies=settings.backup.folder,
        ),
        digesting=_digesting(config, city, at, counters), bulk=bulk.working,
        open_data=_open_data(config, city, at, words, counters),
        refresh=partial(city.refresh, store),
    )  # fmt: skip


def _hooks(
    at: Workplace, city: Cities, words: Words, public_url: str, counters: Counters
) -> tuple[Hooking, HookWorker]:  # fmt: skip
    """What is done with subscribers at the desk, and who tells them."""
    send = Sender(lambda: allowed_by(city.now.openness.allow))
    tell = TellingOthers(render=words, translation=words.translation, public_url=public_url)
    source = f"{public_url}/open311/v2"
    hooking = Hooking(store=at.store, clock=at.clock, send=send, source=source)
    return hooking, HookWorker(at, city=city, send=send, tell=tell, source=source, counters=counters)


def _elsewhere(settings: Settings, clock: Clock) -> Elsewhere | None:
    """The city's own log-in service. Its libraries are loaded where there is one."""
    if settings.admission.elsewhere is None:
        return None
    from bot.oidc.provider import Provider

    return Provider(settings.admission.elsewhere, clock.now)


def _digesting(config: Config, city: Cities, at: Workplace, counters: Counters) -> Digesting | None:
    """Who sends the digest, where somebody wants it."""
    settings = config.settings
    if not settings.digest.subscribers:
        return None
    keys = settings.secret_keys or demo_key(settings.var)
    return Digesting(
        store=at.store, clock=at.clock, owner=at.owner, city=city, sending=settings.digest,
        public_url=settings.public_url, url=settings.database_url, secret_keys=keys, var=settings.var,
        print=printed, counters=counters,
    )  # fmt: skip


def _open_data(config: Config, city: Cities, at: Workplace, words: Words, counters: Counters) -> Daily | None:
    """Who writes the open data each day, where the city wants it."""
    settings = config.settings
    if settings.export_hour is None:
        return None
    keys = settings.secret_keys or demo_key(settings.var)
    errand = Errand(
        url=settings.database_url, secret_keys=keys, city=config.city, root=settings.var / "data", notes={},
        public_url=settings.public_url,
    )  # fmt: skip
    return Daily(
        store=at.store, clock=at.clock, city=city, errand=errand, hour=settings.export_hour, send=exported,
        notes=lambda language: notes(words.translation(language)), counters=counters,
    )  # fmt: skip


def _hearing(settings: Settings, every: Mapping[str, Channel]) -> Hearing | None:
    """Who puts words to voice notes, where the city has a speech server."""
    at = settings.transcriber
    return Hearing(Transcriber(at.url, at.token, at.model), every) if at else None


def _with_nominatim(config: Config, parser: Parser, gazetteer: Gazetteer) -> tuple[Parser, Places]:
    """The parser and the places, backed by the city's Nominatim where it has one."""
    url, box = config.settings.nominatim_url, box_of(config.city)
    if not url or box is None:
        return parser, gazetteer
    nominatim = Nominatim(url, box)
    return Lookahead(parser, gazetteer, nominatim), Backed(gazetteer, nominatim)


async def _ready(store: Database, reception: Reception, watching: Watching) -> Mapping[str, bool]:
    """The database, and what of this process has ever failed: its work, or emptying the spool. Files set apart wait for
    a person and make nobody unready."""
    health = {"spool": reception.well, **watching.health()}
    try:
        async with store.view() as view:
            await view.tickets.get("")  # any question will do, if it is a short one
    except StoreUnavailable:
        return {"database": False, **health}
    return {"database": True, **health}
