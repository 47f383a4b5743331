"""Makes the demo's own secret key, so that `make run` needs no setting. A live city brings its key itself."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile


def demo_key(folder: Path) -> str:
    """The key in secret.key of the demo's folder (mode 0600), made at the first call."""
    path = folder / "secret.key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _make(path)
    return path.read_text(encoding="ascii")


def _make(path: Path) -> None:
    """Whole or not at all, and never over one that another process made meanwhile."""
    with NamedTemporaryFile("w", encoding="ascii", dir=path.parent) as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(file.name, path)
