"""Where messages wait while the database cannot take them.

Each append is one sealed file, written aside, fsynced and renamed, so there is no half record to read: what was killed
in the middle was never acknowledged and is no file of the spool. A file goes only after `accept` has kept its messages;
a kill in between hands them over again, which `accept` ignores. Names sort by time and then by process. A file that no
key opens is kept as `*.unreadable` and does not hold up the others.
"""

import asyncio
import logging
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import GenericAlias
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec

from bot import ports
from channels.message import Inbound
from store import atomic
from store.codec import encode
from store.seal import Seal, Unsealable

BATCH = 64  # files handed over in one unit of work: others wait meanwhile
_PURPOSE = "spool"
_log = logging.getLogger(__name__)


T = TypeVar("T")


class Box(Generic[T]):
    """Several processes may share a folder."""

    def __init__(self, folder: Path, seal: Seal, kind: type[T]) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder, self._seal = folder, seal
        self._decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(GenericAlias(list, (kind,)))
        self._last = 0
        self._draining = asyncio.Lock()  # two drains would read the same files

    def append(self, arrivals: Sequence[T]) -> None:
        if not arrivals:
            return
        self._last = max(time.time_ns(), self._last + 1)  # goes forward even when the clock goes back
        path = self._folder / f"{self._last:020d}-{os.getpid()}.sealed"
        atomic.write(path, self._seal.seal(encode(list(arrivals)), _PURPOSE), self._folder / f"{os.getpid()}.draft")

    def pending(self) -> bool:
        """Asked with every webhook: a look at the names alone. Raises OSError."""
        with suppress(FileNotFoundError), os.scandir(self._folder) as entries:
            return any(entry.name.endswith(".sealed") for entry in entries)
        return False

    async def drain(self, accept: Callable[[Sequence[T]], Awaitable[None]]) -> int:
        """Hand over all, oldest first, also what comes meanwhile; how many. While the store cannot take them,
        StoreUnavailable and OSError come out of here, and the files that were not handed over stay. A file that is
        refused for any other reason is kept as `*.refused` and holds nobody up."""
        async with self._draining:
            count = 0
            while paths := sorted(self._folder.glob("*.sealed")):
                for start in range(0, len(paths), BATCH):
                    files = [(path, self._read(path)) for path in paths[start : start + BATCH]]
                    count += await self._hand_over(files, accept)
                atomic.sync_folder(self._folder)
            return count

    async def _hand_over(
        self, files: Sequence[tuple[Path, list[T]]], accept: Callable[[Sequence[T]], Awaitable[None]]
    ) -> int:
        """One batch by one `accept`; where it refuses, each file by itself, to find the one that is meant."""
        arrivals = [arrival for _, several in files for arrival in several]
        try:
            if arrivals:
                await accept(arrivals)
        except (ports.StoreUnavailable, OSError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it would come again with every look
            if len(files) > 1:
                return sum([await self._hand_over([file], accept) for file in files])
            _log.error("%s is refused by the store (%s); kept as .refused", files[0][0].name, type(error).__name__)
            atomic.rename(files[0][0], ".refused")
            return 0
        for path, _ in files:
            atomic.remove(path)
        return len(arrivals)

    def _read(self, path: Path) -> list[T]:
        try:
            return list(self._decoder.decode(self._seal.open(path.read_bytes(), _PURPOSE)))
        except FileNotFoundError:
            return []  # another process has drained it
        except (Unsealable, msgspec.MsgspecError):
            _log.error("%s cannot be read with the keys in VECINO_SECRET_KEY; kept as .unreadable", path.name)
            atomic.rename(path, ".unreadable")
            return []


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
