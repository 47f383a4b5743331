"""The embedded database has one working process: a second one would free what the first holds and send it twice."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store.engine import parse_url, private_file


class InUse(Exception):
    """Another Vecino works with this database already. Stop it first; more than one at a time needs PostgreSQL."""


@contextmanager
def sole(url: str) -> Iterator[None]:
    """Be the one process that works with this database; on PostgreSQL many may. The lock is a file beside SQLite's,
    freed by the system however the process ends. Raises BadUrl, InUse or StoreUnavailable."""
    parsed = parse_url(url)
    if parsed.get_backend_name() != "sqlite":
        yield
        return
    path = Path(f"{parsed.database}.lock")
    private_file(path)
    handle = os.open(path, os.O_RDWR)
    try:
        _lock(handle)
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise InUse(str(InUse.__doc__)) from None
