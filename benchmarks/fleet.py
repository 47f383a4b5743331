"""Our own processes: `python -m bot serve`, any number, and the Rasa that they share; killed and started anew."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from random import SystemRandom
from socket import socket
from time import monotonic

from aiohttp import ClientError, ClientSession

from nlu.child import command, environment
from nlu.train import model_path

ROOT = Path(__file__).parents[1]
TOKEN = "hostile-token"
_RESTARTS_AFTER = 0.5  # seconds, as a service manager does
_STARTS_WITHIN = 120.0  # seconds
_STOPS_WITHIN = 30.0  # seconds
_PORTS = range(10_240, 30_000)  # Linux gives connections those from 32,768 on


class NotStarted(Exception):
    """A process of ours does not come up."""


def free_port() -> int:
    """One to listen on again and again. None of those that the system gives to connections: while nobody listens, one
    of ours could get it, and who is started anew could not have it."""
    while True:
        port = SystemRandom().choice(_PORTS)
        with socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Understanding:
    """One Rasa for all, on a port that stays; or the scripted parser, which starts at once."""

    def __init__(self, *, scripted: bool) -> None:
        self.port = free_port()
        self._command = _scripted(self.port) if scripted else _rasa(self.port)
        self._process: Process | None = None
        self._restarts = asyncio.Lock()  # the next begins when the last is over: two cannot have one port

    async def restart(self) -> None:
        """Killed and begun again. Raises NotStarted."""
        async with self._restarts:
            await self.kill()
            await self.start()

    async def start(self) -> None:
        """Returns when it answers; begun again, as a service manager does, until it does. Raises NotStarted."""
        end = monotonic() + _STARTS_WITHIN
        while failed := await self._failed():
            if monotonic() > end:
                raise NotStarted(f"Understanding did not start: {failed}")
            await asyncio.sleep(_RESTARTS_AFTER)

    async def _failed(self) -> str:
        """One start; empty when it answers, else the reason."""
        self._process = await asyncio.create_subprocess_exec(
            *self._command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment(TOKEN), cwd=ROOT
        )
        assert self._process.stdout is not None
        said = json.loads(await self._process.stdout.readline() or b"{}")
        return "" if "port" in said else str(said.get("failed", "no reason given"))

    async def kill(self) -> None:
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    @property
    def pid(self) -> int:
        """Of the running process; 0 when there is none."""
        return self._process.pid if self._process else 0


def _rasa(port: int) -> Sequence[str]:
    run = command(model_path(ROOT / "var" / "models"))
    run.check()
    python = str(run.python.absolute())
    return (python, "-W", "ignore", str(run.server.absolute()), str(run.model.absolute()), "--port", str(port))


def _scripted(port: int) -> Sequence[str]:
    return (sys.executable, "-m", "benchmarks.hostility.scripted_nlu", str(port))


class Bot:
    """One process on its own port, started again whenever it ends, until `stop`."""

    def __init__(
        self, port: int, config: Path, settings: Mapping[str, str], log: Path, program: str = "bot"
    ) -> None:  # fmt: skip
        self._program = program
        self.port, self.crashes, self.stop_seconds = port, 0, 0.0
        self._environment = {**os.environ, **settings, "VECINO_CONFIG": str(config)}
        self._log = log
        self._process: Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self._stopping = self._killed = False

    def start(self) -> None:
        self._watch = asyncio.create_task(self._keep_alive())

    def kill(self) -> None:
        """As `kill -9`; the watch starts the next one."""
        if self._process and self._process.returncode is None:
            self._killed = True
            self._process.kill()

    @property
    def pid(self) -> int:
        """Of the running process; 0 when there is none."""
        return self._process.pid if self._process else 0

    async def ready(self, session: ClientSession) -> bool:
        """Whether it works before patience ends."""
        end = monotonic() + _STARTS_WITHIN
        while monotonic() < end:
            with suppress(ClientError, OSError):
                async with session.get(f"http://127.0.0.1:{self.port}/readyz") as answer:
                    if answer.status == 200:
                        return True
            await asyncio.sleep(0.1)
        return False

    async def stop(self) -> None:
        """By SIGTERM; killed when that does not end it in time."""
        self._stopping = True
        begin = monotonic()
        if self._process and self._process.returncode is None:
            self._process.terminate()
            try:
                async with asyncio.timeout(_STOPS_WITHIN):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
        if self._watch:
            await self._watch
        self.stop_seconds = max(self.stop_seconds, monotonic() - begin)

    async def _keep_alive(self) -> None:
        while not self._stopping:
            with self._log.open("ab") as log:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", self._program, "serve", stdin=DEVNULL, stdout=log, stderr=log,
                    env=self._environment, cwd=ROOT,
                )  # fmt: skip
                await self._process.wait()
            if not self._stopping and not self._killed:
                self.crashes += 1
            self._killed = False
            await asyncio.sleep(0 if self._stopping else _RESTARTS_AFTER)
