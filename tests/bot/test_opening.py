"""A process that is started while its database is away: it listens, keeps what comes, and works once it is there."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.app import build
from bot.commands import serving
from bot.commands.checking import load
from bot.commands.server import listen
from bot.config import Config
from bot.ports import StoreUnavailable
from bot.roles.opening import AWAY, opened
from bot.roles.process import Role, Vecino
from store.migrate import migrate
from store.seal import ForeignKey
from tests import postgres
from tests.bot.conftest import WHOLE
from tests.bot.test_commands import DEMO, KEY, city
from tests.bot.test_process import Slow, free, writes
from tests.town import ScriptedParser

OTHER_KEY = {"VECINO_SECRET_KEY": "o" * 40}
LIVE = (DEMO, "mode: live\nport: 0")


@pytest.fixture
def stopped() -> Iterator[postgres.Cluster]:
    """A PostgreSQL of its own, away until it is started; every test leaves it running."""
    try:
        with postgres.running() as cluster:
            cluster.stop()
            yield cluster
    except postgres.Missing as missing:
        pytest.skip(str(missing))


async def live(folder: Path, url: str, key: dict[str, str]) -> Config:
    return await load(city(folder, LIVE), key | {"VECINO_VAR": str(folder / "var"), "VECINO_DATABASE_URL": url})


async def process(folder: Path, url: str, slow: Slow, parser: ScriptedParser, key: dict[str, str] = KEY) -> Vecino:
    config = await live(folder, url, key)
    return await build(config, parser, extra={"slow": slow}, role=Role.ALL, owner="test", durable=False)


@asynccontextmanager
async def listening(vecino: Vecino) -> AsyncIterator[aiohttp.ClientSession]:
    runner, port = await listen(vecino)
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as browser:
            yield browser
    finally:
        await runner.cleanup()
        await vecino.stop()


async def test_what_comes_before_the_database_is_kept_and_answered_when_it_is_there(
    tmp_path: Path, stopped: postgres.Cluster, parser: ScriptedParser
) -> None:
    slow = Slow()
    slow.through.set()
    vecino = await process(tmp_path, stopped.url("postgres"), slow, parser)
    async with listening(vecino) as browser:
        starting = asyncio.create_task(vecino.start())
        await writes(vecino, WHOLE)
        async with browser.get("/readyz") as answer:
            assert (answer.status, await answer.json()) == (503, {"database": False, "spool": True})
        async with browser.get("/healthz") as answer:
            assert answer.status == 200
        assert not starting.done()
        assert list((tmp_path / "var" / "spool").glob("*.sealed"))
        await asyncio.to_thread(stopped.start)
        async with asyncio.timeout(20):
            await starting
            await slow.sending.wait()
        assert not list((tmp_path / "var" / "spool").glob("*.sealed"))


async def test_a_foreign_key_ends_a_process_that_waited_and_the_spool_stays(
    tmp_path: Path, stopped: postgres.Cluster, parser: ScriptedParser
) -> None:
    url = stopped.url("postgres")
    await asyncio.to_thread(stopped.start)
    owner = await process(tmp_path, url, Slow(), parser)
    await owner.prepare()
    await writes(owner, "whose city this is")
    await owner.stop()
    await asyncio.to_thread(stopped.stop)
    stranger = await process(tmp_path, url, Slow(), parser, OTHER_KEY)
    starting = asyncio.create_task(stranger.start())
    await writes(stranger, "spooled with the other key")
    await asyncio.to_thread(stopped.start)
    with pytest.raises(ForeignKey, match="VECINO_SECRET_KEY"):
        await starting
    with pytest.raises(StoreUnavailable):
        await free(stranger)
    await stranger.stop()
    assert len(list((tmp_path / "var" / "spool").glob("*.sealed"))) == 1


async def test_who_may_not_work_yet_opens_no_spooled_file(tmp_path: Path, parser: ScriptedParser) -> None:
    """With a foreign key it would set them aside as unreadable."""
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    owner = await process(tmp_path, nowhere, Slow(), parser)
    stranger = await process(tmp_path, nowhere, Slow(), parser, OTHER_KEY)
    await writes(owner, "one")
    await writes(stranger, "two")
    with pytest.raises(StoreUnavailable):
        await stranger.reception.drain()
    assert sorted(path.suffix for path in (tmp_path / "var" / "spool").iterdir()) == [".sealed", ".sealed"]
    await owner.stop()
    await stranger.stop()


async def test_it_is_said_once_that_the_database_is_away() -> None:
    tries = iter([StoreUnavailable("gone"), StoreUnavailable("gone"), None])

    async def prepare() -> None:
        if trouble := next(tries):
            raise trouble

    with capture_logs() as logs:
        await opened(prepare, patient=True, pause=0)
    assert [(line["event"], line["why"]) for line in logs] == [(AWAY, "gone")]


async def test_an_embedded_database_that_cannot_be_used_is_not_waited_for() -> None:
    async def prepare() -> None:
        raise StoreUnavailable("read-only")

    with pytest.raises(StoreUnavailable):
        await opened(prepare, patient=False)


async def test_a_process_that_waits_for_its_database_ends_when_told(tmp_path: Path, parser: ScriptedParser) -> None:
    vecino = await process(tmp_path, "postgresql://nobody@127.0.0.1:1/none", Slow(), parser)
    told = asyncio.Event()
    asyncio.get_running_loop().call_later(0.05, told.set)
    assert not await serving._started(vecino, told)
    await vecino.stop()


async def test_several_processes_migrate_at_once(stopped: postgres.Cluster) -> None:
    await asyncio.to_thread(stopped.start)
    await asyncio.gather(*(migrate(stopped.url("postgres")) for _ in range(4)))
