"""The database: is it there, of this version, written with our key; what waits in it, and does anybody work."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from bot.commands.doctor.finding import Finding, bad, ok, warn
from bot.config import Config
from bot.opening import sealing
from bot.ports import Backlog, Clock, StoreUnavailable
from store.database import Database
from store.engine import parse_url
from store.migrate import migrating, newest, revision
from store.restore import unfinished
from store.seal import ForeignKey
from store.unavailable import reachable

SKEW = timedelta(seconds=5)
_WAL = 256 << 20  # bytes: it is folded into the file all the time
_OLDEST = {"inbox": 120, "outbox": 900, "photos": 3_600}  # seconds that a row may wait before somebody should look
_STALE = timedelta(minutes=30)  # jobs are due each few minutes
_REACH = "check VECINO_DATABASE_URL, that the server runs, and that its disk is not full"


async def database(config: Config, clock: Clock) -> Sequence[Finding]:
    """Everything that only the database can tell; one line where it cannot be reached."""
    url = config.settings.database_url
    try:
        at = await revision(url)
        if at is None:
            step = "start Vecino, or `python -m bot migrate`; to put a copy back: `python -m bot restore FILE`"
            return [bad("database", "there is none yet", step)]
        found = [_revision(at), *await _restored(url), *_log(url), *await _skew(url, clock)]
        return [*found, *await _contents(config, clock)] if at == newest() else found
    except StoreUnavailable:
        return [bad("database", "it cannot be reached", _REACH)]


def _revision(at: str) -> Finding:
    if at == newest():
        return ok("database", f"reached, at revision {at}")
    if at < newest():
        return bad("database", f"at revision {at}, this version needs {newest()}", "`python -m bot migrate`")
    said = f"at revision {at}, newer than this version's {newest()}"
    return warn("database", said, "update this machine's Vecino too")


async def _restored(url: str) -> Sequence[Finding]:
    if not await unfinished(url):
        return []
    return [bad("restore", "one was broken off before its end", "`python -m bot restore FILE --yes` once more")]


def _log(url: str) -> Sequence[Finding]:
    parsed = parse_url(url)
    log = Path(f"{parsed.database}-wal")
    if parsed.get_backend_name() != "sqlite" or not log.exists() or log.stat().st_size < _WAL:
        return []
    size = log.stat().st_size >> 20
    return [warn("wal", f"SQLite's log has {size} MB", "something reads for hours: restart Vecino and look again")]


async def _skew(url: str, clock: Clock) -> Sequence[Finding]:
    """Against the database's own clock, where it has one of its own."""
    if parse_url(url).get_backend_name() == "sqlite":
        return []
    engine = migrating(url)
    try:
        with reachable():
            async with engine.connect() as connection:
                theirs: datetime = (await connection.execute(text("SELECT clock_timestamp()"))).scalar_one()
    finally:
        await engine.dispose()
    away = abs(theirs - clock.now())
    if away <= SKEW:
        return [ok("clock", f"agrees with the database's to {away.total_seconds():.1f} s")]
    said = f"{away.total_seconds():.0f} s away from the database's"
    return [bad("clock", said, "set both machines' clocks by NTP (`timedatectl set-ntp true`)")]


async def _contents(config: Config, clock: Clock) -> Sequence[Finding]:
    store = await Database.open(config.settings.database_url, sealing(config.settings), clock=clock, checked=False)
    try:
        await store.check_keys()
        async with store.view() as view:
            backlogs = await view.backlogs.all()
            aside, lost = await view.set_aside.page(0, 0), await view.undelivered.page(0, 0)
            last = await view.schedule.last()
        waiting = [_queue(one, clock.now()) for one in backlogs]
        return [ok("key", "opens what is there"), *waiting, *_lists(aside.total, lost.total), _jobs(last, clock.now())]
    except ForeignKey:
        step = "put the key of VECINO_SECRET_KEY back with which it was written, last"
        return [bad("key", "VECINO_SECRET_KEY does not open what is there", step)]
    finally:
        await store.close()


def _queue(backlog: Backlog, now: datetime) -> Finding:
    name, limit = f"queue {backlog.queue}", _OLDEST.get(backlog.queue)
    age = max(0.0, (now - backlog.oldest).total_seconds()) if backlog.oldest else 0.0
    if limit is None or age <= limit:
        return ok(name, f"{backlog.waiting:,} wait")
    said = f"{backlog.waiting:,} wait, the oldest for {timedelta(seconds=int(age))}"
    return bad(name, said, "is a process up that works (`serve`, `--role worker`)? Its log says what hinders it")


def _lists(aside: int, lost: int) -> Sequence[Finding]:
    found = []
    if aside:
        said = f"{aside:,} messages could not be answered"
        found.append(warn("set aside", said, "a clerk reads them at /desk/aside"))
    if lost:
        found.append(warn("undelivered", f"{lost:,} messages reached nobody", "a clerk decides at /desk/undelivered"))
    return found


def _jobs(last: datetime | None, now: datetime) -> Finding:
    if last is None:
        return warn("schedule", "no job was ever done", "start Vecino: promises and questions to citizens hang on it")
    if now - last > _STALE:
        said = f"the last job was done at {last:%Y-%m-%d %H:%M} UTC"
        return bad("schedule", said, "start Vecino, or look into the log of a process that runs")
    return ok("schedule", "jobs are done")
