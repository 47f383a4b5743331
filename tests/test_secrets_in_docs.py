"""Every secret that Vecino is given has a day and a way to be changed, in the runbook."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
_SECRET = re.compile(r"\w*(?:KEY|TOKEN|SECRET|PASSWORD|DATABASE_URL)")
_CHAPTER = re.compile(r"^## Change the other secrets\n(.*?)^## ", re.MULTILINE | re.DOTALL)
_NOT_OURS = {"POSTGRES_PASSWORD"}  # of compose.yml alone: the database's, which stands in the URL


def table() -> list[list[str]]:
    """Secret, where, how often, how."""
    chapter = _CHAPTER.search((ROOT / "docs/operations.md").read_text(encoding="utf-8"))
    assert chapter
    rows = [line.strip("| ").split(" | ") for line in chapter[1].splitlines() if line.startswith("| ")]
    return rows[2:] if set(rows[1][0]) <= set("- |") else rows


def given() -> set[str]:
    """The names of secrets in the environment, as the documents and the examples have them."""
    text = (ROOT / "docs/config.md").read_text(encoding="utf-8").partition("## The environment")[2]
    names = set(re.findall(r"`([A-Z][A-Z0-9_]+)`", text))
    names |= set(re.findall(r"^(\w+)=", (ROOT / "deploy/vecino.env.example").read_text(), re.MULTILINE))
    return {name for name in names if _SECRET.fullmatch(name)} - _NOT_OURS


@pytest.mark.parametrize("name", sorted(given()))
def test_each_secret_has_a_line(name: str) -> None:
    assert any(f"`{name}`" in row[0] for row in table())


@pytest.mark.parametrize("row", table(), ids=lambda row: row[0])
def test_each_line_says_where_how_often_and_how(row: list[str]) -> None:
    assert len(row) == 4
    assert all(row)
    _, _, often, how = row
    assert "year" in often or often in {"as it says there", "when they leak, not by the calendar"}
    assert re.search(r"`[^`]+`|\]\(#", how), "a command, a page or a chapter"


def test_the_secrets_of_all_parts_are_known_here() -> None:
    assert {"VECINO_SECRET_KEY", "VECINO_NLU_TOKEN", "TWILIO_AUTH_TOKEN", "VECINO_DATABASE_URL"} <= given()
    assert len(given()) >= 9
