"""`rasa run` with its REST channel and an SQL tracker store, and the citizens who talk to it."""

import asyncio
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from random import Random
from time import monotonic, perf_counter
from types import TracebackType
from typing import Any, Self

import yaml
from aiohttp import ClientError, ClientSession

from benchmarks.fleet import free_port
from benchmarks.peer.project import environment, model
from benchmarks.rush.load import Exchange
from benchmarks.rush.texts import Lines, Texts
from nlu.child import rasa_python
from tickets.number import new_number

_STARTS_WITHIN = 180.0  # seconds


class PeerDead(Exception):
    """`rasa run` did not answer in time; the message names its log."""


class Peer:
    """`url` is of its tracker store, as SQLAlchemy writes it."""

    def __init__(self, folder: Path, url: str, session: ClientSession) -> None:
        self._folder, self._url, self._session = folder, url, session
        self._port = free_port()
        self._process: Process | None = None
        self._senders = count(1)

    async def __aenter__(self) -> Self:
        trained = await asyncio.to_thread(model)
        self._settings()
        with (self._folder / "rasa.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                str(rasa_python().absolute()), "-W", "ignore", "-m", "rasa", "run", "--model", str(trained.absolute()),
                "--interface", "127.0.0.1", "--port", str(self._port), "--endpoints", "endpoints.yml",
                "--credentials", "credentials.yml", "--quiet",
                stdin=DEVNULL, stdout=log, stderr=log, cwd=self._folder, env=environment(self._folder),
            )  # fmt: skip
        await self._ready()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    async def ask(self, sender: str, text: str) -> bool:
        """Whether it replied; its REST channel does so in the answer to the request."""
        with suppress(ClientError, TimeoutError, OSError):
            body = {"sender": sender, "message": text}
            async with self._session.post(self._address, json=body) as answer:
                return answer.status == 200 and bool(await answer.json())
        return False

    def citizen(self, lines: Lines, texts: Texts) -> "Asker":
        return Asker(self, f"{perf_counter()}-{next(self._senders)}", lines, texts)

    @property
    def _address(self) -> str:
        return f"http://127.0.0.1:{self._port}/webhooks/rest/webhook"

    def _settings(self) -> None:
        store: dict[str, Any] = {"type": "SQL", "dialect": "sqlite", "db": str(self._folder / "tracker.db")}
        if self._url.startswith("postgresql"):
            store = {"type": "SQL", "dialect": "postgresql", "url": self._url}
        for name, content in (("endpoints.yml", {"tracker_store": store}), ("credentials.yml", {"rest": None})):
            (self._folder / name).write_text(yaml.safe_dump(content), encoding="utf-8")

    async def _ready(self) -> None:
        end = monotonic() + _STARTS_WITHIN
        while monotonic() < end and self._process and self._process.returncode is None:
            if await self.ask("first", "hay un bache en la calle 5"):
                return
            await asyncio.sleep(1)
        raise PeerDead(f"`rasa run` does not answer; its log is in {self._folder} (--keep)")


class Asker:
    """Keeps benchmarks.rush.load.Conversation: the same messages as to us."""

    def __init__(self, peer: Peer, sender: str, lines: Lines, texts: Texts) -> None:
        self._peer, self._sender, self._texts = peer, sender, texts
        self._left = list(self._said(lines))
        self.filed = False

    @property
    def over(self) -> bool:
        return not self._left

    async def exchange(self) -> Exchange:
        text = self._texts.say(self._left.pop(0))
        at = perf_counter() if await self._peer.ask(self._sender, text) else None
        self.filed = len(self._left) <= 2  # after "yes"
        return Exchange(acknowledged=at, replied=at)

    def _said(self, lines: Lines) -> Iterator[str]:
        yield from (lines.report, lines.yes)
        yield lines.status.format(number=new_number(Random(self._sender)))
        yield lines.thanks
