"""Where messages wait while the database cannot take them.

Each append is one sealed file, written aside, fsynced and renamed, so there is no half record to read: what was killed
in the middle was never acknowledged and is no file of the spool. A file goes only after `accept` has kept its messages;
a kill in between hands them over again, which `accept` ignores. Names sort by time; each Box has a token of its own in
them, for processes in containers may share a folder and a number.

What no key opens is kept as `*.unreadable`, what the store refuses while it takes what came after as `*.refused`;
neither holds up the others. Given the ending `.sealed` again, it is handed over again.
"""

import asyncio
import logging
import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from types import GenericAlias
from typing import TYPE_CHECKING, Any, Final, Generic, TypeAlias, TypeVar

import msgspec

from bot import ports
from channels.message import Inbound
from store import atomic
from store.codec import encode
from store.seal import Seal, Unsealable

BATCH = 64  # files handed over in one unit of work: others wait meanwhile
APART: Final = ("refused", "unreadable")  # endings of what was set apart
_DRAFT = ".draft"
_ABANDONED = 3600.0  # seconds: no draft is written for that long, its writer was killed
_PURPOSE = "spool"
_log = logging.getLogger(__name__)


T = TypeVar("T")
_File: TypeAlias = tuple[Path, list[T]]


class Box(Generic[T]):
    """Several processes may share a folder."""

    def __init__(self, folder: Path, seal: Seal, kind: type[T]) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder, self._seal, self._token = folder, seal, token_hex(8)
        self._decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(GenericAlias(list, (kind,)))
        self._last = 0
        self._draining = asyncio.Lock()  # two drains would read the same files
        _clear(folder)

    def append(self, arrivals: Sequence[T]) -> None:
        if not arrivals:
            return
        self._last = max(time.time_ns(), self._last + 1)  # goes forward even when the clock goes back
        path = self._folder / f"{self._last:020d}-{self._token}.sealed"
        atomic.write(path, self._seal.seal(encode(list(arrivals)), _PURPOSE), path.with_suffix(_DRAFT))

    def pending(self) -> bool:
        """Asked with every webhook: a look at the names alone. Raises OSError."""
        return any(name.endswith(".sealed") for name in _names(self._folder))

    def apart(self) -> Mapping[str, int]:
        """Raises OSError."""
        return set_apart(self._folder)

    async def drain(self, accept: Callable[[Sequence[T]], Awaitable[None]]) -> int:
        """Hand over all, oldest first, also what comes meanwhile; how many. While the store cannot take them,
        StoreUnavailable and OSError come out of here, and the files that were not handed over stay. A file that is
        refused for any other reason is set apart once one behind it was taken; until then it stays too, and the
        refusal comes out of here: a store that takes nothing has a fault of its own."""
        async with self._draining:
            count = 0
            while paths := sorted(self._folder.glob("*.sealed")):
                for start in range(0, len(paths), BATCH):
                    files = [(path, self._read(path)) for path in paths[start : start + BATCH]]
                    count += await self._hand_over(files, accept)
                atomic.sync_folder(self._folder)
            return count

    async def _hand_over(self, files: Sequence[_File[T]], accept: Callable[[Sequence[T]], Awaitable[None]]) -> int:
        """One batch by one `accept`; where it refuses, each file by itself, to find those that are meant."""
        try:
            return await self._taken(files, accept)
        except (ports.StoreUnavailable, OSError):
            raise
        except Exception:
            if len(files) == 1:
                raise
            return await self._one_by_one(files, accept)

    async def _one_by_one(self, files: Sequence[_File[T]], accept: Callable[[Sequence[T]], Awaitable[None]]) -> int:
        count, refused = 0, dict[Path, Exception]()
        for path, arrivals in files:
            try:
                count += await self._taken([(path, arrivals)], accept)
            except (ports.StoreUnavailable, OSError):
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, it would come again with every look
                refused[path] = error
            else:
                if arrivals:
                    _refuse(refused)
        if refused:
            raise next(iter(refused.values()))
        return count

    async def _taken(self, files: Sequence[_File[T]], accept: Callable[[Sequence[T]], Awaitable[None]]) -> int:
        arrivals = [arrival for _, several in files for arrival in several]
        if arrivals:
            await accept(arrivals)
        for path, _ in files:
            atomic.remove(path)
        return len(arrivals)

    def _read(self, path: Path) -> list[T]:
        try:
            return list(self._decoder.decode(self._seal.open(path.read_bytes(), _PURPOSE)))
        except FileNotFoundError:
            return []  # another process has drained it
        except (Unsealable, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            _log.error("%s cannot be read with the keys in VECINO_SECRET_KEY; kept as .unreadable", path.name)
            atomic.rename(path, ".unreadable")
            return []


def set_apart(folder: Path) -> Mapping[str, int]:
    """How many files of a spool's folder were set apart, by each ending of APART. Raises OSError."""
    found = Counter(name.rpartition(".")[2] for name in _names(folder))
    return {ending: found[ending] for ending in APART}


def _names(folder: Path) -> Iterator[str]:
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            yield entry.name


def _refuse(refused: dict[Path, Exception]) -> None:
    """Set these apart, and forget them."""
    for path, error in refused.items():
        _log.error("%s is refused by the store (%s); kept as .refused", path.name, type(error).__name__)
        atomic.rename(path, ".refused")
    refused.clear()


def _clear(folder: Path) -> None:
    """Remove what killed writers left: it was never acknowledged."""
    for draft in folder.glob(f"*{_DRAFT}"):
        with suppress(OSError):  # its writer has just finished, or the disk fails: that is told by who writes
            if time.time() - draft.stat().st_mtime > _ABANDONED:
                draft.unlink()


class Spool(Box[Inbound]):
    """Keeps `bot.ports.Spool`."""

    def __init__(self, folder: Path, seal: Seal) -> None:
        super().__init__(folder, seal, Inbound)


class ReceiptSpool(Box[ports.Told]):
    """Keeps `bot.ports.ReceiptSpool`."""

    def __init__(self, folder: Path, seal: Seal) -> None:
        super().__init__(folder, seal, ports.Told)


if TYPE_CHECKING:  # mypy holds the spool to the Protocol

    def _kept(spool: Spool, receipts: ReceiptSpool) -> tuple[ports.Spool, ports.ReceiptSpool]:
        return spool, receipts
