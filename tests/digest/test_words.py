"""Every word of a digest has its translation, with the same gaps to fill."""

import ast
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from bot.texts import LOCALES
from digest import words

MARKS = ("_", "ngettext")
CALLS = (node for node in ast.walk(ast.parse(Path(words.__file__).read_text())) if isinstance(node, ast.Call))
SOURCES = [
    ast.literal_eval(call.args[0]) for call in CALLS if isinstance(call.func, ast.Name) and call.func.id in MARKS
]


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", ["es", "pt", "fr"])
def test_every_word_is_translated_with_the_same_gaps(language):
    with (LOCALES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        messages = read_po(file, locale=language)
    for source in SOURCES:
        written = messages[source].string
        for each in [written] if isinstance(written, str) else written:
            assert each and gaps(each) == gaps(source), source
