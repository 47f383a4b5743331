import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from nlu.child import Child, Command, NoRasa, environment
from nlu.parse import NluStarting, NluUnavailable

HERE = Path(__file__).parent
SOON = 20.0  # seconds; a busy machine starts an interpreter late


def command(tmp_path: Path, does: str) -> Command:
    model = tmp_path / "model"
    model.write_text(does + "\n")
    return Command(python=Path(sys.executable), server=HERE / "fake_server.py", model=model)


def starts(run: Command) -> list[int]:
    return [int(line.split()[0]) for line in run.model.read_text().splitlines()[1:]]


@asynccontextmanager
async def child_of(run: Command) -> AsyncIterator[Child]:
    child = Child(run, pauses=(0.01,))
    await child.start()
    try:
        yield child
    finally:
        await child.stop()


async def until(true: Callable[[], bool]) -> None:
    """Another process cannot set an Event of ours: look until it is so."""
    async with asyncio.timeout(SOON):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def alive(pid: int) -> bool:
    """A zombie is dead."""
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] != "Z"


async def test_while_it_loads_it_is_starting_then_it_has_an_address(tmp_path: Path) -> None:
    async with child_of(command(tmp_path, "ok")) as child:
        with pytest.raises(NluStarting):
            child.address()
        assert await child.ready(SOON)
        assert child.address().url == "http://127.0.0.1:5005"


async def test_killed_it_comes_back_with_a_new_token(tmp_path: Path) -> None:
    run = command(tmp_path, "ok")
    async with child_of(run) as child:
        await child.ready(SOON)
        before = child.address().token
        os.kill(starts(run)[0], signal.SIGKILL)
        await until(lambda: len(starts(run)) == 2)
        assert await child.ready(SOON)
        assert child.address().token != before


async def test_one_that_keeps_failing_is_unavailable_and_still_tried(tmp_path: Path) -> None:
    run = command(tmp_path, "fails")
    async with child_of(run) as child:
        await until(lambda: len(starts(run)) >= 4)
        with pytest.raises(NluUnavailable) as error:
            child.address()
        assert not isinstance(error.value, NluStarting)


async def test_one_that_cannot_even_be_launched_is_told_and_tried_until_it_can(tmp_path: Path) -> None:
    run = replace(command(tmp_path, "ok"), python=tmp_path / "python")
    run.python.touch(mode=0o600)
    with capture_logs() as told:
        async with child_of(run) as child:
            await until(lambda: len(told) >= 6)
            with pytest.raises(NluUnavailable, match="does not come up"):
                child.address()
            run.python.unlink()
            run.python.symlink_to(sys.executable)
            assert await child.ready(SOON)
    assert {line["reason"] for line in told if line["event"] == "rasa.failed"} == {"Permission denied"}


@pytest.mark.parametrize("does", ["ok", "deaf"])
async def test_stopped_nothing_is_left(tmp_path: Path, does: str) -> None:
    run = command(tmp_path, does)
    async with child_of(run) as child:
        await child.ready(SOON)
    (pid,) = starts(run)
    assert not alive(pid)


async def test_it_can_be_stopped_before_it_was_started(tmp_path: Path) -> None:
    child = Child(command(tmp_path, "ok"))
    await child.stop()
    with pytest.raises(NluUnavailable):
        child.address()


async def test_the_child_knows_no_secret_of_the_bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VECINO_SECRET_KEY", "TELEGRAM_BOT_TOKEN", "TWILIO_AUTH_TOKEN", "VECINO_DATABASE_URL", "SMTP_URL"):
        monkeypatch.setenv(name, "geheim")
    run = command(tmp_path, "ok")
    async with child_of(run) as child:
        await child.ready(SOON)
    known = run.model.read_text()
    assert "VECINO_NLU_TOKEN" in known
    assert not any(name in known for name in ("SECRET_KEY", "TELEGRAM", "TWILIO", "DATABASE_URL", "SMTP"))
    assert "geheim" not in str(environment("token"))


@pytest.mark.parametrize(
    ("missing", "says"), [("python", "environment is not set up"), ("model", "python -m bot train")]
)
async def test_what_is_missing_is_named(tmp_path: Path, missing: str, says: str) -> None:
    run = command(tmp_path, "ok")
    gone = {"python": run.python, "model": run.model, missing: tmp_path / "nowhere"}
    with pytest.raises(NoRasa, match=says):
        await Child(Command(server=run.server, **gone)).start()


PARENT = """
import asyncio, sys
from pathlib import Path
from nlu.child import Child, Command

async def main():
    server, model = map(Path, sys.argv[1:])
    child = Child(Command(python=Path({python!r}), server=server, model=model))
    await child.start()
    await child.ready(60)
    print(child.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


def parent(server: Path, model: Path, python: Path) -> subprocess.Popen[str]:
    """A process of its own that has a child."""
    script = PARENT.format(python=str(python))
    arguments = [sys.executable, "-c", script, str(server), str(model)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=HERE.parents[1])


def read_pid(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    return next(int(line) for line in process.stdout if line.strip().isdigit())


async def test_the_child_dies_with_its_killed_parent(tmp_path: Path) -> None:
    run = command(tmp_path, "ok")
    process = parent(run.server, run.model, run.python)
    try:
        pid = read_pid(process)
        assert alive(pid)
        process.kill()
        await until(lambda: not alive(pid))
    finally:
        process.kill()
        process.communicate()
        with suppress(ProcessLookupError):
            os.kill(starts(run)[0], signal.SIGKILL)
