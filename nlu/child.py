"""Rasa as a watched child of the bot: started, restarted when it dies, stopped with the bot.

    child = Child(command(model))
    await child.start(); ...; await child.stop()

It gets an environment of its own with no secret of the bot in it, and a token that is new each time.
"""

import asyncio
import json
import os
import secrets
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from nlu.client import Address
from nlu.parse import NluStarting, NluUnavailable

_LOADS = 120.0  # seconds until it must be ready; 3 s are usual, a busy machine may need many
_PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)  # seconds before the 1st, 2nd ... restart in a row
_HOPELESS = 3  # failures in a row from which nobody waits for it any more
_log = structlog.get_logger()


class NoRasa(Exception):
    """Something that Rasa needs is missing; the message says what, and how to get it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What is run: an interpreter of Rasa's environment, the server and a model."""

    python: Path
    server: Path
    model: Path

    def check(self) -> None:
        """Raises NoRasa."""
        if not self.python.exists():
            raise NoRasa(f"{self.python} is missing: Rasa's environment is not set up; run `make run` or `make test`")
        if not self.model.exists():
            raise NoRasa(f"{self.model} is missing: no model is trained for this data; run `python -m bot train`")


def command(model: Path, python: Path | None = None) -> Command:
    """The usual command: `nlu/.venv` beside this file, unless VECINO_NLU_PYTHON or `python` names another."""
    here = Path(__file__).parent
    return Command(python=python or rasa_python(), server=here / "serve.py", model=model)


def rasa_python() -> Path:
    """The interpreter of Rasa's environment; it need not exist."""
    named = os.environ.get("VECINO_NLU_PYTHON")
    return Path(named) if named else Path(__file__).parent / ".venv" / "bin" / "python"


class Child:
    """Keeps nlu.client.Server."""

    def __init__(self, command: Command, *, pauses: tuple[float, ...] = _PAUSES) -> None:
        self._command = command
        self._pauses = pauses
        self._address: Address | None = None
        self._failures = 0
        self._changed = asyncio.Condition()
        self._watch: asyncio.Task[None] | None = None
        self._process: Process | None = None

    @property
    def pid(self) -> int | None:
        """Of the running child, for the metrics."""
        return self._process.pid if self._process and self._process.returncode is None else None

    @property
    def up(self) -> bool:
        """Whether it answers now."""
        return self._address is not None

    def address(self) -> Address:
        """Raises NluStarting, or NluUnavailable when it keeps dying or was never started."""
        if self._address:
            return self._address
        if self._watch is None or self._failures >= _HOPELESS:
            raise NluUnavailable("Rasa does not come up; the log says why")
        raise NluStarting("Rasa is loading its model")

    async def start(self) -> None:
        """Begin to start it and to watch it; does not wait until it is ready. Raises NoRasa."""
        self._command.check()
        self._watch = asyncio.create_task(self._keep_alive(), name="rasa")

    async def ready(self, timeout: float) -> bool:  # noqa: ASYNC109 - callers want a bool, not an exception
        """Wait until it answers; False when `timeout` seconds were not enough."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout), self._changed:
                await self._changed.wait_for(lambda: self.up)
        return self.up

    async def stop(self) -> None:
        if self._watch:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch
        self._watch = None

    async def _keep_alive(self) -> None:
        while True:
            try:
                await self._live_once()
            except OSError as error:  # no memory, no descriptors, no right to run it: later there may be
                _log.error("rasa.failed", reason=error.strerror or type(error).__name__)
            self._failures += 1
            pause = self._pauses[min(self._failures, len(self._pauses)) - 1]
            _log.warning("rasa.ended", failures=self._failures, restart_in=pause)
            await asyncio.sleep(pause)

    async def _live_once(self) -> None:
        """From start to end; a start that succeeds forgives earlier failures, its end is a failure again."""
        token = secrets.token_urlsafe(32)
        process = self._process = await _launch(self._command, token)
        try:
            port = await _announced(process)
            if port:
                self._failures = 0
                await self._set(Address(url=f"http://127.0.0.1:{port}", token=token))
                _log.info("rasa.ready", pid=process.pid)
                await process.wait()
        finally:
            self._address = None
            await _wholly(_end(process))

    async def _set(self, address: Address) -> None:
        async with self._changed:
            self._address = address
            self._changed.notify_all()


async def _launch(command: Command, token: str) -> Process:
    """Cancelled in the middle, it leaves no process behind."""
    launching = asyncio.ensure_future(_execute(command, token))
    try:
        return await asyncio.shield(launching)
    except asyncio.CancelledError:
        await _end(await launching)
        raise


async def _wholly(work: Coroutine[None, None, None]) -> None:
    """Do it to the end, also when cancelled meanwhile."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


async def _execute(command: Command, token: str) -> Process:
    return await asyncio.create_subprocess_exec(
        command.python.absolute(), "-W", "ignore", command.server.absolute(), command.model.absolute(),
        stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment(token), cwd=command.server.parent,
    )  # fmt: skip


def environment(token: str) -> dict[str, str]:
    """All that the child may know. One thread: its vectors are too small for more."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR", "HOME") if name in os.environ}
    return kept | {
        "VECINO_NLU_TOKEN": token,
        "PYTHONUTF8": "1",
        "RASA_TELEMETRY_ENABLED": "false",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


async def _announced(process: Process) -> int | None:
    """The port it listens on, or None when it failed or took too long to load."""
    assert process.stdout is not None  # noqa: S101 - it was asked for as a pipe
    try:
        async with asyncio.timeout(_LOADS):
            line = await process.stdout.readline()
        said = json.loads(line or b"{}")
    except (TimeoutError, ValueError):
        said = {}
    if "port" not in said:
        _log.error("rasa.not_ready", reason=said.get("failed", "it said nothing"), pid=process.pid)
        return None
    return int(said["port"])


async def _end(process: Process) -> None:
    """Its stdin closed, it ends by itself; killed when it does not."""
    if process.stdin:
        process.stdin.close()
    try:
        async with asyncio.timeout(2):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
