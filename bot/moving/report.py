"""What an import did, or would do."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TextIO

from bot.moving.rows import Refused, Why

_EXAMPLES, _WORDS, _LONGEST = 20, 30, 60
_FORMULA: Final = ("=", "+", "-", "@")


class Outcome(StrEnum):
    """What became of a case that could be read."""

    FILED = "filed"
    CHANGED = "changed"
    SAME = "as they were"
    WORKED = "worked on here since, left alone"
    GONE = "deleted here since, not brought back"


@dataclass(slots=True, kw_only=True)
class Report:
    """Counts, and of what was refused a few examples; all of it goes to `errors`, line by line."""

    errors: TextIO | None = None
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    reasons: Counter[Why] = field(default_factory=Counter)
    services: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    examples: list[Refused] = field(default_factory=list)
    cut: int = 0
    unplaced: int = 0

    @property
    def rows(self) -> int:
        return self.outcomes.total() + self.reasons.total()

    def refuse(self, refused: Refused) -> None:
        self.reasons[refused.why] += 1
        missing = {Why.SERVICE: self.services, Why.STATUS: self.statuses}.get(refused.why)
        if missing is not None:
            missing[_short(refused.word)] += 1
        if len(self.examples) < _EXAMPLES:
            self.examples.append(refused)
        if self.errors:
            csv.writer(self.errors).writerow((refused.at, _cell(refused.external), refused.why))

    def lines(self, *, dry: bool) -> Iterator[str]:
        """For a person at a terminal."""
        yield f"{self.rows:,} rows" + (": a dry run, nothing was written" if dry else "")
        yield from (_line(self.outcomes[one], _would(one) if dry else one) for one in Outcome if self.outcomes[one])
        refused = self.reasons.total()
        notes = {
            "refused": refused,
            "with descriptions that are too long and cut": self.cut,
            "without a place on the map": self.unplaced,
        }
        yield from (_line(count, what) for what, count in notes.items() if count)
        yield from _listed("reasons", self.reasons)
        yield from _listed("services that the mapping lacks", self.services)
        yield from _listed("statuses that the mapping lacks", self.statuses)
        yield from (f"row {one.at}: {one.why}" for one in self.examples)
        if refused > len(self.examples):
            yield f"... and {refused - len(self.examples):,} more; `--errors FILE` writes all"


def _line(count: int, what: str) -> str:
    return f"{count:9,} {what}"


def _would(outcome: Outcome) -> str:
    return f"would be {outcome}" if outcome in (Outcome.FILED, Outcome.CHANGED) else outcome


def _listed(what: str, words: Counter[Why] | Counter[str]) -> Iterator[str]:
    if words:
        yield f"{what}:"
    for word, count in words.most_common(_WORDS):
        yield _line(count, f"  {word or '(empty)'}")


def _short(word: str) -> str:
    """As any terminal may show it."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in " ".join(word.split()))
    return shown[:_LONGEST]


def _cell(text: str) -> str:
    """No spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
