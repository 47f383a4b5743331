"""Makes the demo's own secret key, so that `make run` needs no setting. A live city brings its key itself."""

import os
import secrets
from pathlib import Path


def demo_key(var: Path) -> str:
    """The key in var/secret.key (mode 0600), made at the first call."""
    path = var / "secret.key"
    if not path.exists():
        var.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii")
