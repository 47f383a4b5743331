"""How far a figure is from what was usual, measured so that a hundred more in a thousand and three more in ten compare.

Each distance is in what chance alone would do in a week: 2 is seldom, 4 hardly ever. Counts by their roots (Poisson),
shares by the test of two shares, hours by their logarithms, ratings by a spread of 1.2 points. What is small in itself
(`_LEAST`) is no change however sure it is.
"""

import math
from collections.abc import Mapping

from digest.measures import HOURS, Measure, Rate, base, before, cases_before, usual, value
from tickets.figures import SMALL, Figure, Series

NOTABLE = 2.0
_MOST = 12.0  # beyond it all are alike
_LEAST = 0.10  # of what is usual
_LEAST_COUNT = 4  # tickets
_LEAST_SHARE = 0.05
_LEAST_HOURS = 0.20  # of what is usual
_LEAST_RATING = 0.3  # points
_RATING_SPREAD = 1.2  # points; ratings are mostly 1 or 5
_LOG_SPREAD = 1.25  # of a median of log-normal hours, times the root of n

_MORE_IS_WORSE: Mapping[Measure, bool] = {
    Figure.OPEN: True,
    Figure.LATE: True,
    Figure.REOPENED: True,
    Figure.DISPUTED: True,
    Figure.UNANSWERED: True,
    Figure.BROKEN: True,
    Figure.UNDELIVERED: True,
    Figure.UNLOCATED: True,
    Figure.UNSURE: True,
    Figure.CLOSED: False,
    Figure.RESOLVED: False,
    Figure.CONFIRMED: False,
    Rate.ON_TIME: False,
    Rate.ANSWER: True,
    Rate.ANSWER_9: True,
    Rate.RESOLUTION: True,
    Rate.RESOLUTION_9: True,
    Rate.SATISFACTION: False,
}


def distance(series: Series, measure: Measure) -> float:
    """From what is usual and from the period before, half each; 0 where nothing can be said. More is positive."""
    now, mean, last = value(series.now, measure), usual(series, measure), before(series, measure)
    if now is None or mean is None or not _large(now, mean, measure):
        return 0.0
    far = _chance(series, measure, now, mean)
    return (far + (_chance(series, measure, now, last) if last is not None else far)) / 2


def notable(series: Series, measure: Measure) -> bool:
    return abs(distance(series, measure)) >= NOTABLE


def worse(measure: Measure, far: float) -> bool | None:
    """Whether so far is for the worse; None where neither is (more reports may only mean more trust)."""
    more = _MORE_IS_WORSE.get(measure)
    return None if more is None or not far else more == (far > 0)


def small(series: Series, measure: Measure) -> bool:
    """A share, a median or a mean of so few that chance has its say."""
    if isinstance(measure, Figure):
        return False
    cases = base(series.now, measure)
    return cases is not None and 0 < cases < SMALL


def _large(now: float, mean: float, measure: Measure) -> bool:
    change = abs(now - mean)
    if measure is Rate.ON_TIME:
        return change >= _LEAST_SHARE
    if measure is Rate.SATISFACTION:
        return change >= _LEAST_RATING
    if measure in HOURS:
        return change >= _LEAST_HOURS * mean
    return change >= max(_LEAST_COUNT, _LEAST * mean)


def _chance(series: Series, measure: Measure, now: float, then: float) -> float:
    match measure:
        case Figure():
            far = 2 * (math.sqrt(max(now, 0)) - math.sqrt(max(then, 0)))
        case Rate.ON_TIME:
            far = _shares(now, base(series.now, measure) or 0, then, cases_before(series, measure))
        case Rate.SATISFACTION:
            far = (now - then) * math.sqrt(base(series.now, measure) or 0) / _RATING_SPREAD
        case _:
            far = _hours(now, then) * math.sqrt(base(series.now, measure) or 0) / _LOG_SPREAD
    return max(-_MOST, min(_MOST, far))


def _shares(share: float, cases: int, other: float, others: int) -> float:
    if not cases or not others:
        return 0.0
    both = (share * cases + other * others) / (cases + others)
    error = math.sqrt(max(0.0, both * (1 - both)) * (1 / cases + 1 / others))
    return (share - other) / error if error else 0.0


def _hours(now: float, then: float) -> float:
    minute = 1 / 60
    return math.log(max(now, minute) / max(then, minute))
