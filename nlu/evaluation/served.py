"""A model behind a server, asked one message after the other: what it says and what it costs."""

import asyncio
import os
import secrets
import socket
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from nlu.child import Child, NoRasa, command, environment, rasa_python
from nlu.client import Address, Client, Fixed
from nlu.evaluation.metrics import Case, Outcome
from nlu.parse import NluUnavailable
from nlu.train import FOLDER

_LOADS = 900.0  # seconds; Rasa trains a CRF anew at each load, and DIET takes minutes on a busy machine
_SLOW = 30.0  # seconds for one message; only a first one takes more than one
_TRIALS = 4  # times that each text of the timed sample is asked
_SAMPLE = 150  # texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Until it answered (seconds), resident memory (MB), the middle of the times of one message (ms), and how busy the
    machine was meanwhile: above its number of cores the times say more of the neighbours."""

    load_s: float
    memory_mb: int
    ms: float
    load_average: float


async def ours(archive: Path, cases: Mapping[str, Sequence[Case]]) -> tuple[dict[str, list[Outcome]], Cost]:
    """The model as the bot runs it."""
    return await _served("serve.py", archive, cases)


async def by_rasa(archive: Path, cases: Mapping[str, Sequence[Case]]) -> tuple[dict[str, list[Outcome]], Cost]:
    """A model as `rasa run` serves it."""
    return await _served("rasa run", archive, cases)


async def _served(
    name: str, archive: Path, cases: Mapping[str, Sequence[Case]]
) -> tuple[dict[str, list[Outcome]], Cost]:
    began = time.monotonic()
    async with SERVERS[name](archive) as (address, pid):
        return await _ask_all(address, pid, time.monotonic() - began, cases)


@asynccontextmanager
async def _ours(archive: Path) -> AsyncIterator[tuple[Address, int]]:
    child = Child(command(archive))
    try:
        await child.start()
        if not await child.ready(_LOADS) or child.pid is None:
            raise SystemExit("the model's server did not come up")
        yield child.address(), child.pid
    except NoRasa as why:
        raise SystemExit(str(why)) from None
    finally:
        await child.stop()


@asynccontextmanager
async def _rasa(archive: Path) -> AsyncIterator[tuple[Address, int]]:
    """Rasa imports the components that a model names, so ours are put in its way."""
    token, port = secrets.token_urlsafe(16), _free_port()
    process = await asyncio.create_subprocess_exec(
        rasa_python().absolute(), "-W", "ignore", "-m", "rasa", "run", "--enable-api", "-i", "127.0.0.1",
        "-p", str(port), "--auth-token", token, "-m", archive.name,
        stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, cwd=archive.parent,
        env=environment(token) | {"PYTHONPATH": str(FOLDER.resolve())},
    )  # fmt: skip
    address = Address(url=f"http://127.0.0.1:{port}", token=token)
    try:
        await _loaded(address, process)
        yield address, process.pid
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


SERVERS: Mapping[str, Callable[[Path], AbstractAsyncContextManager[tuple[Address, int]]]] = {
    "serve.py": _ours,
    "rasa run": _rasa,
}


async def _loaded(address: Address, process: Process) -> None:
    """Wait until Rasa has its model: before that /status answers 409."""
    end = time.monotonic() + _LOADS
    async with aiohttp.ClientSession() as session:
        while process.returncode is None and time.monotonic() < end:
            with suppress(aiohttp.ClientError):
                async with session.get(f"{address.url}/status", params={"token": address.token}) as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.2)
    raise SystemExit(f"`rasa run` did not come up within {_LOADS:.0f} s, or ended")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


async def _ask_all(
    address: Address, pid: int, load: float, cases: Mapping[str, Sequence[Case]]
) -> tuple[dict[str, list[Outcome]], Cost]:
    async with aiohttp.ClientSession() as session:
        client = Client(session, Fixed(at=address), clock=time.monotonic, timeout=_SLOW)
        said = {name: [await _outcome(case, client) for case in some] for name, some in cases.items()}
        sample = [case.text for some in cases.values() for case in some][:: max(1, _count(cases) // _SAMPLE)]
        each = await _middle(sample, session, address)
    busy = round(os.getloadavg()[0], 1)
    return said, Cost(load_s=round(load, 1), memory_mb=memory(pid), ms=round(each, 2), load_average=busy)


def _count(cases: Mapping[str, Sequence[Case]]) -> int:
    return sum(map(len, cases.values()))


async def _outcome(case: Case, client: Client) -> Outcome:
    try:
        return Outcome(case=case, parse=await client.parse(case.text))
    except NluUnavailable as why:
        raise SystemExit(f"the model's server failed: {why}") from None


async def _middle(sample: Sequence[str], session: aiohttp.ClientSession, address: Address) -> float:
    """The median of the milliseconds from asking to the whole answer."""
    times = []
    for text in [*sample] * _TRIALS:
        began = time.perf_counter()
        async with session.post(
            f"{address.url}/model/parse", params={"token": address.token}, json={"text": text}
        ) as answer:
            await answer.read()
        times.append(time.perf_counter() - began)
    return sorted(times)[len(times) // 2] * 1000


def memory(pid: int) -> int:
    """Resident megabytes of a process; 0 where /proc does not tell."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS")), 0)
