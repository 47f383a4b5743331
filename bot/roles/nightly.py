"""A copy of everything each night, once however many processes there are: a chore of the schedule, done by a process of
its own (bot/commands/copying.py)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
import structlog

from bot import child
from bot.config import Config
from bot.metrics import Counters
from bot.ports import StoreUnavailable
from bot.schedule import Chore

PROGRAM: Final = "bot.commands.copying"
PATIENCE: Final = 6 * 3600.0  # seconds
log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is copied and where to. It travels through a pipe to our own child, never by its command line: the URL may
    hold a password."""

    url: str = field(repr=False)
    files: str
    folder: str
    keep: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    rows: int
    files: int
    missing: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Nightly:
    """`hour` by the clocks of `zone`."""

    order: Order
    hour: int
    zone: ZoneInfo
    counters: Counters = field(default_factory=Counters)

    def due(self, now: datetime) -> datetime:
        """The latest time, not after now, at which these clocks show the hour."""
        today = now.astimezone(self.zone).date()
        at = datetime.combine(today, time(self.hour), self.zone).astimezone(UTC)
        if at > now:
            at = datetime.combine(today - timedelta(days=1), time(self.hour), self.zone).astimezone(UTC)
        return at

    async def do(self, _: datetime) -> None:
        """What goes wrong is logged and counted; the next night tries again."""
        try:
            made = await copied(self.order)
        except NotCopied as why:
            self.counters.count("backups", outcome="failed")
            log.error("backup_failed", why=str(why))
            return
        self.counters.count("backups", outcome="made")
        log.info("backup_made", rows=made.rows, files=made.files, missing=made.missing, bytes=made.bytes)


def chores(config: Config, counters: Counters) -> Sequence[Chore]:
    """The copy of each night, where the city wants one."""
    settings = config.settings
    at = settings.backup
    if at.hour is None:
        return ()
    order = Order(url=settings.database_url, files=str(settings.var / "files"), folder=str(at.folder), keep=at.keep)
    nightly = Nightly(order=order, hour=at.hour, zone=ZoneInfo(config.city.timezone), counters=counters)
    return (Chore(name="backup", due=nightly.due, do=nightly.do),)


class NotCopied(Exception):
    """The process that makes a copy failed, which this explains, or took too long."""


_DECODER = msgspec.json.Decoder(Made)


async def copied(order: Order) -> Made:
    """Raises NotCopied."""
    try:
        return child.read(_DECODER, await child.ask(PROGRAM, msgspec.json.encode(order), PATIENCE))
    except (child.ChildFailed, StoreUnavailable) as why:
        raise NotCopied(str(why)) from None
