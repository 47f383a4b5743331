"""A world whose city publishes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.web.open311.town import TOWN
from tests.web.world import World, begin


@pytest.fixture
async def open_world(tmp_path: Path, empty: Path) -> AsyncIterator[World]:
    world = await begin(tmp_path, empty=empty, city=TOWN)
    yield world
    await world.client.close()
    await world.store.close()
