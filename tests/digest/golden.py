"""Digests as they were looked at and found right; `python -m tests.digest.golden` writes them anew."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bot.i18n import catalogue
from digest.forms import Forms, render
from tests.digest import sample

GOLDEN = Path(__file__).parent / "golden"


@cache
def forms(language: str) -> Forms:
    return render(sample.ordinary(), sample.city(), language, catalogue(language))


def texts(language: str) -> Iterator[tuple[Path, str]]:
    """Each text form and its file. The figures stand once: only names differ from language to language."""
    made = forms(language)
    shown = {"html": made.html, "txt": made.text, "short.txt": f"{made.subject}\n\n{made.short}\n"}
    if language == "es":
        shown |= {"csv": made.csv, "json": made.json}
    for ending, text in shown.items():
        yield GOLDEN / f"digest.{language}.{ending}", text


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for each in sample.LANGUAGES:
        for path, text in texts(each):
            path.write_bytes(text.encode())
