"""Digests as they were looked at and found right; `python -m tests.digest.golden` writes them anew.

They are of a demo's week (tests/digest/demo.py). That its numbers are right is proved by tests/digest/test_golden.py.
"""

import asyncio
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bot.i18n import catalogue
from digest.data import decode, encode
from digest.forms import Forms, render
from tests.digest import demo, sample
from tickets.figures import Digest

GOLDEN = Path(__file__).parent / "golden"
FIGURES = GOLDEN / "digest.json"


@cache
def digest() -> Digest:
    """As it is kept: counting it takes seconds."""
    return decode(FIGURES.read_text())


@cache
def forms(language: str) -> Forms:
    return render(digest(), sample.city(), language, catalogue(language))


def texts(language: str) -> Iterator[tuple[Path, str]]:
    """Each text form and its file. JSON is the same in each language."""
    made = forms(language)
    yield FIGURES, made.json
    shown = {"html": made.html, "txt": made.text, "csv": made.csv, "short.txt": f"{made.subject}\n\n{made.short}\n"}
    for ending, text in shown.items():
        yield GOLDEN / f"digest.{language}.{ending}", text


def main() -> None:
    GOLDEN.mkdir(exist_ok=True)
    FIGURES.write_bytes(f"{encode(asyncio.run(demo.from_scratch()))}\n".encode())
    for language in sample.LANGUAGES:
        for path, text in texts(language):
            path.write_bytes(text.encode())


if __name__ == "__main__":
    main()
