"""Small files, and looking at those that a library wrote."""

import hashlib
import os
from pathlib import Path

from bot.opendata.packing import Written

_AT_ONCE = 1 << 20  # bytes


def written(path: Path) -> Written:
    """What a library wrote, once it is on the disk. Raises OSError."""
    found = hashlib.sha256()
    with path.open("rb+") as file:
        while content := file.read(_AT_ONCE):
            found.update(content)
        os.fsync(file.fileno())
        return Written(size=file.tell(), sha256=found.hexdigest())


def write(path: Path, content: bytes) -> Written:
    """A new file, on the disk when it returns. Raises OSError."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return Written(size=len(content), sha256=hashlib.sha256(content).hexdigest())
