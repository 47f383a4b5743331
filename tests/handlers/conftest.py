import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.town import ScriptedParser, Town, town


@pytest.fixture
def parser() -> ScriptedParser:
    return ScriptedParser()


@pytest.fixture
async def puerto(tmp_path: Path, sqlite_template: Path, parser: ScriptedParser) -> AsyncIterator[Town]:
    shutil.copy(sqlite_template, tmp_path / "town.db")
    async with town(tmp_path, parser, database_url=f"sqlite:///{tmp_path / 'town.db'}") as place:
        yield place
