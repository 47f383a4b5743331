"""A digest is counted and printed in a process of its own: libraries that draw and set pages take seconds and 200 MB,
which neither the loop that serves nor its memory have."""

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
from tickets.figures import Scope
from tickets.period import Period

PROGRAM = "bot.commands.printing"
AWAY = 3  # its exit status where the database cannot be reached
FAILED = 4  # where it failed and says why
FONTS = "MPLCONFIGDIR"  # of the environment
PATIENCE = 900.0  # seconds; a million tickets take fifteen
_ROOT = Path(__file__).parents[2]


class NotPrinted(Exception):
    """The process that prints a digest ended by an error, which this names, or took too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be printed, and of which database. It travels through a pipe to our own child, never by its command
    line. `var` is the folder of all data: what libraries find out once is kept there."""

    url: str = field(repr=False)
    secret_keys: str = field(repr=False)
    city: City = field(repr=False)
    period: Period
    scope: Scope
    language: str
    var: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """The forms of one digest. `images` by the content id under which `html` names them; `stop`: the words of the link
    by which its reader wants no more."""

    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    short: str = field(repr=False)
    pdf: bytes = field(repr=False)
    csv: str = field(repr=False)
    json: str = field(repr=False)
    images: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    stop: str = ""


async def printed(order: Order) -> Printed:
    """Raises StoreUnavailable or NotPrinted. Whoever is cancelled meanwhile leaves no process behind; Ctrl-C at a
    terminal is ours alone to hear."""
    try:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", PROGRAM, env=_environment(order.var),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        raise NotPrinted(f"no process could be started: {error.strerror}") from None
    try:
        async with asyncio.timeout(PATIENCE):
            said, _ = await child.communicate(pickle.dumps(order))
    except TimeoutError:
        raise NotPrinted(f"no digest within {PATIENCE:g} s") from None
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    return _read(child.returncode, said)


def _read(status: int | None, said: bytes) -> Printed:
    if status == AWAY:
        raise StoreUnavailable("The database could not be reached while a digest was counted")
    if status == FAILED:
        raise NotPrinted(said.decode(errors="replace"))
    try:
        return msgspec.msgpack.decode(said, type=Printed)
    except msgspec.MsgspecError:
        raise NotPrinted(f"the process ended with status {status}") from None


def _environment(var: Path) -> Mapping[str, str]:
    """Ours, and where our own packages are, wherever we were started."""
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    return {FONTS: fonts(var), **os.environ, "PYTHONPATH": path}


def fonts(var: Path) -> str:
    """Where the library that draws keeps its list of fonts (FONTS): a service has no home to keep it in, and to make it
    takes seconds."""
    return str((var / "matplotlib").absolute())
