"""Training of the linear models; apart, because it needs scikit-learn, which use does not.

A support vector machine per name, one against the rest: as exact as logistic regression here in a twentieth of the
time. Its scores become probabilities by one factor, chosen on examples that the scoring model had not seen
(a quarter held out), so that a confidence of 0.8 is right eight times in ten.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, vstack
from sklearn.svm import LinearSVC

from .grams import Vector
from .linear import Floats, Linear, softmax

_SHARPNESS = np.geomspace(0.5, 20, 60)  # the factors tried


@dataclass
class Fitted:
    """A trained model, and what its like, trained without the examples `held_out` (positions), says of them:
    `unseen` is (held out, names)."""

    model: Linear
    held_out: npt.NDArray[np.int64]
    unseen: Floats


def rows(vectors: Sequence[Vector], width: int) -> csr_matrix:
    """Vectors as one sparse matrix, (vectors, width)."""
    starts = np.cumsum([0, *(len(columns) for columns, _ in vectors)])
    columns = np.concatenate([columns for columns, _ in vectors])
    values = np.concatenate([values for _, values in vectors])
    return csr_matrix((values, columns, starts), shape=(len(vectors), width))


def fit(plain: csr_matrix, bare: csr_matrix, names: Sequence[str], *, cost: float, held_out: float) -> Fitted:
    """Learn from both forms of each example, `plain` as written and `bare` with its places masked; judge on `bare`,
    which is the form that is read later. `held_out` is the share kept back to choose the sharpness on."""
    said = np.asarray(names)
    known = sorted(set(names))
    kept = np.random.default_rng(0).random(len(said)) >= held_out
    judged = np.flatnonzero(~kept)
    trial = _train(plain[kept], bare[kept], said[kept], cost)
    scores = trial.decision_function(bare[judged]).astype(np.float32)
    right = np.searchsorted(known, said[judged])
    sharpness = min(_SHARPNESS, key=lambda factor: _surprise(scores * np.float32(factor), right))
    whole = _train(plain, bare, said, cost)
    weights = np.ascontiguousarray(whole.coef_.T, dtype=np.float32)
    model = Linear(known, weights, whole.intercept_.astype(np.float32), float(sharpness))
    return Fitted(model, judged, softmax(scores * np.float32(sharpness)))


def _train(plain: csr_matrix, bare: csr_matrix, names: npt.NDArray[np.str_], cost: float) -> LinearSVC:
    model = LinearSVC(C=cost, class_weight="balanced", random_state=0, tol=0.1)  # 1e-4 decides alike, later
    return model.fit(vstack([plain, bare]), np.concatenate([names, names]))


def _surprise(scores: Floats, right: npt.NDArray[np.int64]) -> float:
    """Mean negative log likelihood of the right names."""
    return float(-np.log(softmax(scores)[np.arange(len(right)), right] + 1e-9).mean())
