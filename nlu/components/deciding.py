"""When a guess is sure enough: four limits, chosen on the probabilities of examples that the model had not seen."""

from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

_THRESHOLDS = np.arange(0.15, 0.61, 0.05)
_MARGINS = np.arange(0.0, 0.21, 0.05)
_PLAIN = 0.12  # who reports plainly is not asked again


@dataclass(frozen=True)
class Limits:
    """`threshold`: the least confidence; `margin`: the least lead over the second; `emergency`: from this probability
    on it is one, even where another intent leads; `scopeless`: no report is filed
    without asking from this share on that being out of scope has of what it and the report have together."""

    threshold: float
    margin: float
    emergency: float
    scopeless: float


def choose(unseen: npt.NDArray[np.float32], right: npt.NDArray[np.bool_], question: float) -> tuple[float, float]:
    """The threshold and margin that cost least when a wrong answer costs 1 and asking back costs `question`.

    `unseen` is (examples, names), `right` tells whether the first guess was right."""
    ordered = np.sort(unseen, axis=1)
    first, lead = ordered[:, -1], ordered[:, -1] - ordered[:, -2]

    def cost(limits: tuple[float, float]) -> float:
        asked = (first < limits[0]) | (lead < limits[1])
        return float(asked.sum() * question + (~asked & ~right).sum())

    threshold, margin = min(product(_THRESHOLDS, _MARGINS), key=cost)
    return float(threshold), float(margin)


def alarm(probability: npt.NDArray[np.float32], is_one: npt.NDArray[np.bool_], false: float) -> float:
    """The lowest probability from which at most the share `false` of harmless messages would be called emergencies."""
    harmless = np.sort(probability[~is_one])
    return float(np.clip(np.quantile(harmless, 1 - false), 0.05, 0.5)) if len(harmless) else 0.5


def doubt(shares: npt.NDArray[np.float32], of: int, false: float) -> float:
    """The highest limit at which at most the share `false` of `of` messages out of scope would be filed as reports;
    never below `_PLAIN`.

    `shares` are of those of them that would be filed without it."""
    missed = np.sort(shares)
    allowed = int(false * of)
    return float(np.clip(missed[allowed], _PLAIN, 0.5)) if len(missed) > allowed else 0.5
