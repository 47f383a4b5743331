"""One linear model over a gram vector: one-against-rest scores, made into probabilities by a learnt sharpness."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .grams import Vector

Floats = npt.NDArray[np.float32]


@dataclass
class Linear:
    """`weights` is (columns, names), `bias` (names,); `sharpness` multiplies scores before the softmax."""

    names: list[str]
    weights: Floats
    bias: Floats
    sharpness: float

    def probabilities(self, scores: Floats) -> Floats:
        """One probability per name, from the scores without the bias."""
        return softmax((scores + self.bias) * np.float32(self.sharpness))


class Pair:
    """Two models over the same vectors, their weights side by side, so that one pass over a vector serves both."""

    def __init__(self, one: Linear, other: Linear) -> None:
        self._weights = np.hstack([one.weights, other.weights])
        self._first = len(one.names)
        one.weights, other.weights = np.split(self._weights, [self._first], axis=1)  # views: kept once
        self._one, self._other = one, other

    def probabilities(self, vector: Vector) -> tuple[Floats, Floats]:
        """Of both models; all names alike when nothing of the text is known."""
        columns, values = vector
        if not len(columns):
            return _alike(self._one), _alike(self._other)
        scores = values @ self._weights[columns]
        return self._one.probabilities(scores[: self._first]), self._other.probabilities(scores[self._first :])


def _alike(model: Linear) -> Floats:
    return np.full(len(model.names), 1 / len(model.names), dtype=np.float32)


def softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
