"""Emergency by rule: whether words say that somebody's life is in danger now, whatever the model makes of them.

The table is `nlu/emergency.yml`, which says how its rows are read. All languages count at once, for nobody's language
is known at the first word.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypedDict

import yaml

from nlu.rows import PAUSE, Lists, Rows, Sentence, any_of, pattern, rarest_step, rows, sentences

TABLE = Path(__file__).parent / "emergency.yml"
BREATH = 30  # words; in a longer sentence the parts of a row (`&`) need not belong together
_DENIED_WITHIN, _SUPPOSED_WITHIN = 2, 4  # words
_ALONE = frozenset(word for one in ("sos", "fire", "fuego", "fogo", "au feu") for word in (one, f"{one} {one}"))


class _Table(TypedDict):
    """One language of the file."""

    words: dict[str, list[str]]
    peril: list[str]
    body: list[str]
    harmless: list[str]
    past: list[str]
    denied: list[str]
    supposed: list[str]


@dataclass(frozen=True, slots=True)
class _Row:
    """`first` may be neither denied nor only supposed; `others` stand anywhere in the sentence. `open`: `first` has a
    gap in which that may be said, and no such word of its own ("no respira", "se va a tirar")."""

    first: re.Pattern[str]
    others: tuple[re.Pattern[str], ...]
    body: bool
    open: bool


@dataclass(frozen=True, slots=True)
class _Rules:
    """One language's tables, compiled. `by_word` and `by_stem` find the rows that a word may begin to fulfil, so that
    the other hundreds are never tried."""

    by_word: dict[str, list[_Row]]
    by_stem: dict[str, list[_Row]]
    harmless: Rows
    past: re.Pattern[str]
    denied: re.Pattern[str]
    supposed: re.Pattern[str]
    animal: re.Pattern[str]
    person: re.Pattern[str]


def is_emergency(text: str) -> bool:
    """Whether danger to life is told as happening now."""
    return any(tells(sentence) for sentence in sentences(text))


def tells(sentence: Sentence) -> bool:
    """The same, of one sentence."""
    alone = " ".join(word for word in sentence.text.split() if word != PAUSE) in _ALONE
    return alone or any(
        _is_now(found, sentence, rules) for rules in _compiled() if (found := _candidates(sentence, rules))
    )


def hints(text: str) -> bool:
    """Whether a word of it belongs to danger, though it may tell of none: "humo", "cayó"."""
    return any(_candidates(sentence, rules) for sentence in sentences(text) for rules in _compiled())


def doubting_words(language: str) -> re.Pattern[str]:
    """What denies, in this language."""
    table = _tables()[language]
    return any_of(table["denied"], {})


def compile_rules() -> None:
    """Takes half a second of work, once: before the first message rather than with it."""
    _compiled()


def _candidates(sentence: Sentence, rules: _Rules) -> set[_Row]:
    words, stems = sentence.words & rules.by_word.keys(), sentence.stems & rules.by_stem.keys()
    return set[_Row]().union(*(rules.by_word[word] for word in words), *(rules.by_stem[stem] for stem in stems))


def _is_now(candidates: Iterable[_Row], sentence: Sentence, rules: _Rules) -> bool:
    if rules.past.search(sentence.text):
        return False
    told = rules.harmless.without(sentence).text
    only_animals = rules.animal.search(told) and not rules.person.search(told)
    short = told.count(" ") <= BREATH
    return any(
        _holds(row, told, rules) for row in candidates if not (row.body and only_animals) and (short or not row.others)
    )


def _holds(row: _Row, told: str, rules: _Rules) -> bool:
    if not all(part.search(told) for part in row.others):
        return False
    return any(not _doubted(match, row, rules) for match in row.first.finditer(told))


def _doubted(match: re.Match[str], row: _Row, rules: _Rules) -> bool:
    """Whether the words before a match, or in its gaps, deny it or only suppose it."""
    if row.open and (rules.denied.search(match[0]) or rules.supposed.search(match[0])):
        return True
    words = match.string[: match.start()].split()
    near, further = (_tail(words, count) for count in (_DENIED_WITHIN, _SUPPOSED_WITHIN))
    return bool(rules.denied.search(near) or rules.supposed.search(further))


def _tail(words: Sequence[str], count: int) -> str:
    return " ".join(words[-count:]) + " "


@cache
def _compiled() -> tuple[_Rules, ...]:
    return tuple(_rules(table) for table in _tables().values())


@cache
def _tables() -> dict[str, _Table]:
    tables: dict[str, _Table] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return tables


def _rules(table: _Table) -> _Rules:
    lists = {name: "|".join(words) for name, words in table["words"].items()}
    by_word, by_stem = _indexed(table, lists)
    return _Rules(
        by_word=by_word, by_stem=by_stem,
        harmless=rows(table["harmless"], lists), past=any_of(table["past"], lists),
        denied=any_of(table["denied"], lists), supposed=any_of(table["supposed"], lists),
        animal=any_of(["{animal}"], lists), person=any_of(["{person}"], lists),
    )  # fmt: skip


_Index = dict[str, list[_Row]]


def _indexed(table: _Table, lists: Lists) -> tuple[_Index, _Index]:
    by_word: defaultdict[str, list[_Row]] = defaultdict(list)
    by_stem: defaultdict[str, list[_Row]] = defaultdict(list)
    for written, body in (*((row, False) for row in table["peril"]), *((row, True) for row in table["body"])):
        row = _row(written, table, lists, body=body)
        for word in rarest_step(written, lists):
            (by_stem if word.endswith("*") else by_word)[word.rstrip("*")].append(row)
    return dict(by_word), dict(by_stem)


def _row(row: str, table: _Table, lists: Lists, *, body: bool) -> _Row:
    first, *others = (re.compile(pattern(part, lists)) for part in row.split("&"))
    doubts = {word for guard in (*table["denied"], *table["supposed"]) for word in re.split(r"[ |]", guard)}
    said = re.split(r"[ |]+", row.partition("&")[0])
    is_open = ".." in said and doubts.isdisjoint(said)
    return _Row(first=first, others=tuple(others), body=body, open=is_open)
