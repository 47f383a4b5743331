"""Words with their places in the text, and the folding that both models share."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

_WORD = re.compile(r"\d+|(?:[^\W\d_][\u0300-\u036f]*)+|[^\w\s]")
_DIGIT = re.compile(r"\d")
_REPEATED = re.compile(r"(.)\1{2,}")
_SIGNS = {"location": " @ ", "ticket": " # "}


class Word(NamedTuple):
    """A run of letters, a run of digits or one other sign. `start` and `end` are characters of the text; `glued`
    means that nothing stands between it and the word before, so that `7K3-9QX` is a chain of glued words."""

    text: str
    start: int
    end: int
    glued: bool


class Span(NamedTuple):
    """A run of characters and the entity it is."""

    start: int
    end: int
    entity: str


def words_of(text: str) -> list[Word]:
    """The words of a text, in order, without the spaces."""
    found, last = [], -1
    for match in _WORD.finditer(text):
        start, end = match.span()
        found.append(Word(match[0], start, end, start == last))
        last = end
    return found


def folded_words(text: str) -> list[str]:
    return list(map(fold, _WORD.findall(text)))


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Lower case, no accents, every digit a 0, a letter at most twice in a row: what spelling does not change."""
    plain = unicodedata.normalize("NFD", text.lower())
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return _REPEATED.sub(r"\1\1", _DIGIT.sub("0", bare))


def masked(text: str, spans: Sequence[Span]) -> str:
    """The text with each place as `@` and each reference as `#`: where it is must not tell what it is."""
    parts, last = [], 0
    for span in sorted(spans, key=lambda span: span.start):
        if span.entity in _SIGNS and span.start >= last:
            parts += [text[last : span.start], _SIGNS[span.entity]]
            last = span.end
    return "".join([*parts, text[last:]])
