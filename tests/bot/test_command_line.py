"""What is typed, and what it means where nothing is typed."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from bot.commands.arguments import run
from bot.config import data_root
from tests.bot.test_commands import KEY, city

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("environment", "folder"), [({}, "var"), ({"VECINO_VAR": ""}, "var"), ({"VECINO_VAR": "/srv/v"}, "/srv/v")]
)
def test_a_folder_that_is_set_to_nothing_is_the_usual_one(environment: Mapping[str, str], folder: str) -> None:
    """For training and serving alike: both ask here."""
    assert data_root(environment) == Path(folder)


@pytest.mark.parametrize(("typed", "language"), [((), "pt"), (("--language", "en"), "en")])
def test_a_clerk_s_pages_are_in_the_city_s_first_language_unless_said_otherwise(
    tmp_path: Path, typed: tuple[str, ...], language: str
) -> None:
    path = city(tmp_path, ("mode: demo", "mode: live"), ("languages: [es, pt, en, fr]", "languages: [pt, es, en, fr]"))
    environment = os.environ | KEY | {"VECINO_CONFIG": str(path), "VECINO_VAR": str(tmp_path / "var")}
    command = [sys.executable, "-m", "bot", "clerk", "add", "rosa", *typed]
    run = subprocess.run(
        command, cwd=ROOT, env=environment, input="a few words in a row\n", capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert kept(tmp_path / "var" / "vecino.db") == language


def kept(database: Path) -> str:
    with closing(sqlite3.connect(database)) as file:
        return str(file.execute("SELECT language FROM clerks").fetchone()[0])


@pytest.mark.parametrize(
    "typed",
    [
        ("demo", "--tickets", "0"), ("demo", "--tickets", "99999999"), ("demo", "--weeks", "200000"),
        ("demo", "--weeks", "-3"), ("demo", "--weeks", "x"), ("undelivered", "--most", "-1"),
        ("rasa", "--port", "70000"), ("demo", "--tickets", "9" * 5000),
    ],
)  # fmt: skip
def test_a_number_that_makes_no_sense_is_refused_with_a_sentence(
    typed: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["vecino", *typed])
    with pytest.raises(SystemExit) as ended:
        run()
    assert ended.value.code == 2
    assert f"argument {typed[1]}: a whole number from 1 to " in capsys.readouterr().err


def test_rasa_asks_for_its_token_and_reads_no_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its user may read neither config.yml nor the bot's secrets."""
    for name in ("VECINO_NLU_TOKEN", "VECINO_SECRET_KEY", "VECINO_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VECINO_VAR", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["vecino", "rasa"])
    assert run() == 1
    assert capsys.readouterr().err.startswith("Set VECINO_NLU_TOKEN")
    monkeypatch.setenv("VECINO_NLU_TOKEN", "t")
    monkeypatch.setenv("VECINO_NLU_PYTHON", sys.executable)
    assert run() == 1
    assert "no model is trained" in capsys.readouterr().err
