"""`python -m bot import`, as an administrator types it."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands.moving import Asked, move_in
from bot.commands.parser import parser
from bot.commands.serving import Unfit
from bot.config import Config, load
from bot.moving.report import Outcome
from store.database import Database
from tests.bot.moving.samples import MAPPING, StillClock, line, outcomes, table
from tests.bot.moving.test_work import tickets
from tests.store.samples import SECRET

ROOT = Path(__file__).parents[3]


def config(database_url: str, folder: Path) -> Config:
    key = {"VECINO_VAR": str(folder), "VECINO_DATABASE_URL": database_url, "VECINO_SECRET_KEY": SECRET}
    return load(ROOT / "config.yml", key)


def mapping(folder: Path, text: str = MAPPING) -> Path:
    path = folder / "mapping.yml"
    path.write_text(text, encoding="utf-8")
    return path


async def test_a_dry_run_then_the_real_one(
    database: Database, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    source = str(table(tmp_path, line("1"), line("=2+3", tipo="Nada")))
    errors = tmp_path / "errors.csv"
    asked = Asked(mapping=mapping(tmp_path), source=source, dry=True, errors=errors)
    city = config(database_url, tmp_path)
    await move_in(city, asked, StillClock())
    assert await tickets(database) == []
    said = capsys.readouterr().out
    assert "utf-8, cells separated by ';', 13 columns" in said
    assert "2 rows: a dry run, nothing was written" in said
    assert errors.read_text(encoding="utf-8").splitlines() == [
        "row,number,reason", "3,'=2+3,its service is not in the mapping"
    ]  # fmt: skip
    report = await move_in(city, replace(asked, dry=False, errors=None), StillClock())
    assert outcomes(report) == {Outcome.FILED: 1}
    assert len(await tickets(database)) == 1


@pytest.mark.parametrize(
    ("text", "source", "said"),
    [
        ("source: x", "old.csv", "The mapping cannot be used"),
        (MAPPING, "nothing.csv", "cannot be read"),
        (MAPPING.replace("Folio", "Nr"), "old.csv", "The header lacks: Nr"),
        (MAPPING + "\nrate: 100", "http://127.0.0.1:1/v2", "does not answer"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_cannot_be_imported_is_refused_with_a_sentence(
    database: Database, database_url: str, tmp_path: Path, text: str, source: str, said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    async def at_once(_: float) -> None:
        """Nobody waits in a test."""

    monkeypatch.setattr("bot.commands.moving.sleep", at_once)
    table(tmp_path, line("1"))
    path = source if source.startswith("http") else str(tmp_path / source)
    with pytest.raises(Unfit, match=said):
        await move_in(config(database_url, tmp_path), Asked(mapping=mapping(tmp_path, text), source=path))
    assert await tickets(database) == []


def test_what_is_typed() -> None:
    given = parser().parse_args(
        ["import", "--mapping", "m.yml", "--dry-run", "--since", "2019-01-31", "https://old.example/v2"]
    )
    assert (given.mapping, given.dry_run, given.since.isoformat()) == (
        Path("m.yml"), True, "2019-01-31T00:00:00+00:00"
    )  # fmt: skip
    with pytest.raises(SystemExit):
        parser().parse_args(["import", "--mapping", "m.yml", "--since", "yesterday", "x.csv"])
