"""A name for each process of a machine under which it holds rows: the same after a restart, and nobody else's."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from uuid import uuid4

from store.engine import private_file


@contextmanager
def seat(folder: Path) -> Iterator[str]:
    """The name of the first free seat in this folder, ours until the end. Whoever sat there before is dead, for the
    system frees a lock however its process ends: what that one held may be freed. Raises StoreUnavailable."""
    handle = next(taken for number in count(1) if (taken := _taken(folder / f"{number}.seat")) is not None)
    try:
        yield _name(handle)
    finally:
        os.close(handle)


def _taken(path: Path) -> int | None:
    private_file(path)
    handle = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def _name(handle: int) -> str:
    known = os.pread(handle, 64, 0)
    if len(known) != 32:  # new, or its making was killed in the middle
        known = uuid4().hex.encode()
        os.ftruncate(handle, 0)
        os.pwrite(handle, known, 0)
    return known.decode("ascii")
