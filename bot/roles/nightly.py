"""A copy of everything each night, once however many processes there are: a chore of the schedule, done by a process of
its own (bot/commands/copying.py)."""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
import structlog

from bot.config import Config
from bot.metrics import Counters
from bot.schedule import Chore

PROGRAM: Final = "bot.commands.copying"
FAILED: Final = 4  # its exit status where it says why
PATIENCE: Final = 6 * 3600.0  # seconds
_ROOT = Path(__file__).parents[2]
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


async def copied(order: Order) -> Made:
    """Raises NotCopied. Whoever is cancelled meanwhile leaves no process behind."""
    try:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", PROGRAM, env=_environment(),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        raise NotCopied(f"no process could be started: {error.strerror}") from None
    try:
        async with asyncio.timeout(PATIENCE):
            said, _ = await child.communicate(msgspec.json.encode(order))
    except TimeoutError:
        raise NotCopied(f"no copy within {PATIENCE:g} s") from None
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    return _read(child.returncode, said)


def _read(status: int | None, said: bytes) -> Made:
    if status == FAILED:
        raise NotCopied(said.decode(errors="replace"))
    try:
        return msgspec.json.decode(said, type=Made)
    except msgspec.MsgspecError:
        raise NotCopied(f"the process ended with status {status}") from None


def _environment() -> Mapping[str, str]:
    """Ours, and where our own packages are, wherever we were started."""
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": path}
