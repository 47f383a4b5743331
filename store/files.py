"""Photos and other files in a folder, sealed. A file's name is random: it tells nothing of what is inside, and two
citizens who send the same picture have two files, so that one can be erased without the other's.

A new file is loose, in the folder `new`, until its name is noted somewhere. Whatever a kill leaves behind lies there,
so sweeping looks at a few files, never at all of them, and never at one that was kept: a Vecino that is started on the
wrong database, which knows none of these names, destroys nothing.
"""

import asyncio
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import islice
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

from bot import ports
from store import atomic
from store.seal import MARK, Seal, Unsealable

_PURPOSE = "file"
_NAME = re.compile(r"[0-9a-f]{32}")
LOOSE = "new"  # the folder of files that nobody named yet
_DRAFT = ".draft"
_ANEW = ".anew"


class Files:
    """Keeps `bot.ports.Files`. Sealed: the content type's length (2 bytes), the content type, the content."""

    def __init__(self, folder: Path, seal: Seal) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder, self._new, self._seal = folder, folder / LOOSE, seal

    async def put(self, content: bytes, content_type: str) -> str:
        """The file's new name, once it is on the disk. Raises OSError."""
        name, kind = token_hex(16), content_type.encode()
        await asyncio.to_thread(self._write, name, len(kind).to_bytes(2, "big") + kind + content)
        return name

    async def get(self, name: str) -> tuple[bytes, str]:
        """Raises KeyError, and Unsealable where the key is missing."""
        if not _NAME.fullmatch(name):
            raise KeyError(name)
        try:
            plain = await asyncio.to_thread(self._read, name)
        except FileNotFoundError:
            raise KeyError(name) from None
        begin = 2 + int.from_bytes(plain[:2], "big")
        return plain[begin:], plain[2:begin].decode()

    async def keep(self, name: str) -> None:
        await asyncio.to_thread(self._keep, name)

    async def remove(self, name: str) -> None:
        for path in (self._loose(name), self._loose(name).with_suffix(_DRAFT), self._kept(name)):
            await asyncio.to_thread(atomic.remove, path)

    async def loose(self, before: datetime, limit: int) -> Sequence[str]:
        return await asyncio.to_thread(self._older, before.timestamp(), limit)

    async def folders(self) -> Sequence[str]:
        """Where files lie. The loose ones first: those that are kept meanwhile are met in their new folder."""
        found = await asyncio.to_thread(lambda: [p.name for p in self._folder.iterdir() if p.is_dir()])
        return sorted(found, key=lambda name: (name != LOOSE, name))

    async def renew(self, folder: str) -> tuple[int, int, Sequence[str]]:
        """Seal anew, with the newest key, what older ones sealed there: how many, how many no key opens, and the names
        of those that were written; whoever calls asks afterwards which of them were removed meanwhile, and removes
        them again."""
        return await asyncio.to_thread(self._renew, self._folder / folder)

    async def old(self) -> int:
        """How many are sealed with any key but the newest."""
        return await asyncio.to_thread(lambda: sum(not self._is_newest(path) for path in self._all()))

    def _renew(self, folder: Path) -> tuple[int, int, list[str]]:
        written, lost = [], 0
        for path in sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name)):
            if self._is_newest(path):
                continue
            purpose = f"{_PURPOSE} {path.name}"
            draft = path.with_suffix(_ANEW)
            draft.unlink(missing_ok=True)  # a kill left it: only one at a time does this
            try:
                atomic.write(path, self._seal.seal(self._seal.open(path.read_bytes(), purpose), purpose), draft)
            except Unsealable:
                lost += 1
            except FileNotFoundError:
                pass  # it was moved or removed; a loose one that was kept is met in its new folder, or the next time
            else:
                written.append(path.name)
        return len(written), lost, written

    def _is_newest(self, path: Path) -> bool:
        """True too of one that is gone."""
        try:
            with path.open("rb") as file:
                return self._seal.is_newest(file.read(MARK))
        except FileNotFoundError:
            return True

    def _all(self) -> Iterator[Path]:
        return (path for path in self._folder.glob("*/*") if _NAME.fullmatch(path.name))

    def _write(self, name: str, plain: bytes) -> None:
        self._make(self._new)
        path = self._loose(name)
        atomic.write(path, self._seal.seal(plain, sealed_as(name)), path.with_suffix(_DRAFT))

    def _keep(self, name: str) -> None:
        path = self._kept(name)
        self._make(path.parent)
        with suppress(FileNotFoundError):
            self._loose(name).rename(path)
        atomic.sync_folder(path.parent)

    def _older(self, before: float, limit: int) -> list[str]:
        self._make(self._new)
        old = (path.stem for path in self._new.iterdir() if _NAME.fullmatch(path.stem) and _written(path) < before)
        return list(islice(old, limit))

    def _read(self, name: str) -> bytes:
        """Files only move from loose to kept: whoever looks in this order misses none."""
        try:
            sealed = self._loose(name).read_bytes()
        except FileNotFoundError:
            sealed = self._kept(name).read_bytes()
        return self._seal.open(sealed, sealed_as(name))

    def _make(self, folder: Path) -> None:
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)
            atomic.sync_folder(self._folder)

    def _loose(self, name: str) -> Path:
        return self._new / name

    def _kept(self, name: str) -> Path:
        return self._folder / name[:2] / name  # 256 folders: none grows too long


def sealed_as(name: str) -> str:
    """The purpose with which a file of this name is sealed."""
    return f"{_PURPOSE} {name}"


def _written(path: Path) -> float:
    """When, in seconds since 1970; never, as it were, once it was kept or removed."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


if TYPE_CHECKING:  # mypy holds the files to the Protocol

    def _files(files: Files) -> ports.Files:
        return files
