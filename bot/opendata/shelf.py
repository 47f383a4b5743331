"""Where exports lie: each in a folder of its own, named by its time, and `current`, a link to the one that holds.

An export is put in place by turning the link, at once and whole: whoever is killed in the middle of one leaves the old
one as it was, and whoever reads a file of the old one reads it to its end.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bot.opendata.book import Book

CURRENT = "current"
_LOCK, _LINK, _BOOK = ".lock", ".next", ".months.json"
_EXPORT = re.compile(r"\d{8}T\d{6}Z(-\d+)?")


class Busy(Exception):
    """Another export is being written there; wait for its end."""


@contextmanager
def held(root: Path) -> Iterator[None]:
    """Be the one who writes there. Raises Busy or OSError."""
    root.mkdir(parents=True, exist_ok=True)
    handle = os.open(root / _LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(str(Busy.__doc__)) from None
        yield
    finally:
        os.close(handle)


def begin(root: Path, now: datetime) -> Path:
    """An empty folder for a new export; what others left in the middle is removed."""
    tidy(root)
    name = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    folder, n = root / name, 1
    while folder.exists():
        n += 1
        folder = root / f"{name}-{n}"
    folder.mkdir()
    return folder


def publish(root: Path, folder: Path, book: Book) -> None:
    """It is the one that holds from now on, and all others are gone."""
    with (folder / _BOOK).open("xb") as file:
        file.write(msgspec.json.encode(book))
        file.flush()
        os.fsync(file.fileno())
    _sync(folder)
    link = root / _LINK
    link.unlink(missing_ok=True)
    link.symlink_to(folder.name)
    link.replace(root / CURRENT)
    _sync(root)
    tidy(root)


def holding(root: Path) -> str:
    """The name of the folder of the export that holds; "": there is none."""
    try:
        name = (root / CURRENT).readlink().name
    except OSError:
        return ""
    return name if _EXPORT.fullmatch(name) else ""


def tidy(root: Path) -> None:
    """Remove every export but the one that holds."""
    holds = holding(root)
    for path in root.iterdir():
        if _EXPORT.fullmatch(path.name) and path.name != holds:
            shutil.rmtree(path, ignore_errors=True)


def read(root: Path, name: str = CURRENT) -> Book | None:
    """What the export that holds, or the one of this name, knows of itself; None: there is none, or none of ours."""
    try:
        return msgspec.json.decode((root / name / _BOOK).read_bytes(), type=Book)
    except (OSError, msgspec.MsgspecError):
        return None


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
