"""`python -m bot restore`: a copy put back. Nothing is sent twice: what may have been said after the copy was made is
held, for a clerk to decide on; and who was erased meanwhile is erased again."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import rights
from bot.clock import SystemClock
from bot.commands.backup import Progress, source
from bot.commands.serving import Unfit
from bot.commands.terminal import show
from bot.config import Config
from bot.digesting.sending import pass_over
from bot.i18n import Words
from bot.inforce import InForce
from bot.jobs import steady, talking
from bot.opening import sealing
from bot.ports import Clock
from bot.schedule import Job
from channels.reason import Reason
from store import archive, restore
from store.archive import Archive
from store.backup import POOL, SAFE, back_up, copied
from store.database import Database
from store.erasure import ERASED
from store.erasures import NAME, Erasures
from store.possession import sole
from store.seal import Seal
from tickets.city import City

_HELD = (
    "{:,} messages waited to be sent when the copy was made, or would be sent now, and may have arrived since. They "
    "stand at /desk/undelivered, where clerks decide; `python -m bot restore --send-held` sends all of them"
)
_REINDEX = "start Vecino now; look at /desk/undelivered and at the list of messages set aside"


async def put_back(config: Config, file: Path, *, yes: bool, clock: Clock | None = None) -> None:
    """Replace the database by what is in this archive, and put its photos where they belong. Raises BadArchive, BadUrl,
    ForeignKey, InUse, NewerSchema, NoRoom, Occupied, StoreUnavailable or Unfit."""
    seal, url, now = sealing(config.settings), config.settings.database_url, (clock or SystemClock()).now()
    with archive.opened(file) as found, sole(url):
        restore.fits(found, seal)
        found.verify()
        await _save(config, now, yes=yes)
        made = restore.beside(url) if url.startswith("sqlite") else url
        await restore.load(made, found, now, Progress("restored"))
        manifest = found.manifest
        show(f"{manifest.rows:,} rows as of {manifest.at:%Y-%m-%d %H:%M} UTC, by Vecino {manifest.version}")
        _photos(config, found, file)
        await _settle(config, made, seal, found.manifest.at, clock or SystemClock())
        await restore.hold(made, now)
        held = await restore.held_now(made)
        await restore.finish(made)
        if made != url:
            restore.put_in_place(made, url)
    if held:
        show(_HELD.format(held))
    show(f"restored; {_REINDEX}")


async def send_held(config: Config, *, clock: Clock | None = None) -> None:
    """Queue what a restore holds. Raises BadUrl, ForeignKey, InUse or StoreUnavailable."""
    url, clock = config.settings.database_url, clock or SystemClock()
    with sole(url):
        store = await Database.open(url, sealing(config.settings), clock=clock, checked=False)
        try:
            await store.check_keys()
            sent = await _send(store, clock.now())
        finally:
            await store.close()
    show(f"{sent:,} messages are sent when Vecino runs, as long as they are not too old (`too_old` in config.yml)")


async def _send(store: Database, now: datetime) -> int:
    """Oldest first, so that each citizen gets them in their order."""
    sent = 0
    for failure in await _held(store):
        async with store.work() as work:
            sent += await work.undelivered.again(failure, now, unasked=True)
            await work.commit()
    return sent


async def _held(store: Database) -> list[int]:
    found, offset = list[int](), 0
    async with store.view() as view:
        while rows := (await view.undelivered.page(offset, 500)).rows:
            found += [one.id for one in rows if one.reason == Reason.RESTORED]
            offset += len(rows)
    return sorted(found)


async def _save(config: Config, now: datetime, *, yes: bool) -> None:
    """What would be lost is copied first; of a restore that was broken off, its first try did."""
    url = config.settings.database_url
    if await restore.unfinished(url):
        show("an earlier restore was broken off; it is done again")
        return
    if not await restore.occupied(url):
        return
    if not yes:
        raise restore.Occupied(str(restore.Occupied.__doc__))
    try:
        safe = await back_up(source(config), config.settings.backup.folder / SAFE, now, photos=False)
    except OSError as error:
        raise Unfit(f"What is there cannot be copied first ({error.strerror}); nothing was changed") from None
    show(f"what was there is in {safe.path}; its photos stay where they are")


def _photos(config: Config, found: Archive, file: Path) -> None:
    """Those that are not there; no photo is taken away."""
    try:
        missing = copied(file.parent / POOL, found.files(), config.settings.var / "files")
    except OSError as error:
        raise Unfit(f"The photos cannot be written ({error.strerror}); mend that and run it again") from None
    if missing:
        show(
            f"{len(missing):,} photos are neither here nor beside the archive, in {POOL}/: reports lose those pictures"
        )


async def _settle(config: Config, url: str, seal: Seal, since: datetime, clock: Clock) -> None:
    """Bring it to where the lost one may have been: nobody who was erased is in it, and what came due is done without
    a word to anybody (what it queues is held then)."""
    city = InForce(config.city)
    store = await Database.open(url, seal, clock=clock, checked=False)
    try:
        await store.check_keys()
        await city.refresh(store)
        erased = await _erase_again(config, url, seal, store, clock.now(), city.now)
        if erased:
            show(f"{erased:,} people had their data erased after the copy was made, or before: done again")
        for job in talking(city, Words(city), config.settings.public_url):
            await _through(store, steady(job, city), clock.now())
        zone = ZoneInfo(config.city.timezone)
        await pass_over(store, config.settings.digest, since, clock.now(), zone)
    finally:
        await store.close()


async def _erase_again(config: Config, url: str, seal: Seal, store: Database, now: datetime, city: City) -> int:
    done = 0
    for id_ in await restore.whom(url, seal, Erasures(config.settings.var / "files" / NAME).all()):
        async with store.work() as work:
            citizen = await work.citizens.get(id_)
            if citizen and citizen.contact.channel != ERASED:  # not done already, as the same number's other channel
                await rights.erase(work, citizen, city, now)
                await work.commit()
                done += 1
    return done


async def _through(store: Database, job: Job, now: datetime) -> None:
    """All parts of a job; an error ends the restore: what was not done here would be said twice."""
    after: int | None = 0
    while after is not None:
        async with store.work() as work:
            after = await job.step(work, now, after)
            await work.commit()
