"""docs/security.md answers every requirement of ASVS 4.0.3 at level 2, by a test that is there or by a reason."""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
STATES = {"holds", "not here", "gap"}
_ROW = re.compile(r"\| (\d+\.\d+\.\d+) \| (.+?) \| (.+?) \| (.+) \|")
_TEST = re.compile(r"`(tests/[\w/.]+\.py)::(test_\w+)`")
_CLOSING = re.compile(r"Closed (by|as) ")
_LEAST = 6  # words of a reason

# The numbers of levels 1 and 2, section by section. What the standard withdrew, and level 3, is left out.
SECTIONS = """
1.1 1-7
1.2 1-4
1.4 1 4 5
1.5 1-4
1.6 1-4
1.7 1 2
1.8 1 2
1.9 1 2
1.10 1
1.11 1 2
1.12 2
1.14 1-6
2.1 1-12
2.2 1-3
2.3 1-3
2.4 1-5
2.5 1-7
2.6 1-3
2.7 1-6
2.8 1-7
2.9 1-3
2.10 1-4
3.1 1
3.2 1-4
3.3 1-4
3.4 1-5
3.5 1-3
3.7 1
4.1 1-3 5
4.2 1 2
4.3 1-3
5.1 1-5
5.2 1-8
5.3 1-10
5.4 1-3
5.5 1-4
6.1 1-3
6.2 1-6
6.3 1 2
6.4 1 2
7.1 1-4
7.2 1 2
7.3 1 3 4
7.4 1-3
8.1 1-4
8.2 1-3
8.3 1-8
9.1 1-3
9.2 1-4
10.2 1 2
10.3 1-3
11.1 1-8
12.1 1-3
12.2 1
12.3 1-6
12.4 1 2
12.5 1 2
12.6 1
13.1 1 3-5
13.2 1-3 5 6
13.3 1 2
13.4 1 2
14.1 1-4
14.2 1-6
14.3 2 3
14.4 1-7
14.5 1-4
"""


class Row(NamedTuple):
    """A line of the table."""

    id: str
    asks: str
    state: str
    beside: str


def rows() -> list[Row]:
    text = (ROOT / "docs/security.md").read_text()
    return [Row(*match.groups()) for line in text.splitlines() if (match := _ROW.fullmatch(line))]


def ids() -> Iterator[str]:
    for line in SECTIONS.split("\n")[1:-1]:
        section, *numbers = line.split()
        for one in numbers:
            first, _, last = one.partition("-")
            yield from (f"{section}.{number}" for number in range(int(first), int(last or first) + 1))


@lru_cache
def named_in(path: str) -> frozenset[str]:
    """The tests that stand in a file, read and not run."""
    tree = ast.parse((ROOT / path).read_text())
    return frozenset(node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))


def test_each_requirement_is_answered_once_and_in_order() -> None:
    assert [row.id for row in rows()] == list(ids())


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.id)
def test_each_answer_has_a_test_that_is_there_or_a_reason(row: Row) -> None:
    assert row.state in STATES
    named = _TEST.findall(row.beside)
    assert row.beside.count("::") == len(named), "a test is named in a way that this does not read"
    for path, name in named:
        assert (ROOT / path).is_file(), f"{path} is not there"
        assert name in named_in(path), f"{name} is not in {path}"
    assert named or len(row.beside.split()) >= _LEAST


def test_a_gap_says_what_would_close_it() -> None:
    assert [row.id for row in rows() if row.state == "gap" and not _CLOSING.search(row.beside)] == []


def test_the_counts_that_the_document_tells_are_those_of_its_table() -> None:
    told = re.search(
        r"(\d+) requirements: (\d+) hold, (\d+) do not apply here, (\d+) are gaps",
        (ROOT / "docs/security.md").read_text(),
    )
    states = [row.state for row in rows()]
    assert told
    assert [int(one) for one in told.groups()] == [
        len(states),
        *(states.count(one) for one in ("holds", "not here", "gap")),
    ]
