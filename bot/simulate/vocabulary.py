"""What simulated citizens write, by language: `words/<language>.yml`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place as it is said behind a problem, said alone, and the street or landmark that is meant by it."""

    behind: str
    alone: str
    meant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """One language's sentences. `openings` by service; `{since}`, `{place}`, `{number}` ... are filled in."""

    language: str
    openings: Mapping[str, Sequence[str]]
    details: Sequence[str]
    since: Sequence[str]
    spots: Sequence[Spot]
    phrases: Mapping[str, Sequence[str]]
    services: Mapping[str, str]
    abbreviations: Mapping[str, str]

    def opening(self, service: str, random: Random) -> str:
        """A problem of this service, without its place."""
        return random.choice(self.openings[service]).format(since=random.choice(self.since))

    def phrase(self, name: str, random: Random, **values: str) -> str:
        """One way of saying this."""
        return random.choice(self.phrases[name]).format(**values)


@cache
def vocabulary(language: str) -> Vocabulary:
    """Of one of our languages."""
    top: Mapping[str, Any] = yaml.safe_load((FOLDER / f"{language}.yml").read_text(encoding="utf-8"))
    spots = [Spot(behind=behind, alone=alone, meant=meant) for behind, alone, meant in top["places"]]
    return Vocabulary(
        language=language, openings=top["openings"], details=top["details"], since=top["since"], spots=spots,
        phrases=top["phrases"], services=top["services"], abbreviations=top["abbreviations"],
    )  # fmt: skip
