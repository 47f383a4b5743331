from pathlib import Path

import pytest

from bot.commands import Unfit, usable


def test_a_folder_that_cannot_be_made_is_named_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unfit, match=r"cannot be written \(Not a directory\); set VECINO_VAR"):
        usable(tmp_path / "file" / "var")


def test_a_folder_that_is_missing_is_made(tmp_path: Path) -> None:
    usable(tmp_path / "a" / "var")
    assert list((tmp_path / "a" / "var").iterdir()) == []
