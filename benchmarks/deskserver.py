"""The web alone, in a process of its own, with clerks who are logged in: what `benchmarks.desk` asks. Each answer says
how long it took in here and how long the loop stood still meanwhile."""

import asyncio
import gc
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from os import sysconf
from pathlib import Path
from time import perf_counter

from aiohttp.web import AppRunner, Request, StreamResponse, TCPSite, middleware

from benchmarks.fleet import ROOT
from benchmarks.hostility.run import KEY
from bot.app import build
from bot.clock import SystemClock
from bot.config import Config, load
from bot.ports import Clerk, SavedList, Session, Store, Taken
from nlu.parse import Parse
from tickets.rights import Role

COOKIE = "vecino_desk"  # of a clerk's session
TOOK, STOOD = (
    "Bench-Took",
    "Bench-Stood",
)  # ms: of this answer; the longest that the loop stood still since the last one
_STARTS_WITHIN = 120.0  # seconds
_LISTS = ("status=open&assignee=me", "status=open&late=1&department=roads")  # that each clerk keeps
_LOOKS = 0.005  # seconds between two looks at the loop


class Deaf:
    """Nobody writes to this city: a message that comes all the same is a mistake of the bench."""

    async def parse(self, text: str) -> Parse:
        raise AssertionError(f"a message of {len(text)} characters came to a desk's bench")


class Loop:
    """How late the loop comes back to who waits for nothing."""

    def __init__(self) -> None:
        self._longest = 0.0

    async def watch(self) -> None:
        while True:
            begun = perf_counter()
            await asyncio.sleep(_LOOKS)
            self._longest = max(self._longest, perf_counter() - begun - _LOOKS)

    def stood(self) -> float:
        """Seconds, since this was last asked."""
        longest, self._longest = self._longest, 0.0
        return longest


def token(clerk: int) -> str:
    """Of a clerk's log-in."""
    return f"desk-bench-{clerk}"


@contextmanager
def serving(url: str, clerks: int) -> Iterator[tuple[int, int]]:
    """The port on which it listens, and its process."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(url, clerks, theirs), daemon=True)
    process.start()
    try:
        if not ours.poll(_STARTS_WITHIN):
            raise SystemExit("the web does not come up")
        yield ours.recv(), process.pid or 0
    finally:
        process.terminate()
        process.join()


def worked(process: int) -> float:
    """Seconds of CPU that it took so far (proc(5)), with the children that it waited for."""
    return sum(_stat(process)[11:13]) / sysconf("SC_CLK_TCK")


def worked_below(process: int) -> float:
    """The same of it and of all its children that are still there: PostgreSQL's connections."""
    total = worked(process)
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if _stat(int(entry.name))[1] == process:
                total += worked(int(entry.name))
    return total


def memory(process: int) -> float:
    """Its most, in MiB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def _stat(process: int) -> list[int]:
    """Numbers behind the name: [1] is the parent, [11] and [12] what it worked, in ticks."""
    values = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return [0, *map(int, values[1:])]


def _run(url: str, clerks: int, line: Connection) -> None:
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(url, clerks, line))


async def _serve(url: str, clerks: int, line: Connection) -> None:
    with tempfile.TemporaryDirectory(prefix="vecino-deskserver-") as folder:
        vecino = await build(_config(url, Path(folder)), Deaf())
        await vecino.store.check_keys()
        await _admit(vecino.store, clerks)
        loop = Loop()
        watching = asyncio.create_task(loop.watch())
        vecino.web.middlewares.insert(0, _timed(loop))
        runner = AppRunner(vecino.web, access_log=None)
        await runner.setup()
        site = TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        gc.freeze()  # as `bot/__main__.py` does
        line.send(runner.addresses[0][1])
        await watching


def _timed(loop: Loop) -> Callable[..., Awaitable[StreamResponse]]:
    @middleware
    async def timed(request: Request, handler: Callable[[Request], Awaitable[StreamResponse]]) -> StreamResponse:
        begun = perf_counter()
        answer = await handler(request)
        answer.headers[TOOK] = f"{(perf_counter() - begun) * 1000:.2f}"
        answer.headers[STOOD] = f"{loop.stood() * 1000:.2f}"
        return answer

    return timed


def _config(url: str, folder: Path) -> Config:
    config = load(ROOT / "config.yml", {})
    settings = replace(
        config.settings, demo=False, channels=(), secret_keys=KEY, database_url=url, var=folder,
    )  # fmt: skip
    return replace(config, settings=settings)


async def _admit(store: Store, clerks: int) -> None:
    now = SystemClock().now()
    for n in range(clerks):
        login = f"bench{n}"
        async with store.work() as work:
            with suppress(Taken):
                await work.clerks.add(Clerk(login=login, name=login, language="es", password="", role=Role.SUPERVISOR))
            session = Session(
                token=token(n), login=login, csrf="c" * 43, expires_at=now + timedelta(hours=12), opened_at=now,
                seen_at=now, passed_at=now,
            )  # fmt: skip
            await work.clerks.close_session(session.token)  # of an earlier run
            await work.clerks.open_session(session)
            for query in _LISTS:
                await work.clerks.save(login, SavedList(name=query[-12:], query=query), now)
            await work.commit()
