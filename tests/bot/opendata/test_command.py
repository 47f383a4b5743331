"""`python -m bot export`: now, all or a part, and errors as sentences."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.commands import export as command
from bot.commands.checking import load
from bot.commands.parser import parser
from bot.commands.serving import Unfit
from bot.config import Config, ConfigError
from bot.opendata import shelf
from store.database import Database
from store.migrate import migrate
from store.seal import Seal
from tests.store.samples import NOON, SECRET, StillClock, citizen, file, ticket

ROOT = Path(__file__).parents[3]


@pytest.fixture
async def config(tmp_path: Path) -> Config:
    demo = await load(ROOT / "config.yml", {"VECINO_VAR": str(tmp_path / "var")})
    url = f"sqlite:///{tmp_path / 'v.db'}"
    await migrate(url)
    return replace(demo, settings=replace(demo.settings, database_url=url, secret_keys=SECRET))


def wanted(config: Config, **given: object) -> command.Wanted:
    fields = {"out": None, "month": None, "formats": "csv,geojson,parquet,open311", "fresh": False}
    return command.wanted(config, StillClock(), **(fields | given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"month": "March"}, "March is no month; write one such as 2026-11"),
        ({"month": "2026-04"}, "2026-04 has not begun; this month is 2026-03"),
        ({"formats": "xlsx"}, "xlsx is no list of formats; there are csv, geojson, parquet, open311"),
        ({"formats": " , "}, "is no list of formats"),
    ],
)
async def test_what_cannot_be_made_is_said_in_a_sentence(config: Config, given: dict[str, str], says: str) -> None:
    with pytest.raises(Unfit, match=re.escape(says)):
        wanted(config, out=Path("x"), **given)


@pytest.mark.parametrize("given", [{"month": "2026-03"}, {"formats": "csv"}])
async def test_a_part_never_takes_the_place_of_the_whole(config: Config, given: dict[str, str]) -> None:
    with pytest.raises(Unfit, match="say with --out where to"):
        wanted(config, **given)


async def test_it_is_written_where_the_page_finds_it_and_says_how_far_it_is(
    config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = StillClock()
    store = await Database.open(config.settings.database_url, Seal(SECRET), clock=clock, durable=False)
    ana = await citizen(store)
    old = datetime(2026, 1, 9, tzinfo=UTC)
    await file(store, ticket("T1", ana), ticket("T2", ana, filed_at=old), ticket("T3", ana, filed_at=NOON))
    await store.close()
    await command.run(config, wanted(config), clock)
    assert shelf.read(config.settings.var / "data") is not None
    said = capsys.readouterr().out.splitlines()
    assert said[:3] == [
        "2026-01: 1 requests, 1 in all",
        "2026-03: 2 requests, 3 in all",
        "3 requests of 2 months, 0 of them unchanged",
    ]
    assert said[3].endswith(f"to {config.settings.var / 'data' / 'current'}")


async def test_a_month_is_written_elsewhere(config: Config, tmp_path: Path) -> None:
    await command.run(config, wanted(config, month="2026-03", out=tmp_path / "x", formats="csv,parquet"), StillClock())
    assert (tmp_path / "x" / "current" / "tickets.parquet").exists()
    assert not (tmp_path / "x" / "current" / "tickets.geojson.gz").exists()
    assert shelf.read(config.settings.var / "data") is None


async def test_where_nothing_can_be_written_it_says_so(config: Config, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unfit, match=r"cannot be written .*--out"):
        await command.run(config, wanted(config, out=tmp_path / "file" / "x"), StillClock())
    with shelf.held(tmp_path / "x"), pytest.raises(Unfit, match="Another export"):
        await command.run(config, wanted(config, out=tmp_path / "x"), StillClock())


def test_the_command_line_knows_it() -> None:
    given = parser().parse_args(["export", "--month", "2026-03", "--out", "x", "--fresh"])
    assert (given.command, given.month, given.out, given.fresh) == ("export", "2026-03", Path("x"), True)


@pytest.mark.parametrize(("written", "hour"), [("{hour: 5}", 5), ("{}", 3), ("false", None), ("{hour: 0}", 0)])
async def test_the_hour_stands_in_config_yml(tmp_path: Path, written: str, hour: int | None) -> None:
    assert (await _config(tmp_path, f"export: {written}")).settings.export_hour == hour


async def test_left_out_it_is_at_three(tmp_path: Path) -> None:
    assert (await _config(tmp_path, "")).settings.export_hour == 3


@pytest.mark.parametrize("written", ["{hour: 24}", "{hour: true}", "{our: 3}", "yes"])
async def test_another_hour_is_refused(tmp_path: Path, written: str) -> None:
    with pytest.raises(ConfigError) as wrong:
        await _config(tmp_path, f"export: {written}")
    assert any(problem.key.startswith("open.export") for problem in wrong.value.problems)


async def _config(folder: Path, line: str) -> Config:
    """The demo city's, with this line in `open`."""
    source = (ROOT / "config.yml").read_text(encoding="utf-8")
    assert "\nopen:" in source
    head, _, tail = source.partition("\nopen:")
    first, _, rest = tail.partition("\n")
    path = folder / "config.yml"
    path.write_text(f"{head}\nopen:{first}\n  {line}\n{rest}", encoding="utf-8")
    for name in ("areas", "streets", "landmarks"):
        for found in ROOT.glob(f"{name}*.geojson"):
            (folder / found.name).write_bytes(found.read_bytes())
    return await load(path, {"VECINO_VAR": str(folder / "var")})
