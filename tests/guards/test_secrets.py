"""The scan for secrets finds one, and lets nothing through without a reason."""

import json
from pathlib import Path

import pytest

from tests.guards import secrets

# Put together here, so that this file holds none.
KEY = "AKIA" + "QYLPMN5HHHFPZAM2"


def test_a_key_in_a_file_is_found_and_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "settings.py").write_text(f'aws = "{KEY}"\n')
    monkeypatch.setattr(secrets, "ROOT", tmp_path)
    [(mark, where), *_] = secrets.of_file("settings.py")
    assert where.startswith("settings.py:1: ")
    assert KEY not in mark + where


def test_what_is_known_outlives_a_line_that_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "ROOT", tmp_path)
    (tmp_path / "a.py").write_text(f'aws = "{KEY}"\n')
    before = {mark for mark, _ in secrets.of_file("a.py")}
    (tmp_path / "a.py").write_text(f'\n\naws = "{KEY}"\n')
    assert {mark for mark, _ in secrets.of_file("a.py")} == before


def test_each_that_is_let_through_has_a_reason_and_its_file_is_there() -> None:
    for reason, marks in json.loads(secrets.KNOWN.read_text()).items():
        assert len(reason) > 10
        for mark in marks:
            assert (secrets.ROOT / mark.split(" ")[0]).exists(), mark
