"""docs/privacy.md names every table that there is, and the notices name words that the bot really hears."""

import re
from pathlib import Path

import pytest

from store.tables import metadata
from tickets.retention import Duty

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "privacy.md").read_text(encoding="utf-8")
KEYWORDS = (DOCS.parent / "handlers" / "phrases" / "keywords.py").read_text(encoding="utf-8")


def listed() -> set[str]:
    """Tables in the first column of the last table of the page."""
    rows = PAGE.partition("## Table by table")[2].partition("\n## ")[0].splitlines()
    return {name for row in rows if row.startswith("| `") for name in re.findall(r"`(\w+)`", row.split("|")[1])}


def test_every_table_is_named_and_no_other() -> None:
    assert listed() == set(metadata.tables)


@pytest.mark.parametrize("duty", Duty)
def test_every_duty_of_a_rule_is_told(duty: Duty) -> None:
    assert f"| `{duty}` |" in PAGE


@pytest.mark.parametrize("language", ["es", "pt", "en", "fr"])
def test_a_notice_names_words_that_are_heard(language: str) -> None:
    notice = (DOCS / "privacy-notice" / f"{language}.md").read_text(encoding="utf-8")
    words = re.findall(r"^- \*\*([A-Z ]+)\*\*", notice, re.MULTILINE)
    assert len(words) == 4
    for word in words:
        assert f'"{word.lower()}"' in KEYWORDS, word
    assert f"privacy-notice/{language}.md" in PAGE
