"""Mails as files, for a city without a mail server: any mail program opens an `.eml`."""

import asyncio
import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

import structlog

from channels import Unavailable
from channels.reason import Reason

log = structlog.get_logger()


class Folder:
    """Made when the first mail is written. A file is whole or not there, and the same mail is the same file."""

    def __init__(self, path: Path) -> None:
        self._path, self._told = path, False

    async def keep(self, name: str, content: bytes) -> None:
        """As `<name>.eml`; raises Unavailable where the disk takes none."""
        if not self._told:
            log.warning("mail_is_not_sent", folder=str(self._path), advice="set channels.email.host in config.yml")
        self._told = True
        try:
            await asyncio.to_thread(self._write, name, content)
        except OSError as failed:
            log.warning("mail_not_written", folder=str(self._path), error=type(failed).__name__)
            raise Unavailable(Reason.PROVIDER) from None

    def _write(self, name: str, content: bytes) -> None:
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._path / f".{name}.{token_hex(4)}.draft"  # two processes may write the same mail
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._path / f"{name}.eml")
        except OSError:
            with suppress(OSError):
                draft.unlink()
            raise
