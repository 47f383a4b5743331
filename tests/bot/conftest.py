import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from store.database import Database
from store.files import Files
from store.seal import Seal
from tests.store.samples import StillClock
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


@pytest.fixture
async def second(database_url: str, seal: Seal, clock: StillClock) -> AsyncIterator[Database]:
    """Another connection to the same database."""
    other = await Database.open(database_url, seal, clock=clock, durable=False)
    yield other
    await other.close()


@pytest.fixture
def files(tmp_path: Path, seal: Seal) -> Files:
    return Files(tmp_path / "files", seal)
