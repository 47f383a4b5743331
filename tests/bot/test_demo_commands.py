import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands.demo import demo, fill
from bot.commands.serving import Unfit
from bot.config import load
from bot.ports import Query
from store.database import Database
from store.migrate import migrate
from store.possession import InUse, sole
from store.seal import Seal
from tests.store.samples import NOON, SECRET

ROOT = Path(__file__).parents[2]


async def test_the_demo_is_filled_with_as_many_tickets_as_asked_for(
    database: Database, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = {"VECINO_VAR": str(tmp_path), "VECINO_DATABASE_URL": database_url, "VECINO_SECRET_KEY": SECRET}
    await demo(load(ROOT / "config.yml", key), 30, 4, 1)
    assert "30 of 30 tickets" in capsys.readouterr().out
    async with database.view() as view:
        assert (await view.tickets.page(Query(open=None))).total == 30


async def test_the_same_seed_and_instant_fill_two_databases_with_the_same_history(tmp_path: Path) -> None:
    found, city = [], load(ROOT / "config.yml", {}).city
    for name in ("one", "other"):
        url = f"sqlite:///{tmp_path / name}.db"
        await migrate(url)
        await fill(url, Seal(SECRET), city, tickets=150, weeks=9, seed=5, now=NOON)
        with closing(sqlite3.connect(tmp_path / f"{name}.db")) as database:
            clear = "SELECT number, version, at, event, new, public, citizen FROM updates ORDER BY number, version"
            found.append(database.execute(clear).fetchall())
            assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert found[0] == found[1] and len({row[0] for row in found[0]}) == 150


async def test_tickets_are_added_to_those_that_are_there(
    database: Database, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    city = load(ROOT / "config.yml", {}).city
    for seed, tickets in ((1, 60), (1, 40)):  # the same seed draws the same numbers, and the taken ones once more
        await fill(database_url, Seal(SECRET), city, tickets=tickets, weeks=5, seed=seed)
    assert "40 of 40 tickets" in capsys.readouterr().out
    async with database.view() as view:
        assert sum((await view.tickets.count_by_status()).values()) == 100
        assert (await view.tickets.page(Query(open=None))).total == 100


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
