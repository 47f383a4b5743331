"""Training of the linear models; apart, because it needs scikit-learn, which use does not.

A support vector machine per name, one against the rest, plus a share of a naive Bayes model: the machine leans on the
few n-grams that part the training examples, Bayes on all that go with a name, which carries further to new words (and
the sum of two linear models is one linear model). The scores become probabilities by one factor, chosen on examples
that the scoring model had not seen (a quarter held out), so that a confidence of 0.8 is right eight times in ten.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, vstack
from sklearn.naive_bayes import MultinomialNB
from sklearn.svm import LinearSVC

from .linear import Floats, Linear, softmax

Positions = npt.NDArray[np.int64]
_UNSEEN = 0.05  # how often naive Bayes takes each n-gram to have been with each name beforehand
_SHARPNESS = np.geomspace(0.5, 20, 60)  # the factors tried


@dataclass
class Fitted:
    """A trained model, and what its like, trained without the examples `held_out` (positions), says of them:
    `unseen` is (held out, names)."""

    model: Linear
    held_out: npt.NDArray[np.int64]
    unseen: Floats


@dataclass
class Forms:
    """The examples as rows: `bare` with places masked, one each; `plain` as written, only of those with a place, which
    `placed` (positions) tells. Where both forms are the same, one row counts twice."""

    bare: csr_matrix
    plain: csr_matrix
    placed: Positions

    def every(self, step: int) -> "Forms":
        """Only the first of each `step` examples."""
        also = self.placed % step == 0
        return Forms(self.bare[::step], self.plain[also], self.placed[also] // step)

    def some(self, kept: npt.NDArray[np.bool_]) -> tuple[csr_matrix, Positions, Floats]:
        """The rows of the kept examples, the example of each row and its weight."""
        first, also = np.flatnonzero(kept), kept[self.placed]
        second = self.placed[also]
        weights = np.where(np.isin(first, second), 1, 2)
        matrix = vstack([self.bare[first], self.plain[also]], format="csr")
        return matrix, np.concatenate([first, second]), np.concatenate([weights, np.ones(len(second))])


def fit(forms: Forms, names: Sequence[str], *, cost: float, bayes: float, held_out: float) -> Fitted:
    """Learn from both forms of each example; judge on `bare`, which is the form that is read later. `bayes` is the
    factor of the naive Bayes scores, `held_out` the share kept back to choose the sharpness on."""
    said = np.asarray(names)
    known = sorted(set(names))
    kept = np.random.default_rng(0).random(len(said)) >= held_out
    judged = np.flatnonzero(~kept)
    # One after the other: liblinear has one source of randomness for all threads, and no two models would be alike.
    weights, bias = _train(forms, kept, said, cost, bayes)
    whole = _train(forms, np.ones_like(kept), said, cost, bayes)
    scores = forms.bare[judged] @ weights + bias
    right = np.searchsorted(known, said[judged])
    even = 1 / np.bincount(right, minlength=len(known))[right]
    sharpness = min(_SHARPNESS, key=lambda factor: _surprise(scores * np.float32(factor), right, even))
    return Fitted(Linear(known, *whole, float(sharpness)), judged, softmax(scores * np.float32(sharpness)))


def _train(
    forms: Forms, kept: npt.NDArray[np.bool_], names: npt.NDArray[np.str_], cost: float, bayes: float
) -> tuple[Floats, Floats]:
    """The weights, (columns, names), and the bias of the two models' sum."""
    matrix, examples, weights = forms.some(kept)
    machine = LinearSVC(C=cost, random_state=0, tol=0.5)  # 1e-4 decides alike, later
    machine.fit(matrix, names[examples], sample_weight=weights)
    likely = MultinomialNB(alpha=_UNSEEN).fit(matrix, names[examples], sample_weight=weights)
    columns = machine.coef_ + bayes * _centred(likely.feature_log_prob_)
    bias = machine.intercept_ + bayes * _centred(likely.class_log_prior_)
    return np.ascontiguousarray(columns.T, dtype=np.float32), bias.astype(np.float32)


def _centred(logs: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """What all names share says nothing."""
    centred: npt.NDArray[np.float64] = logs - logs.mean(axis=0)
    return centred


def _surprise(scores: Floats, right: npt.NDArray[np.int64], weights: npt.NDArray[np.float64]) -> float:
    """Mean negative log likelihood of the right names; by `weights` each name counts alike, for our examples are most
    where the classes are hardest, and citizens' messages are not."""
    return float(-np.average(np.log(softmax(scores)[np.arange(len(right)), right] + 1e-9), weights=weights))
