"""Work that a process of our own does, because it keeps a core busy for long or needs libraries that nothing else does:
its order goes to its stdin, its answer comes from its stdout."""

import asyncio
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from bot.ports import StoreUnavailable

AWAY: Final = 3  # its exit status where the database cannot be reached
FAILED: Final = 4  # where it failed and says why
_ROOT: Final = Path(__file__).parents[1]
Answer = TypeVar("Answer")


class ChildFailed(Exception):
    """It ended by an error, which this names, could not be started, or took too long."""


async def ask(
    program: str, order: bytes, patience: float, surroundings: Mapping[str, str] | None = None
) -> bytes:  # fmt: skip
    """What `python -m program` answers within so many seconds; `surroundings` join our environment where it has no such
    name. Raises StoreUnavailable or ChildFailed. Whoever is cancelled meanwhile leaves no process behind; Ctrl-C at a
    terminal is ours alone to hear."""
    try:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", program, env=_environment(surroundings or {}),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        raise ChildFailed(f"no process could be started: {error.strerror}") from None
    try:
        async with asyncio.timeout(patience):
            said, _ = await child.communicate(order)
    except TimeoutError:
        raise ChildFailed(f"no answer within {patience:g} s") from None
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    if child.returncode == AWAY:
        raise StoreUnavailable("The database could not be reached by a process of ours")
    if child.returncode:
        said_why = said.decode(errors="replace") if child.returncode == FAILED else ""
        raise ChildFailed(said_why or f"the process ended with status {child.returncode}")
    return said


def read(decoder: "msgspec.json.Decoder[Answer] | msgspec.msgpack.Decoder[Answer]", said: bytes) -> Answer:
    """Raises ChildFailed where it is no answer."""
    try:
        return decoder.decode(said)
    except msgspec.MsgspecError:
        raise ChildFailed("what the process answered cannot be read") from None


def _environment(surroundings: Mapping[str, str]) -> Mapping[str, str]:
    """Ours, and where our own packages are, wherever we were started."""
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    return {**surroundings, **os.environ, "PYTHONPATH": path}
