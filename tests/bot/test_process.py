"""Processes in their roles on one PostgreSQL, and how one ends."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.app import build
from bot.commands import serving
from bot.commands.serving import NotHere, Unfit
from bot.config import load
from bot.roles.process import Role, Vecino
from channels import Rejected, Traits
from channels.message import Contact, Inbound, Outbound, Receipt, Webhook
from nlu.parse import NluUnavailable
from tests.bot.conftest import WHOLE
from tests.bot.test_commands import KEY, city
from tests.town import ScriptedParser

ROOT = Path(__file__).parents[2]
LIVE = ("mode: demo", "mode: live")
ANA = Contact(channel="slow", address="1")


class Slow:
    """A channel whose sends last until they are let through."""

    name = "slow"
    traits = Traits(buttons=0, text_limit=1000)

    def __init__(self) -> None:
        self.sending, self.through = asyncio.Event(), asyncio.Event()
        self.sent: list[str] = []

    def read(self, webhook: Webhook) -> list[Inbound | Receipt]:
        raise Rejected("none")

    async def send(self, outbound: Outbound) -> str:
        self.sending.set()
        await self.through.wait()
        self.sent.append(outbound.key)
        return outbound.key

    async def close(self) -> None:
        """Nothing is open."""


@asynccontextmanager
async def process(folder: Path, url: str, slow: Slow, role: Role, parser: ScriptedParser) -> AsyncIterator[Vecino]:
    config = load(city(folder, LIVE), KEY | {"VECINO_VAR": str(folder / "var"), "VECINO_DATABASE_URL": url})
    yield await build(config, parser, extra={"slow": slow}, role=role, owner=role.value, durable=False)


async def writes(vecino: Vecino, text: str) -> None:
    now = vecino.clock.now()
    await vecino.reception.accept([Inbound(sender=ANA, external_id=text, received_at=now, text=text)])


async def free(vecino: Vecino) -> bool:
    """Whether another process could go on with what is to be sent at once."""
    async with vecino.store.work() as work:
        return bool(await work.outbox.claim("other", vecino.clock.now(), 60, 10))


async def test_what_is_being_sent_at_the_end_is_finished(
    tmp_path: Path, database_url: str, parser: ScriptedParser
) -> None:
    slow = Slow()
    async with process(tmp_path, database_url, slow, Role.ALL, parser) as vecino:
        await vecino.start()
        await writes(vecino, WHOLE)
        await slow.sending.wait()
        ending = asyncio.create_task(vecino.stop())
        await asyncio.sleep(0)
        slow.through.set()
        await ending
    assert slow.sent


async def test_what_cannot_be_finished_in_time_is_left_to_others(
    tmp_path: Path, database_url: str, parser: ScriptedParser
) -> None:
    slow = Slow()
    async with process(tmp_path, database_url, slow, Role.ALL, parser) as vecino:
        await vecino.start()
        await writes(vecino, WHOLE)
        await slow.sending.wait()
        await vecino.stop(limit=0.05)
    async with process(tmp_path, database_url, slow, Role.WEB, parser) as other:
        await other.prepare()
        assert await free(other)
        await other.stop()
    assert slow.sent == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class Failing:
    """A loop that takes what is to be sent, and fails over it when all ends."""

    name, quiet = "failing", True

    def __init__(self, vecino: Vecino) -> None:
        self._vecino, self.holds, self._stopped = vecino, asyncio.Event(), asyncio.Event()

    async def run(self) -> None:
        while not self.holds.is_set():
            await asyncio.sleep(0.01)
            async with self._vecino.store.work() as work:
                if await work.outbox.claim(self._vecino.owner, self._vecino.clock.now(), 60, 10):
                    self.holds.set()
                await work.commit()
        await self._stopped.wait()
        raise KeyError

    def stop(self) -> None:
        self._stopped.set()


async def test_what_a_loop_held_that_fails_at_the_end_is_left_to_others(
    tmp_path: Path, database_url: str, parser: ScriptedParser
) -> None:
    slow = Slow()
    async with process(tmp_path, database_url, slow, Role.ALL, parser) as vecino:
        failing = Failing(vecino)
        vecino.loops = [*(loop for loop in vecino.loops if loop.name != "outbox"), failing]
        await vecino.start()
        await writes(vecino, WHOLE)
        await asyncio.wait_for(failing.holds.wait(), 20)
        await vecino.stop()
    async with process(tmp_path, database_url, slow, Role.WEB, parser) as other:
        await other.prepare()
        assert await free(other)
        await other.stop()


async def test_what_has_ended_by_an_error_is_told_to_who_asks_whether_we_are_ready(
    tmp_path: Path, database_url: str, parser: ScriptedParser
) -> None:
    async with process(tmp_path, database_url, Slow(), Role.ALL, parser) as vecino:
        await vecino.start()

        async def breaks() -> None:
            raise ZeroDivisionError

        async with TestClient(TestServer(vecino.web, host="127.0.0.1")) as probe:
            assert (await probe.get("/readyz")).status == 200
            task = vecino.watching.begin("poll:telegram", breaks)
            await asyncio.sleep(0)
            answer = await probe.get("/readyz")
            assert (answer.status, await answer.json()) == (
                503,
                {"database": True, "spool": True, "poll:telegram": False},
            )
        await vecino.stop()
        await task  # all ends: it is not begun again


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_web_process_takes_in_and_a_worker_answers(
    tmp_path: Path, database_url: str, parser: ScriptedParser
) -> None:
    slow = Slow()
    slow.through.set()
    async with (
        process(tmp_path, database_url, Slow(), Role.WEB, parser) as web,
        process(tmp_path, database_url, slow, Role.WORKER, parser) as worker,
    ):
        await web.start()
        await writes(web, WHOLE)
        await asyncio.sleep(0.3)
        assert slow.sent == []
        await worker.start()
        async with asyncio.timeout(10):
            await slow.sending.wait()
        await worker.stop()
        await web.stop()


async def test_a_web_process_understands_nothing() -> None:
    with pytest.raises(NluUnavailable):
        await NotHere().parse("hola")


@pytest.mark.parametrize("role", [Role.WEB, Role.WORKER])
@pytest.mark.parametrize(
    ("changes", "url", "says"),
    [([], "", "demo's phones live in one process"), ([LIVE], "", "SQLite is for one process")],
)
async def test_a_role_that_cannot_be_played_is_refused(
    tmp_path: Path, role: Role, changes: list[tuple[str, str]], url: str, says: str
) -> None:
    config = load(city(tmp_path, *changes), KEY | {"VECINO_VAR": str(tmp_path)})
    with pytest.raises(Unfit, match=says):
        await serving.serve(config, role)


@contextmanager
def served(folder: Path, url: str, role: str) -> Iterator["subprocess.Popen[str]"]:
    """A real process; Rasa is named and not there, so that none is started."""
    path = city(folder, (LIVE[0], "mode: live\nport: 0\nnlu_url: http://127.0.0.1:1"))
    environment = os.environ | KEY | {
        "VECINO_CONFIG": str(path), "VECINO_VAR": str(folder / "var"), "VECINO_DATABASE_URL": url,
    }  # fmt: skip
    command = [sys.executable, "-m", "bot", "serve", "--role", role]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as child:
        try:
            yield child
        finally:
            child.kill()


def said(child: "subprocess.Popen[str]", words: str) -> str:
    """Read on until a line has these words."""
    assert child.stdout is not None
    lines = []
    for line in child.stdout:
        lines.append(line)
        if words in line:
            return line
    raise AssertionError("".join(lines))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_real_processes_of_each_role_start_side_by_side_and_end_when_told(tmp_path: Path, database_url: str) -> None:
    with (
        served(tmp_path, database_url, "web") as web,
        served(tmp_path, database_url, "worker") as worker,
        served(tmp_path, database_url, "worker") as second,
    ):
        for child, words in ((web, "the desk:"), (worker, "is up"), (second, "is up")):
            said(child, words)
        assert len(list((tmp_path / "var" / "processes").iterdir())) == 3
        for child in (web, worker, second):
            child.send_signal(signal.SIGTERM)
        for child in (web, worker, second):
            assert child.wait(30) == 0


def test_a_second_process_on_sqlite_is_told_why_it_cannot_start(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'v.db'}"
    with served(tmp_path, url, "all") as first:
        said(first, "is up")
        with served(tmp_path, url, "all") as second:
            assert "needs PostgreSQL" in said(second, "Another Vecino works with this database already")
            assert second.wait(20) == 1
        first.send_signal(signal.SIGTERM)
        assert first.wait(30) == 0
