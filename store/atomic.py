"""Writing a file so that it is there whole, also after a power cut, or not at all."""

import os
from contextlib import suppress
from pathlib import Path


def write(path: Path, content: bytes, draft: Path) -> None:
    """Write to `draft` (same folder, a new name), then rename to `path`; both are on the disk when it returns.
    Raises OSError, and then `path` is as it was; a draft that is there already is another writer's and left alone."""
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        _write_synced(handle, content)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """A new or removed name is durable only once its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_synced(handle: int, content: bytes) -> None:
    """And close it."""
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def rename(path: Path, suffix: str) -> None:
    """Give it another ending; harmless when another process has taken it away."""
    with suppress(FileNotFoundError):
        path.rename(path.with_suffix(suffix))


def remove(path: Path) -> None:
    """Harmless when it is gone."""
    path.unlink(missing_ok=True)
