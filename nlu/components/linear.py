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

    def probabilities(self, vector: Vector) -> Floats:
        """One probability per name; all the same when nothing of the text is known."""
        columns, values = vector
        if not len(columns):
            return np.full(len(self.names), 1 / len(self.names), dtype=np.float32)
        return softmax((values @ self.weights[columns] + self.bias) * np.float32(self.sharpness))


def softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
