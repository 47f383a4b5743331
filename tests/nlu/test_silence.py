"""Nothing a citizen writes may appear in what the server prints, whatever goes wrong. Needs nlu/.venv and a model."""

import asyncio
import json
import os
from asyncio.subprocess import PIPE
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest

from nlu.child import Child, NoRasa, command, environment
from nlu.train import model_path
from tests.nlu.test_child import alive, parent, read_pid, until

RUN = command(model_path(Path(__file__).parents[2] / "var" / "models"))
SECRET = "zapatilla"
TOKEN = "a-token"


@pytest.fixture(autouse=True)
def present() -> None:
    try:
        RUN.check()
    except NoRasa as missing:
        pytest.skip(str(missing))


async def test_no_word_of_a_citizen_is_printed() -> None:
    noisy = {
        "LOG_LEVEL": "DEBUG",
        "LOG_LEVEL_LIBRARIES": "DEBUG",
        "PYTHONWARNINGS": "always",
        "PYTHONASYNCIODEBUG": "1",
    }
    process = await asyncio.create_subprocess_exec(
        RUN.python, RUN.server, RUN.model, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment(TOKEN) | noisy
    )
    assert process.stdout is not None
    port = json.loads(await process.stdout.readline())["port"]
    async with aiohttp.ClientSession() as session:
        for body in (
            json.dumps({"text": f"hay una {SECRET} en Av. {SECRET} 5"}),
            json.dumps({"text": f'/{SECRET}{{"{SECRET}": 1}}'}),
            json.dumps({"text": f"{SECRET} \ud83d \x00"}),
            f'{{"text": "{SECRET}',
            json.dumps({"words": SECRET}),
        ):
            url = f"http://127.0.0.1:{port}/model/parse"
            async with session.post(url, params={"token": TOKEN}, data=body.encode()) as response:
                assert response.status in {200, 400}
    out, err = await process.communicate(b"")  # closes its stdin: it ends
    assert process.returncode == 0
    assert SECRET.encode() not in out + err


async def test_the_real_server_dies_with_its_killed_parent() -> None:
    process = parent(RUN.server, RUN.model, RUN.python)
    pid = None
    try:
        pid = await asyncio.to_thread(read_pid, process)
        assert alive(pid)
        process.kill()
        await until(lambda: not alive(pid))
    finally:
        process.kill()
        process.communicate()
        with suppress(ProcessLookupError, TypeError):
            os.kill(pid, 9)  # type: ignore[arg-type]


async def test_a_model_that_is_no_model_is_named_at_start(tmp_path: Path) -> None:
    broken = tmp_path / "model.tar.gz"
    broken.write_bytes(b"no archive")
    process = await asyncio.create_subprocess_exec(
        RUN.python, RUN.server, broken, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment(TOKEN)
    )
    assert process.stdout is not None
    said = json.loads(await process.stdout.readline())
    await process.wait()  # its stdin stays open: a closed one would end it in another way
    assert process.returncode == 1
    assert "failed" in said


async def test_the_watched_real_server_comes_back_when_killed() -> None:
    child = Child(RUN, pauses=(0.1,))
    await child.start()
    try:
        assert await child.ready(60)
        before = child.address()
        os.kill(child.pid or 0, 9)
        await until(lambda: not child.up)
        assert await child.ready(60)
        assert child.address() != before
    finally:
        await child.stop()
