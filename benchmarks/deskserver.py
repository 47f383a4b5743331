"""The web alone, in a process of its own, with clerks who are logged in: what `benchmarks.desk` asks."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from os import sysconf
from pathlib import Path

from aiohttp.web import AppRunner, TCPSite

from benchmarks.fleet import ROOT
from benchmarks.hostility.run import KEY
from bot.app import build
from bot.clock import SystemClock
from bot.config import Config, load
from bot.ports import Clerk, SavedList, Session, Store, Taken
from nlu.parse import Parse
from tickets.rights import Role

COOKIE = "vecino_desk"  # of a clerk's session
_STARTS_WITHIN = 120.0  # seconds
_LISTS = ("status=open&assignee=me", "status=open&late=1&department=roads")  # that each clerk keeps


class Deaf:
    """Nobody writes to this city."""

    async def parse(self, text: str) -> Parse:
        raise NotImplementedError(len(text))


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
    """Seconds of CPU that it took so far (proc(5))."""
    values = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(values[11]) + int(values[12])) / sysconf("SC_CLK_TCK")


def _run(url: str, clerks: int, line: Connection) -> None:
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(url, clerks, line))


async def _serve(url: str, clerks: int, line: Connection) -> None:
    with tempfile.TemporaryDirectory(prefix="vecino-deskserver-") as folder:
        vecino = await build(_config(url, Path(folder)), Deaf())
        await vecino.store.check_keys()
        await _admit(vecino.store, clerks)
        runner = AppRunner(vecino.web, access_log=None)
        await runner.setup()
        site = TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        line.send(runner.addresses[0][1])
        await asyncio.Event().wait()


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
            await work.clerks.open_session(session)
            for query in _LISTS:
                await work.clerks.save(login, SavedList(name=query[-12:], query=query), now)
            await work.commit()
