"""A world for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.web.world import World, begin


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A city in earnest: no simulator, no demo log-in."""
    world = await begin(tmp_path)
    yield world
    await world.client.close()
    await world.store.close()


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[World]:
    """A city in demo mode."""
    world = await begin(tmp_path, demo=True)
    yield world
    await world.client.close()
    await world.store.close()
