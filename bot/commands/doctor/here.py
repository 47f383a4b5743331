"""This machine: room on the disk, files set apart, copies, and what could not be sent while the database was away."""

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.commands.doctor.finding import Finding, bad, ok, warn
from bot.config import Config
from store.archive import BadArchive, opened
from store.backup import archives
from store.spool import set_apart

LEAST, FEW = 512 << 20, 2 << 30  # bytes free
OLD, TOO_OLD = timedelta(hours=36), timedelta(days=7)
_SPOOLS = ("spool", "receipts")


def disk(config: Config) -> Sequence[Finding]:
    free = shutil.disk_usage(config.settings.var).free
    said = f"{free / (1 << 30):.1f} GB free where {config.settings.var} lies"
    step = "free some (old copies: `python -m bot backup --keep 7`), or give it a larger disk"
    if free < LEAST:
        return [bad("disk", said, step)]
    return [warn("disk", said, step) if free < FEW else ok("disk", said)]


def spools(config: Config) -> Sequence[Finding]:
    """What was set apart, and what waits for the database."""
    found = []
    for folder in _SPOOLS:
        path = config.settings.var / folder
        for ending, count in set_apart(path).items():
            if count:
                step = "deploy/README.md, `What was set apart of a spool`, has the two commands"
                found.append(bad(folder, f"{count} files are {ending}", step))
        waiting = len(list(path.glob("*.sealed")))
        if waiting:
            step = "they are taken in by themselves once the database is there and Vecino runs"
            found.append(warn(folder, f"{waiting} files wait for the database", step))
    return found or [ok("spool", "empty")]


def backups(config: Config, now: datetime) -> Sequence[Finding]:
    at = config.settings.backup
    made = _last(at.folder)
    step = "`python -m bot backup` now; `backup: {hour: 3}` in config.yml makes one each night"
    if made is None:
        return [bad("backup", f"there is none in {at.folder}", step)]
    said = f"the last one is of {made:%Y-%m-%d %H:%M} UTC"
    if now - made > TOO_OLD:
        return [bad("backup", said, step)]
    if now - made > OLD:
        return [warn("backup", said, step)]
    return [ok("backup", said)]


def _last(folder: Path) -> datetime | None:
    """Of the newest that can be opened."""
    for path in reversed(archives(folder)):
        try:
            with opened(path) as archive:
                return archive.manifest.at.astimezone(UTC)
        except BadArchive:
            continue
    return None
