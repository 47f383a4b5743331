import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.town import ScriptedParser, Town, parse, town

WHOLE = "hay un bache en Av. Bolívar 123"


@pytest.fixture
def parser() -> ScriptedParser:
    return ScriptedParser({WHOLE: parse("report_pothole", WHOLE, location="Av. Bolívar 123", language="es")})


@pytest.fixture
async def puerto(tmp_path: Path, sqlite_template: Path, parser: ScriptedParser) -> AsyncIterator[Town]:
    shutil.copy(sqlite_template, tmp_path / "town.db")
    async with town(tmp_path, parser, database_url=f"sqlite:///{tmp_path / 'town.db'}") as place:
        yield place
