"""How the tables of danger are written, and how their rows are looked for: `nlu/emergency.yml` says what a row means.

Hundreds of rows stand there and nearly no message holds one: a row is tried only where a word is said that it cannot
do without.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from nlu.dataset import fold

LONGEST = 2000  # characters that are looked at; who is in danger says so sooner
PAUSE = "0"  # stands for a comma; what belongs together has none between
_HOLE = "x"  # where harmless words stood; no row knows it
_GAP = rf"(?:(?!{PAUSE} )\w+ ){{0,4}}?"  # between two words of a row
_SENTENCE = re.compile(r"[.;:!?\n]+")
_STEM_FROM = 2  # letters

Lists = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` is folded, each word with a space behind it, PAUSE for a comma. `words` and `stems`, all beginnings of
    them, may hold more than is left in it."""

    text: str = field(repr=False)
    words: frozenset[str] = field(repr=False)
    stems: frozenset[str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows without an `&` as one expression, and the words and stems of which one must be said for any of them."""

    pattern: re.Pattern[str]
    words: frozenset[str]
    stems: frozenset[str]

    def found(self, sentence: Sentence) -> Iterator[re.Match[str]]:
        """Where one of the rows stands."""
        return self.pattern.finditer(sentence.text) if self._may_stand(sentence) else iter(())

    def without(self, sentence: Sentence) -> Sentence:
        """The sentence with a hole where one stood."""
        if not self._may_stand(sentence):
            return sentence
        left = self.pattern.sub(f" {_HOLE} ", sentence.text)
        return Sentence(left, sentence.words, sentence.stems)

    def _may_stand(self, sentence: Sentence) -> bool:
        return not (self.words.isdisjoint(sentence.words) and self.stems.isdisjoint(sentence.stems))


def sentences(text: str) -> list[Sentence]:
    """What is said, sentence by sentence."""
    parts = _SENTENCE.split(text[:LONGEST].replace(",", f" {PAUSE} "))
    return [_sentence(folded) for part in parts if (folded := fold(part))]


def rows(written: Iterable[str], lists: Lists) -> Rows:
    """The rows, compiled."""
    kept = tuple(written)
    needed = {word for row in kept for word in rarest_step(row, lists)}
    return Rows(
        any_of(kept, lists),
        frozenset(word for word in needed if not word.endswith("*")),
        frozenset(word.rstrip("*") for word in needed if word.endswith("*")),
    )


def together(several: Sequence[Rows]) -> Rows:
    """Those of several tables as one."""
    return Rows(
        re.compile("|".join(one.pattern.pattern for one in several)),
        frozenset[str]().union(*(one.words for one in several)),
        frozenset[str]().union(*(one.stems for one in several)),
    )


def any_of(written: Iterable[str], lists: Lists) -> re.Pattern[str]:
    """One of these rows, none of which has an `&`."""
    return re.compile("|".join(pattern(row, lists) for row in written))


def pattern(part: str, lists: Lists) -> str:
    """A part of a row as a regular expression over folded words, each with a space behind it."""
    return r"\b" + "".join(_steps(part, lists))


def rarest_step(row: str, lists: Lists) -> Sequence[str]:
    """The step of a row that fewest words can fulfil: longer words in it are rarer than short ones."""
    steps = [_choices(step, lists) for part in row.split("&") for step in part.split() if step != ".."]
    return min(steps, key=lambda words: sum(1 / len(word.rstrip("*")) ** 2 for word in words))


def _sentence(folded: str) -> Sentence:
    words = frozenset(folded.split())
    stems = frozenset(word[:end] for word in words for end in range(_STEM_FROM, len(word) + 1))
    return Sentence(f"{folded} ", words, stems)


def _steps(part: str, lists: Lists) -> Iterator[str]:
    for step in part.split():
        words = _choices(step, lists)
        yield _GAP if step == ".." else f"(?:{'|'.join(word.replace('*', chr(92) + 'w*') for word in words)}) "


def _choices(step: str, lists: Lists) -> Sequence[str]:
    return step.format_map(lists).split("|")
