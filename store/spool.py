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
from collections.abc import Awaitable, Callable, Iterator, Sequence
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
        self._draining = asyncio.Lock()  # who comes second waits, so that nothing newer overtakes what is spooled

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
        """While the store cannot take them, StoreUnavailable and OSError come out of here, and the file and those after
        it stay. A file that is refused for any other reason is kept as `*.refused` and holds nobody up."""
        async with self._draining:
            count = 0
            for path, arrivals in self._files():
                if await self._handed_over(path, arrivals, accept):
                    count += len(arrivals)
            atomic.sync_folder(self._folder)
            return count

    async def _handed_over(
        self, path: Path, arrivals: list[T], accept: Callable[[Sequence[T]], Awaitable[None]]
    ) -> bool:
        try:
            await accept(arrivals)
        except (ports.StoreUnavailable, OSError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it would come again with every message
            _log.error("%s is refused by the store (%s); kept as .refused", path.name, type(error).__name__)
            atomic.rename(path, ".refused")
            return False
        atomic.remove(path)
        return True

    def _files(self) -> Iterator[tuple[Path, list[T]]]:
        for path in sorted(self._folder.glob("*.sealed")):
            arrivals = self._read(path)
            if arrivals:
                yield path, arrivals

    def _read(self, path: Path) -> list[T]:
        try:
            return list(self._decoder.decode(self._seal.open(path.read_bytes(), _PURPOSE)))
        except FileNotFoundError:
            return []  # another process has drained it
        except (Unsealable, msgspec.MsgspecError):
            _log.error("%s cannot be read with the keys in VECINO_SECRET_KEY; kept as .unreadable", path.name)
            path.rename(path.with_suffix(".unreadable"))
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
