from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands.demo import demo
from bot.commands.serving import Unfit
from bot.config import load
from bot.ports import Query
from store.database import Database
from store.possession import InUse, sole
from tests.store.samples import SECRET

ROOT = Path(__file__).parents[2]


async def test_the_demo_is_filled_with_as_many_tickets_as_asked_for(
    database: Database, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = {"VECINO_VAR": str(tmp_path), "VECINO_DATABASE_URL": database_url, "VECINO_SECRET_KEY": SECRET}
    await demo(load(ROOT / "config.yml", key), 30, 4, 1)
    assert "30 of 30 tickets" in capsys.readouterr().out
    async with database.view() as view:
        assert (await view.tickets.page(Query(open=None))).total == 30


async def test_invented_tickets_never_come_among_real_ones(tmp_path: Path) -> None:
    config = load(ROOT / "config.yml", {"VECINO_VAR": str(tmp_path)})
    live = replace(config, settings=replace(config.settings, demo=False))
    with pytest.raises(Unfit, match="`mode: live`"):
        await demo(live, 1, 1, 1)
    assert not any(tmp_path.iterdir())  # noqa: ASYNC240 - nobody waits


async def test_a_demo_that_runs_is_not_filled_behind_its_back(tmp_path: Path) -> None:
    config = load(ROOT / "config.yml", {"VECINO_VAR": str(tmp_path)})
    with sole(config.settings.database_url), pytest.raises(InUse):
        await demo(config, 1, 1, 1)
