"""The classifier itself, free of Rasa: a masked text in, a ranking of intents and a language out."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .deciding import Limits
from .grams import Vocabulary, folded_words
from .linear import Linear

FALLBACK = "nlu_fallback"
EMERGENCY = "emergency"
SCOPELESS = "out_of_scope"
REPORT = "report_"
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

    def read(self, text: str) -> Reading:
        vector = self.vocabulary.vector(text)
        ranking = _ranked(self.intents.names, self.intents.probabilities(vector))
        language = _ranked(self.languages.names, self.languages.probabilities(vector))[0]
        told = any(c.isalpha() for c in text) and language[1] >= self._language_from(text)
        return Reading(self._decided(ranking), language if told else None)

    def _language_from(self, text: str) -> float:
        """A word or two may belong to several languages; more of them that agree are surer than their share says."""
        words = sum(len(word) > 1 and word.isalpha() for word in folded_words(text))
        return self.language_from if words < _TELLING else self.language_from_many

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
    return [(names[i], float(probabilities[i])) for i in np.argsort(-probabilities, kind="stable")]
