"""Every decision says what somebody could do with it who means harm (docs/security.md, 1.1.2)."""

import re
from pathlib import Path

import pytest

DECISIONS = sorted((Path(__file__).parents[1] / "docs/adr").glob("*.md"))
_THREATS = re.compile(r"^(?:## Threats\n+|\*\*Threats\.\*\* )(?=\S)(.+?)(?=\n#|\Z)", re.MULTILINE | re.DOTALL)
_LEAST = 20  # words: less is no thought


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_each_decision_names_its_threats_once(path: Path) -> None:
    found = _THREATS.findall(path.read_text(encoding="utf-8"))
    assert len(found) == 1
    assert len(found[0].split()) >= _LEAST


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_no_two_decisions_say_the_same_of_their_threats() -> None:
    said = [_THREATS.findall(path.read_text(encoding="utf-8"))[0] for path in DECISIONS]
    assert len(set(said)) == len(said)
