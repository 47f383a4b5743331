"""Which danger words tell of: to life, by violence against their writer, or of wanting to die.

The table is `nlu/danger.yml`. Danger to life comes from `nlu/emergency.py`, and live wires from here. All languages
count at once, for nobody's language is known at the first word.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TypedDict

import yaml

from nlu import emergency
from nlu.emergency import doubting_words, tells
from nlu.rows import PAUSE, Rows, Sentence, rows, sentences, together

TABLE = Path(__file__).parent / "danger.yml"
_DENIED_WITHIN = 2  # words


class Kind(StrEnum):
    """Whom to call."""

    LIFE = "life"
    VIOLENCE = "violence"
    SELF_HARM = "self_harm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Danger:
    """`acute`: somebody's life is in danger now, whatever else it is."""

    kind: Kind
    acute: bool


class _Table(TypedDict):
    """One language of the file."""

    words: dict[str, list[str]]
    violence: list[str]
    self_harm: list[str]
    wire: list[str]
    hyperbole: list[str]


@dataclass(frozen=True, slots=True)
class _Rules:
    """One language's."""

    violence: Rows
    self_harm: Rows
    wire: Rows
    denied: re.Pattern[str]


def danger_in(text: str) -> Danger | None:
    """What is told, the writer's own wish to die before all; None where it is nothing of the kind."""
    calm, rules = _hyperbole(), _compiled()
    told = [calm.without(sentence) for sentence in sentences(text)]
    if any(_tells(sentence, one.self_harm, one) for sentence in told for one in rules):
        return Danger(kind=Kind.SELF_HARM, acute=_acute([_without(sentence) for sentence in told]))
    acute = _acute(told)
    if any(_tells(sentence, one.violence, one) for sentence in told for one in rules):
        return Danger(kind=Kind.VIOLENCE, acute=acute)
    return Danger(kind=Kind.LIFE, acute=True) if acute else None


def compile_rules() -> None:
    """Takes half a second of work, once: before the first message rather than with it."""
    emergency.compile_rules()
    _compiled()
    _hyperbole()


def _tells(sentence: Sentence, looked_for: Rows, rules: _Rules) -> bool:
    return any(not _denied(match, rules) for match in looked_for.found(sentence))


def _denied(match: re.Match[str], rules: _Rules) -> bool:
    clause = match.string[: match.start()].rpartition(f"{PAUSE} ")[2]
    return bool(rules.denied.search(" ".join(clause.split()[-_DENIED_WITHIN:]) + " "))


def _acute(told: Sequence[Sentence]) -> bool:
    if any(_tells(sentence, one.wire, one) for sentence in told for one in _compiled()):
        return True
    return any(tells(sentence) for sentence in told)


def _without(sentence: Sentence) -> Sentence:
    """The sentence without what it tells of wanting to die."""
    for rules in _compiled():
        sentence = rules.self_harm.without(sentence)
    return sentence


@cache
def _compiled() -> tuple[_Rules, ...]:
    return tuple(
        _Rules(
            violence=rows(table["violence"], lists),
            self_harm=rows(table["self_harm"], lists),
            wire=rows(table["wire"], lists),
            denied=doubting_words(language),
        )
        for language, table, lists in _tables()
    )


@cache
def _hyperbole() -> Rows:
    """Of all languages: a word of one is a row of another."""
    return together([rows(table["hyperbole"], lists) for _, table, lists in _tables()])


def _tables() -> Iterator[tuple[str, _Table, dict[str, str]]]:
    tables: dict[str, _Table] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    for language, table in tables.items():
        yield language, table, {name: "|".join(words) for name, words in table["words"].items()}
