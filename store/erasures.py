"""Who was erased when, kept outside of the database: a copy that was made before does not know of it, and whoever puts
it back has to do it again. A line each: the time, and the keyed hash by which the contact was found; no contact.

Whom a rule of retention forgot stands apart from them: their reports kept what the rule left, so a restore must not
erase these; the rule itself takes what an old copy brings back. Only what the spool set apart asks for both.
"""

import os
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from store.unavailable import reachable

NAME: Final = "erasures.log"  # in the folder of the photos, which all processes share
FORGOTTEN: Final = "forgotten.log"  # beside it


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """Whoever is found by this hash and had first written by `at`, when the erasure began, is to be nobody."""

    mark: bytes
    at: datetime


class Erasures:
    """Two files that only grow: 100 bytes an erasure."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(self, marks: Collection[bytes], at: datetime) -> None:
        """On the disk when it returns; raises StoreUnavailable. Done before the erasure is committed: one too many is
        done again harmlessly, for it was asked for."""
        _add(self._path, marks, at)

    def note_forgotten(self, marks: Collection[bytes], at: datetime) -> None:
        """By a rule; otherwise the same."""
        _add(self._path.with_name(FORGOTTEN), marks, at)

    def all(self) -> Sequence[Erased]:
        """On a person's word. Oldest first, without lines that a kill has torn; raises OSError."""
        return _read(self._path)

    def forgotten(self) -> Sequence[Erased]:
        """By a rule; otherwise the same."""
        return _read(self._path.with_name(FORGOTTEN))


def _add(path: Path, marks: Collection[bytes], at: datetime) -> None:
    lines = "".join(f"\n{at.isoformat()} {mark.hex()}" for mark in sorted(marks))  # first the end of a torn line
    with reachable():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, f"{lines}\n".encode())
            os.fsync(handle)
        finally:
            os.close(handle)


def _read(path: Path) -> Sequence[Erased]:
    found = []
    with suppress(FileNotFoundError):
        for line in path.read_text(encoding="ascii", errors="replace").splitlines():
            with suppress(ValueError):
                at, mark = line.split()
                found.append(Erased(mark=bytes.fromhex(mark), at=datetime.fromisoformat(at)))
    return found
