"""An export is written in a process of its own: it keeps a core busy for a minute, which the loop that serves cannot
spare, and loads a library of 60 MB that nothing else needs."""

import asyncio
import os
import pickle
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from bot.ports import StoreUnavailable
from tickets.city import City

PROGRAM = "bot.commands.exporting"
AWAY = 3  # its exit status where the database cannot be reached
FAILED = 4  # where it failed and says why
PATIENCE = 6 * 3600.0  # seconds; a million tickets take less than a minute
_ROOT = Path(__file__).parents[2]


class NotExported(Exception):
    """The process that writes the open data ended by an error, which this names, or took too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What is exported, from which database, where to. It travels through a pipe to our own child, never by its command
    line: the URL may hold a password."""

    url: str = field(repr=False)
    secret_keys: str = field(repr=False)
    city: City = field(repr=False)
    root: Path
    notes: Mapping[str, str]
    public_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What came of it: how many tickets, of how many months, and how many of these were taken over unchanged."""

    tickets: int
    months: int
    same: int


async def exported(errand: Errand) -> Told:
    """Raises StoreUnavailable or NotExported. Whoever is cancelled meanwhile leaves no process behind; Ctrl-C at a
    terminal is ours alone to hear."""
    try:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", PROGRAM, env=environment(),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        raise NotExported(f"no process could be started: {error.strerror}") from None
    try:
        async with asyncio.timeout(PATIENCE):
            said, _ = await child.communicate(pickle.dumps(errand))
    except TimeoutError:
        raise NotExported(f"no open data within {PATIENCE:g} s") from None
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    return _read(child.returncode, said)


def _read(status: int | None, said: bytes) -> Told:
    if status == AWAY:
        raise StoreUnavailable("The database could not be reached while the open data was written")
    if status == FAILED:
        raise NotExported(said.decode(errors="replace"))
    try:
        return msgspec.json.decode(said, type=Told)
    except msgspec.MsgspecError:
        raise NotExported(f"the process ended with status {status}") from None


def environment() -> Mapping[str, str]:
    """Ours, where our own packages are, wherever we were started, and what keeps its memory small: by itself each
    thread would have a store of its own, from which nothing is given back."""
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    return {"ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "2", **os.environ, "PYTHONPATH": path}
