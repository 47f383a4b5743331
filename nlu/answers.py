"""Which of the city's own answers fits a question, by its words alone: no model needs training for a new entry.

An entry of `information` in config.yml lists, per language, what such questions hold. One of them is a row of words in
any order, folded: `a|b` either, `ab*` any ending, `-ab` not with this word, and a `=` at its beginning: the message
holds nothing else but small words. All languages count at once, for nobody's language is known at the first word.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from nlu.dataset import fold
from nlu.question_words import ASKING, SMALL
from tickets.city import Information

LONGEST = 600  # characters that are looked at; who asks says so sooner
BREATH = 25  # words; in a longer sentence those of a row need not belong together
BRIEF = 16  # words of a message that may be known as a question whatever the model makes of it
SURE = 2  # words of a row from which it is
_SENTENCE = re.compile(r"[.;!?\n]+")
_TYPO_FROM = 6  # letters; a shorter word is another one with one letter changed
_SILENT_FROM = 4  # letters; "hall" is not "all"
_SOFT = re.compile(r"c(?=[ei])")
_DOUBLED = re.compile(r"(.)\1+")


class BadRow(ValueError):
    """A row holds no word, or a sign that has no meaning here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The entry that fits, and how many words of one of its rows say so. `whole`: nothing else was said."""

    entry: Information
    words: int
    whole: bool


@dataclass(frozen=True, slots=True)
class _Row:
    """Each of `steps` is a choice of forms (`ab` or `ab*`); none of `without` may be said."""

    steps: tuple[frozenset[str], ...]
    without: frozenset[str]
    whole: bool


@dataclass(frozen=True, slots=True)
class _Table:
    """All rows, each with the place of its entry, by each form of the step that fewest forms fulfil, so that most are
    never tried; all forms, and by first letter those that several words may be."""

    rows: dict[str, tuple[tuple[int, _Row], ...]]
    forms: frozenset[str]
    open: dict[str, tuple[str, ...]]


def answering(text: str, entries: Sequence[Information]) -> Match | None:
    """The entry with the longest row that fits a sentence of the text; the first of several."""
    found = [match for said in _sentences(text) if (match := _best(said, entries))]
    return max(found, key=_weight, default=None)


def asked(text: str, entries: Sequence[Information]) -> Match | None:
    """The same, only where few words leave no doubt that they ask just that, whatever the model makes of them."""
    if len(text) > LONGEST or sum(map(len, sentences := _sentences(text))) > BRIEF:
        return None
    match = answering(text, entries)
    asks = "?" in text or any(word in _ASKING for said in sentences for word in said)
    return match if match and (match.whole or (asks and match.words >= SURE)) else None


def check(row: str) -> None:
    """Raises BadRow for a row that can mean nothing."""
    _row(row)


def _sentences(text: str) -> list[tuple[str, ...]]:
    said = (tuple(map(_plain, fold(part).split())) for part in _SENTENCE.split(text[:LONGEST]))
    return [words for words in said if 0 < len(words) <= BREATH]


def _best(said: Sequence[str], entries: Sequence[Information]) -> Match | None:
    table = _compiled(tuple(tuple(entry.words.values()) for entry in entries))
    heard = {word: _heard(word, table) for word in set(said)}
    forms = frozenset[str]().union(*heard.values())
    fitting = [
        Match(entry=entries[place], words=len(row.steps), whole=row.whole)
        for place, row in _candidates(table, forms)
        if _fits(row, forms) and (not row.whole or _is_whole(row, heard))
    ]
    return max(fitting, key=_weight, default=None)


def _candidates(table: _Table, forms: frozenset[str]) -> list[tuple[int, _Row]]:
    """The rows that these forms may fulfil, in the order in which they were written."""
    return sorted({one for form in forms & table.rows.keys() for one in table.rows[form]}, key=itemgetter(0))


def _heard(word: str, table: _Table) -> set[str]:
    return {word} & table.forms | {form for form in table.open.get(word[0], ()) if _is(word, form)}


def _weight(match: Match) -> tuple[int, bool]:
    return match.words, match.whole


def _fits(row: _Row, said: frozenset[str]) -> bool:
    return row.without.isdisjoint(said) and not any(step.isdisjoint(said) for step in row.steps)


def _is_whole(row: _Row, heard: Mapping[str, set[str]]) -> bool:
    needed = frozenset[str]().union(*row.steps)
    return all(word in _SMALL or not needed.isdisjoint(forms) for word, forms in heard.items())


def _is(word: str, form: str) -> bool:
    """Whether a word is this form, or one slip of the thumb away from it."""
    stem = form.removesuffix("*")
    if stem != form:
        slips = (-1, 0, 1) if len(stem) >= _TYPO_FROM <= len(word) + 1 else ()
        return word.startswith(stem) or any(_slipped(word[: len(stem) + more], stem) for more in slips)
    return word == stem or _slipped(word, stem)


def _slipped(word: str, meant: str) -> bool:
    """One letter more, less, other, or two swapped; neither the first one nor the last."""
    if len(meant) < _TYPO_FROM or word[:1] != meant[:1] or word[-1:] != meant[-1:]:
        return False
    same = next((i for i, (a, b) in enumerate(zip(word, meant, strict=False)) if a != b), min(len(word), len(meant)))
    rest, other = word[same:], meant[same:]
    swapped = rest[:2] == other[1::-1] and rest[2:] == other[2:]
    return swapped or rest[1:] == other[1:] or rest == other[1:] or rest[1:] == other


def _plain(word: str) -> str:
    """As it sounds, roughly: "orario" and "horario", "bussiness" and "business", "kuando" and "cuando" are the same."""
    heard = word.removeprefix("h") if len(word) > _SILENT_FROM else word
    return _DOUBLED.sub(r"\1", _SOFT.sub("s", heard.replace("k", "c").replace("z", "s")))


def _all(table: Mapping[str, str]) -> frozenset[str]:
    return frozenset(_plain(word) for words in table.values() for word in words.split())


_SMALL, _ASKING = _all(SMALL), _all(ASKING)


@lru_cache(16)  # as it stands with a model and, by language, without one; and before a clerk changed it
def _compiled(entries: tuple[tuple[tuple[str, ...], ...], ...]) -> _Table:
    rows = [(place, _row(row)) for place, words in enumerate(entries) for language in words for row in language]
    forms = frozenset(form for _, row in rows for form in row.without.union(*row.steps))
    said_in = Counter(form for _, row in rows for form in frozenset[str]().union(*row.steps))
    by_form: defaultdict[str, list[tuple[int, _Row]]] = defaultdict(list)
    for place, row in rows:
        for form in min(row.steps, key=lambda step: sum(said_in[form] for form in step)):
            by_form[form].append((place, row))
    by_letter: defaultdict[str, list[str]] = defaultdict(list)
    for form in sorted(forms):
        if form.endswith("*") or len(form) >= _TYPO_FROM:
            by_letter[form[0]].append(form)
    return _Table(
        {form: tuple(found) for form, found in by_form.items()},
        forms,
        {letter: tuple(found) for letter, found in by_letter.items()},
    )


def _row(row: str) -> _Row:
    whole, steps = row.startswith("="), row.removeprefix("=").split()
    wanted = tuple(_forms(step) for step in steps if not step.startswith("-"))
    without = frozenset[str]().union(*(_forms(step[1:]) for step in steps if step.startswith("-")))
    if not wanted:
        raise BadRow
    return _Row(wanted, without, whole)


def _forms(step: str) -> frozenset[str]:
    return frozenset(map(_form, step.split("|")))


def _form(written: str) -> str:
    stem = written.removesuffix("*")
    folded = fold(stem)
    if not folded or " " in folded or "*" in stem:
        raise BadRow
    return _plain(folded) + written[len(stem) :]
