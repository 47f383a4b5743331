"""Photos and other files in a folder, sealed. A file's name is random: it tells nothing of what is inside, and two
citizens who send the same picture have two files, so that one can be erased without the other's."""

import asyncio
import re
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

from bot import ports
from store import atomic
from store.seal import Seal

_PURPOSE = "file"
_NAME = re.compile(r"[0-9a-f]{32}")


class Files:
    """Keeps `bot.ports.Files`. Sealed: the content type's length (2 bytes), the content type, the content."""

    def __init__(self, folder: Path, seal: Seal) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder, self._seal = folder, seal

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

    def _write(self, name: str, plain: bytes) -> None:
        path = self._path(name)
        if not path.parent.exists():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            atomic.sync_folder(self._folder)
        atomic.write(path, self._seal.seal(plain, f"{_PURPOSE} {name}"), path.with_suffix(".draft"))

    def _read(self, name: str) -> bytes:
        return self._seal.open(self._path(name).read_bytes(), f"{_PURPOSE} {name}")

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name  # 256 folders: none grows too long


if TYPE_CHECKING:  # mypy holds the files to the Protocol

    def _kept(files: Files) -> ports.Files:
        return files
