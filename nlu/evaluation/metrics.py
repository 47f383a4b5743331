"""The figures of an evaluation, from what was said and what was understood. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nlu.contract import REPORT
from nlu.parse import Parse

_WORD = re.compile(r"\w+")
_BINS = 10  # of confidence, for the calibration error


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One sentence with what is right about it; None where that is nothing or not known."""

    text: str
    language: str
    intent: str
    location: str | None
    ticket: str | None
    mixed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    case: Case
    parse: Parse

    @property
    def best(self) -> str:
        """The likeliest intent, also where the model would rather ask."""
        return self.parse.ranking[0].name if self.parse.ranking else ""

    @property
    def reported(self) -> bool:
        return self.case.intent.startswith(REPORT)


def figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """All figures by name; shares and F1 from 0 to 1, counts as they are."""
    wanted = [o.case.intent for o in outcomes]
    reports = [o for o in outcomes if o.reported]
    told = [o for o in outcomes if not o.case.mixed and len(o.case.text.split()) >= 3]
    scopeless = [o for o in outcomes if o.case.intent == "out_of_scope"]
    harmless = [o for o in outcomes if o.case.intent != "emergency"]
    return {
        "n": len(outcomes),
        "macro_f1": macro_f1(wanted, [o.best for o in outcomes]),
        "macro_f1_decided": macro_f1(wanted, [o.parse.intent or "" for o in outcomes]),
        "asked_back": share(o.parse.intent is None for o in outcomes),
        "service": share(o.best == o.case.intent for o in reports),
        "service_in_3": share(o.case.intent in _services(o)[:3] for o in reports),
        "language": share(_language(o) == o.case.language for o in told),
        "language_wrong": share(_language(o) not in {o.case.language, None} for o in told),
        "ece": calibration_error([(o.parse.confidence, o.best == o.case.intent) for o in outcomes]),
        "emergencies_missed": sum(o.case.intent == "emergency" != o.parse.intent for o in outcomes),
        "emergencies_false": share(o.parse.intent == "emergency" for o in harmless),
        "scopeless_reported": share((o.parse.intent or "").startswith(REPORT) for o in scopeless),
        **_spans(outcomes),
    }


def _spans(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Nothing for a set in which nobody marked places."""
    if not any(o.case.location for o in outcomes):
        return {}
    return {
        "location_f1": token_f1([(o.case.location, _said(o, "location")) for o in outcomes]),
        "ticket_f1": token_f1([(o.case.ticket, _said(o, "ticket")) for o in outcomes]),
    }


def macro_f1(wanted: Sequence[str], said: Sequence[str]) -> float:
    """The mean over the intents that are wanted of each one's F1."""
    both = Counter(w for w, s in zip(wanted, said, strict=True) if w == s)
    wants, says = Counter(wanted), Counter(said)
    return sum(2 * both[name] / (wants[name] + says[name]) for name in wants) / max(1, len(wants))


def token_f1(pairs: Sequence[tuple[str | None, Sequence[str]]]) -> float:
    """F1 over folded words, pooled: words of spans that are not wanted count against it."""
    hit = had = found = 0
    for wanted, said in pairs:
        right, guess = Counter(_words(wanted or "")), Counter(_words(" ".join(said)))
        hit, had, found = hit + (right & guess).total(), had + right.total(), found + guess.total()
    return 2 * hit / max(1, had + found)


def calibration_error(pairs: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error: the mean gap between confidence and accuracy over ten bins of confidence."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for sure, right in pairs:
        bins.setdefault(min(int(sure * _BINS), _BINS - 1), []).append((sure, right))
    gaps = (abs(sum(sure - right for sure, right in some)) for some in bins.values())
    return sum(gaps) / max(1, len(pairs))


def share(answers: Iterable[bool]) -> float:
    given = list(answers)
    return sum(given) / max(1, len(given))


def _language(outcome: Outcome) -> str | None:
    return outcome.parse.language.name if outcome.parse.language else None


def _services(outcome: Outcome) -> list[str]:
    return [guess.name for guess in outcome.parse.ranking if guess.name.startswith(REPORT)]


def _said(outcome: Outcome, entity: str) -> list[str]:
    return [found.value for found in outcome.parse.entities if found.name == entity]


def _words(text: str) -> list[str]:
    bare = unicodedata.normalize("NFD", text.lower())
    return _WORD.findall("".join(c for c in bare if not unicodedata.combining(c)))
