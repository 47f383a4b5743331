"""Where a training works: a folder of its own beside the models, with copies of what clerks taught. As long as the
training lives, or the Rasa that it started, it holds a lock; what lies there without one was left by a training that
was killed."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

_LOCK, _PREFIX = ".training", "tmp"


@contextmanager
def training(models: Path, say: Callable[[str], None]) -> Iterator[int]:
    """One training at a time; another one is waited for. What killed ones left is removed, and the folder is for our
    own eyes only. Yields the lock's descriptor, for a child to hold it as well."""
    models.mkdir(parents=True, exist_ok=True, mode=0o700)
    with suppress(PermissionError):  # another one's folder: whose it is decides who may look
        models.chmod(0o700)
    with _opened(models) as lock:
        if not _taken(lock):
            say("another training goes on here; waiting for its end")
            fcntl.flock(lock, fcntl.LOCK_EX)
        _remove_left(models)
        yield lock


def sweep(models: Path) -> bool:
    """Remove what killed trainings left. False, and nothing is removed, while one goes on: that one sees by itself at
    its end whether what it learned is still accepted, and removes its folder."""
    if not models.exists():
        return True
    with _opened(models) as lock:
        if free := _taken(lock):
            _remove_left(models)
        return free


def folder(models: Path) -> TemporaryDirectory[str]:
    """A new one, for our own eyes only."""
    return TemporaryDirectory(dir=models, prefix=_PREFIX)


@contextmanager
def _opened(models: Path) -> Iterator[int]:
    lock = os.open(models / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield lock
    finally:
        os.close(lock)


def _taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _remove_left(models: Path) -> None:
    for left in models.glob(f"{_PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)
