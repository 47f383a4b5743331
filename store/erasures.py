"""Who was erased when, kept outside of the database: a copy that was made before does not know of it, and whoever puts
it back has to do it again. A line each: the time, and the keyed hash by which the contact was found; no contact."""

import os
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from store.unavailable import reachable

NAME: Final = "erasures.log"  # in the folder of the photos, which all processes share


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """Whoever is found by this hash and has written before `at` is to be nobody."""

    mark: bytes
    at: datetime


class Erasures:
    """A file that only grows: 100 bytes an erasure."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(self, marks: Collection[bytes], at: datetime) -> None:
        """On the disk when it returns; raises StoreUnavailable. Done before the erasure is committed: one too many is
        done again harmlessly, for it was asked for."""
        lines = "".join(f"\n{at.isoformat()} {mark.hex()}" for mark in sorted(marks))  # first the end of a torn line
        with reachable():
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(handle, f"{lines}\n".encode())
                os.fsync(handle)
            finally:
                os.close(handle)

    def all(self) -> Sequence[Erased]:
        """Oldest first, without lines that a kill has torn; raises OSError."""
        found = []
        with suppress(FileNotFoundError):
            for line in self._path.read_text(encoding="ascii", errors="replace").splitlines():
                with suppress(ValueError):
                    at, mark = line.split()
                    found.append(Erased(mark=bytes.fromhex(mark), at=datetime.fromisoformat(at)))
        return found
