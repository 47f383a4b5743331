"""Databases for tests: each test that asks for one runs on SQLite and on PostgreSQL, in a fresh, migrated database.
And the real model, started once, for those that ask for it."""

import asyncio
import gc
import os
import shutil
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from aiohttp.web_app import _cached_build_middleware
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from nlu.child import NoRasa
from nlu.client import Address
from store.database import Database
from store.engine import parse_url
from store.migrate import migrate
from store.seal import Seal
from store.tables import metadata
from tests import postgres, rasa
from tests.store.samples import SECRET, StillClock


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """With VECINO_NO_SKIPS (set in CI) a test that would be skipped for want of a peer fails instead, and says why."""
    report = yield
    if report.skipped and os.environ.get("VECINO_NO_SKIPS"):
        report.outcome = "failed"
        report.longrepr = f"skipped, but in CI nothing may be: {report.longrepr}"
    return report


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the garbage collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """Commands that tests run in this process configure the logs, to a stream that is gone after the test."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.fixture(autouse=True)
def no_more_than_was_there() -> Iterator[None]:
    """aiohttp keeps the last 1,024 handlers with the applications they belong to: of a whole day in life, of each test
    here, and gigabytes that the garbage collector walks through again and again."""
    yield
    _cached_build_middleware.cache_clear()


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    """A PostgreSQL with a migrated database, started when the first test asks for it."""
    try:
        with postgres.running() as cluster:
            asyncio.run(migrate(cluster.url("postgres")))
            yield cluster
    except postgres.Missing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def model() -> Iterator[Address]:
    try:
        with rasa.running() as address:
            yield address
    except NoRasa as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    asyncio.run(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a migrated, empty database."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "vecino.db")
        return f"sqlite:///{tmp_path / 'vecino.db'}"
    cluster = request.getfixturevalue("cluster")
    asyncio.run(_empty(cluster.url("postgres")))
    return cluster.url("postgres")


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def seal() -> Seal:
    return Seal(SECRET)


@pytest.fixture
async def database(database_url: str, seal: Seal, clock: StillClock) -> AsyncIterator[Database]:
    database = await Database.open(database_url, seal, clock=clock, durable=False)
    yield database
    await database.close()


async def _empty(url: str) -> None:
    """Ten times faster than a database per test: what holds no page has held nothing since it was emptied last."""
    engine = create_async_engine(parse_url(url))
    async with engine.begin() as connection:
        used = await connection.scalars(
            text("SELECT name FROM unnest(CAST(:all AS text[])) AS name WHERE pg_relation_size(name::regclass) > 0"),
            {"all": list(metadata.tables)},
        )
        if names := ", ".join(used):
            await connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    await engine.dispose()
