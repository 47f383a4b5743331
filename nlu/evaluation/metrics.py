"""The figures of an evaluation, from what was said and what was understood. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nlu.contract import REPORT
from nlu.emergency import is_emergency
from nlu.parse import Parse

_WORD = re.compile(r"\w+")
BINS = 10  # of confidence, for the calibration error
EMERGENCY, SCOPELESS = "emergency", "out_of_scope"


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
    def sure(self) -> float:
        """The probability of `best`."""
        return self.parse.ranking[0].confidence if self.parse.ranking else 0.0

    @property
    def right(self) -> bool:
        return self.best == self.case.intent

    @property
    def reported(self) -> bool:
        return self.case.intent.startswith(REPORT)

    @property
    def alarmed(self) -> bool:
        """Whether the bot would call it an emergency: by the model or by its rule."""
        return self.parse.intent == EMERGENCY or is_emergency(self.case.text)


def figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """All figures by name; shares and F1 from 0 to 1, counts as they are."""
    return {
        "n": len(outcomes),
        **_intents(outcomes),
        **_languages([o for o in outcomes if not o.case.mixed and len(o.case.text.split()) >= 3]),
        "ece": calibration_error([(o.sure, o.right) for o in outcomes]),
        **_emergencies(outcomes),
        **_spans(outcomes),
    }


def _intents(outcomes: Sequence[Outcome]) -> dict[str, float]:
    wanted = [o.case.intent for o in outcomes]
    reports = [o for o in outcomes if o.reported]
    scopeless = [o for o in outcomes if o.case.intent == SCOPELESS]
    figures = {
        "macro_f1": macro_f1(wanted, [o.best for o in outcomes]),
        "macro_f1_decided": macro_f1(wanted, [o.parse.intent or "" for o in outcomes]),
        "asked_back": share(o.parse.intent is None for o in outcomes),
        "service": share(o.right for o in reports),
        "service_in_3": share(o.case.intent in _services(o)[:3] for o in reports),
    }
    if scopeless:
        figures["scopeless"] = len(scopeless)
        figures["scopeless_reported"] = share((o.parse.intent or "").startswith(REPORT) for o in scopeless)
    return figures


def _languages(told: Sequence[Outcome]) -> dict[str, float]:
    """Of texts of three words or more in one language. `language` counts silence as a mistake; an address alone must
    not change the language, so `language_or_silence` counts silence on one as right, and any language but its own as
    wrong. Nothing for a pipeline that never tells a language."""
    if not any(o.parse.language for o in told):
        return {}
    return {
        "language": share(_language(o) == o.case.language for o in told),
        "language_or_silence": share(_language(o) in _allowed(o.case) for o in told),
        "language_wrong": share(_language(o) not in {o.case.language, None} for o in told),
    }


def _allowed(case: Case) -> set[str | None]:
    return {case.language, None} if case.intent == "provide_location" else {case.language}


def _emergencies(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """By the model alone, and by the bot, which has a rule beside it."""
    real = [o for o in outcomes if o.case.intent == EMERGENCY]
    harmless = [o for o in outcomes if o.case.intent != EMERGENCY]
    missed = {
        "emergencies": len(real),
        "emergencies_missed": sum(o.parse.intent != EMERGENCY for o in real),
        "bot_missed": sum(not o.alarmed for o in real),
    }
    return (missed if real else {}) | {
        "emergencies_false": share(o.parse.intent == EMERGENCY for o in harmless),
        "bot_false": share(o.alarmed for o in harmless),
    }


def _spans(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Nothing for what nobody marked in this set."""
    figures = {}
    if any(o.case.location for o in outcomes):
        figures["location_f1"] = token_f1([(o.case.location, _said(o, "location")) for o in outcomes])
    if any(o.case.ticket for o in outcomes):
        figures["ticket_f1"] = token_f1([(o.case.ticket, _said(o, "ticket")) for o in outcomes])
    return figures


def macro_f1(wanted: Sequence[str], said: Sequence[str]) -> float:
    """The mean over the intents that are wanted of each one's F1."""
    both = Counter(w for w, s in zip(wanted, said, strict=True) if w == s)
    wants, says = Counter(wanted), Counter(said)
    return sum(2 * both[name] / (wants[name] + says[name]) for name in wants) / max(1, len(wants))


def by_intent(outcomes: Sequence[Outcome]) -> dict[str, tuple[float, int]]:
    """Of each intent that is wanted its F1 and how often it is wanted."""
    both = Counter(o.case.intent for o in outcomes if o.right)
    wants, says = Counter(o.case.intent for o in outcomes), Counter(o.best for o in outcomes)
    return {name: (2 * both[name] / (wants[name] + says[name]), wants[name]) for name in wants}


def confusions(outcomes: Sequence[Outcome]) -> Counter[tuple[str, str]]:
    """How often each intent (first) was taken for another one (second)."""
    return Counter((o.case.intent, o.best) for o in outcomes if not o.right)


def token_f1(pairs: Sequence[tuple[str | None, Sequence[str]]]) -> float:
    """F1 over folded words, pooled: words of spans that are not wanted count against it."""
    hit = had = found = 0
    for wanted, said in pairs:
        right, guess = Counter(_words(wanted or "")), Counter(_words(" ".join(said)))
        hit, had, found = hit + (right & guess).total(), had + right.total(), found + guess.total()
    return 2 * hit / max(1, had + found)


def calibration_error(pairs: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error: the mean gap between confidence and accuracy over ten bins of confidence."""
    gaps = (count * abs(sure - right) for count, sure, right in reliability(pairs))
    return sum(gaps) / max(1, len(pairs))


def reliability(pairs: Sequence[tuple[float, bool]]) -> list[tuple[int, float, float]]:
    """Of each bin of confidence that is not empty: how many, their mean confidence, and the share that was right."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for sure, right in pairs:
        bins.setdefault(min(int(sure * BINS), BINS - 1), []).append((sure, right))
    return [(len(some), *(sum(one) / len(some) for one in zip(*some, strict=True))) for _, some in sorted(bins.items())]


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
