"""A city's database, channels and keys, opened as every command and every process opens them."""

import asyncio
import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress

from argon2 import PasswordHasher

import channels
from bot.config import Config, Settings
from bot.demo.neighbours import load_demo
from bot.inforce import InForce
from bot.ports import Clerk, Clock, Taken
from bot.roles import account
from bot.roles.keys import demo_key
from channels import Channel
from nlu.places import Gazetteer
from store.database import Database
from store.migrate import migrate
from store.restore import HalfRestored, unfinished
from store.seal import Seal
from tickets.city import City
from tickets.rights import Role as DeskRole

DEMO_LOGIN = "demo"


async def open_store(config: Config, clock: Clock, *, durable: bool = True) -> tuple[Database, Seal]:
    """The database, brought to this version, and the seal it was written with; to be closed by the caller.
    Raises WeakSecret, ForeignKey, BadUrl or StoreUnavailable."""
    url, seal = config.settings.database_url, sealing(config.settings)
    store = await Database.open(url, seal, clock=clock, durable=durable, checked=False)
    try:
        await _migrated(url, store)
    except BaseException:
        await store.close()
        raise
    return store, seal


def opened(settings: Settings) -> Mapping[str, Channel]:
    """The enabled channels; to be closed by the caller. Raises BadOption."""
    return {c.name: channels.load(c.name).open(c.options, c.secrets, settings.public_url) for c in settings.channels}


def sealing(settings: Settings) -> Seal:
    """Of the keys given, or the demo's own. Raises WeakSecret."""
    return Seal(settings.secret_keys or demo_key(settings.var))


async def _migrated(url: str, store: Database) -> None:
    """Brought to this version and let through; nothing was written with a foreign key."""
    await migrate(url)
    if await unfinished(url):
        raise HalfRestored(str(HalfRestored.__doc__))
    await store.check_keys()


async def prepare(
    config: Config, city: InForce, store: Database, real: Iterable[Channel], places: Gazetteer, clock: Clock
) -> None:  # fmt: skip
    """What must be true of the database before any work; may be done again. Raises ForeignKey, OtherBot or
    StoreUnavailable."""
    await _migrated(config.settings.database_url, store)
    await account.verify(store, real)
    await account.keep(store, real)
    await city.refresh(store)
    if config.settings.demo:
        await _prepare_demo(store, config.city, places, clock)


async def _prepare_demo(store: Database, city: City, places: Gazetteer, clock: Clock) -> None:
    """The demo's clerk, who can only enter by the one-time link, and some reports to look at."""
    hashed = await asyncio.to_thread(PasswordHasher().hash, secrets.token_urlsafe(32))
    with suppress(Taken):
        async with store.work() as work:
            await work.clerks.add(
                Clerk(
                    login=DEMO_LOGIN,
                    name="Demo",
                    language=city.languages[0],
                    password=hashed,
                    role=DeskRole.ADMIN,
                    contacts=True,
                    made_at=clock.now(),
                )
            )
            await work.commit()
    await load_demo(store, city, places, clock.now())
