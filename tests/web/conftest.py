"""A world for each test."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from store.migrate import migrate
from tests.web.elsewhere import issuer, make
from tests.web.world import World, begin

__all__ = ["issuer", "make"]  # fixtures


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and nothing in them."""
    path = tmp_path_factory.mktemp("web") / "empty.sqlite"
    asyncio.run(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture
async def world(tmp_path: Path, empty: Path) -> AsyncIterator[World]:
    """A city in earnest: no simulator, no demo log-in."""
    world = await begin(tmp_path, empty=empty)
    yield world
    await world.client.close()
    await world.store.close()


@pytest.fixture
async def demo(tmp_path: Path, empty: Path) -> AsyncIterator[World]:
    """A city in demo mode."""
    world = await begin(tmp_path, demo=True, empty=empty)
    yield world
    await world.client.close()
    await world.store.close()
