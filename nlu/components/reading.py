"""The classifier itself, free of Rasa: a masked text in, a ranking of intents and a language out."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .deciding import Limits
from .grams import Vocabulary
from .linear import Linear, Pair
from .words import folded_words

FALLBACK = "nlu_fallback"
EMERGENCY = "emergency"
SCOPELESS = "out_of_scope"
REPORT = "report_"
_EVERYWHERE = frozenset(["ok", "okay", "okey", "oki", "k", "no"])  # said in all four languages
_TELLING = 3  # words of two letters or more, places not counted, from which a language shows
Guess = tuple[str, float]


@dataclass(frozen=True)
class Reading:
    """`ranking` best first; its first is `nlu_fallback` when nothing is sure enough. `language` is None when the words
    do not tell."""

    ranking: list[Guess]
    language: Guess | None


@dataclass
class Reader:
    vocabulary: Vocabulary
    intents: Linear
    languages: Linear
    limits: Limits
    language_from: float
    language_from_many: float

    def __post_init__(self) -> None:
        self._pair = Pair(self.intents, self.languages)

    def read(self, text: str) -> Reading:
        words = folded_words(text)
        intents, languages = self._pair.probabilities(self.vocabulary.vector(words))
        language = int(languages.argmax())
        guess = (self.languages.names[language], float(languages[language]))
        own = any(word.isalpha() and word not in _EVERYWHERE for word in words)
        told = own and guess[1] >= self._language_from(words)
        return Reading(self._decided(_ranked(self.intents.names, intents)), guess if told else None)

    def _language_from(self, words: Sequence[str]) -> float:
        """A word or two may belong to several languages; more of them that agree are surer than their share says."""
        telling = sum(len(word) > 1 and word.isalpha() for word in words)
        return self.language_from if telling < _TELLING else self.language_from_many

    def _decided(self, ranking: list[Guess]) -> list[Guess]:
        sure = dict(ranking)
        if sure.get(EMERGENCY, 0.0) >= self.limits.emergency:
            return [(EMERGENCY, sure[EMERGENCY]), *(guess for guess in ranking if guess[0] != EMERGENCY)]
        first, lead = ranking[0], ranking[0][1] - ranking[1][1]
        scopeless = sure.get(SCOPELESS, 0.0) / (sure.get(SCOPELESS, 0.0) + first[1])
        doubtful = first[0].startswith(REPORT) and scopeless >= self.limits.scopeless
        if first[1] < self.limits.threshold or lead < self.limits.margin or doubtful:
            return [(FALLBACK, first[1]), *ranking]
        return ranking

    def as_parts(self) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Any]]:
        """Arrays (weights in half precision: no decision changes) and what JSON can hold."""
        arrays = {"idf": self.vocabulary.idf}
        rest: dict[str, Any] = {
            "names": self.vocabulary.names,
            "limits": asdict(self.limits),
            "language_from": self.language_from,
            "language_from_many": self.language_from_many,
        }
        for kind, model in (("intents", self.intents), ("languages", self.languages)):
            arrays |= {f"{kind}_weights": model.weights.astype(np.float16), f"{kind}_bias": model.bias}
            rest[kind] = {"names": model.names, "sharpness": model.sharpness}
        return arrays, rest

    @classmethod
    def from_parts(cls, arrays: Mapping[str, npt.NDArray[Any]], rest: Mapping[str, Any]) -> "Reader":
        """The inverse of `as_parts`."""

        def linear(kind: str) -> Linear:
            weights = arrays[f"{kind}_weights"].astype(np.float32)
            return Linear(weights=weights, bias=arrays[f"{kind}_bias"], **rest[kind])

        vocabulary = Vocabulary(rest["names"], arrays["idf"])
        limits = Limits(**rest["limits"])
        froms = (rest["language_from"], rest["language_from_many"])
        return cls(vocabulary, linear("intents"), linear("languages"), limits, *froms)


def _ranked(names: Sequence[str], probabilities: npt.NDArray[np.float32]) -> list[Guess]:
    said = probabilities.tolist()
    return [(names[i], said[i]) for i in np.argsort(-probabilities, kind="stable").tolist()]
