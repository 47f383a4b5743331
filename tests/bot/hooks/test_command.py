"""`python -m bot hook`: what is typed, what is shown, and what is refused with a sentence."""

import os
import re
import sys
from pathlib import Path

import pytest

from bot.commands.arguments import run
from bot.commands.hooks import WHY
from bot.hooks.target import Trouble
from tests.bot.test_commands import KEY, city

URL = "https://93.184.216.34/hook?key=word"


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = city(tmp_path, ("mode: demo", "mode: live"))
    for name, value in (KEY | {"VECINO_CONFIG": str(path), "VECINO_VAR": str(tmp_path / "var")}).items():
        monkeypatch.setitem(os.environ, name, value)
    return path


def hook(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["vecino", "hook", *words])
    status = run()
    said = capsys.readouterr()
    return status, said.out + said.err


def test_one_is_added_listed_paused_replayed_rotated_and_removed(
    typed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def says(*words: str) -> str:
        status, said = hook(monkeypatch, capsys, *words)
        assert status == 0, said
        return said

    assert "nobody yet" in says("list")
    secret = re.search(r"whsec_\S+", says("add", "Power", URL, "--services", "lighting", "--events", "closed"))
    assert secret
    listed = says("list")
    assert re.search(r"1  on +Power +told never  waiting 0  aside 0  closed lighting", listed)
    assert "93.184" not in listed
    says("pause", "1")
    assert "paused" in says("list")
    says("resume", "1")
    assert "from 2026-03-02T00:00" in says("replay", "1", "--since", "2026-03-02")
    assert secret[0] not in says("rotate", "1")
    says("remove", "1")
    assert "nobody yet" in says("list")


@pytest.mark.parametrize(("words", "sentence"), [
    (("add", "x", "https://10.0.0.1/"), "private network"),
    (("add", "x", "nonsense"), "no address"),
    (("add", " ", URL), "name"),
    (("add", "x", URL, "--services", "dragons"), "dragons is no service"),
    (("add", "x", URL, "--areas", "moon"), "moon is no area"),
    (("remove", "9"), "no such subscriber"),
    (("ping", "9"), "no such subscriber"),
    (("replay", "9", "--event", "7K3-9QX.4"), "no event 7K3-9QX.4"),
])  # fmt: skip
def test_what_cannot_be_is_refused_with_a_sentence(
    typed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], sentence: str
) -> None:  # fmt: skip
    status, said = hook(monkeypatch, capsys, *words)
    assert status == 1
    assert sentence in said
    assert "Traceback" not in said


def test_each_trouble_has_a_sentence() -> None:
    assert set(WHY) == set(Trouble)
