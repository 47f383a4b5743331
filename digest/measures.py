"""What is shown of a scope, each as one number: the counts, and the shares and hours that follow from them.

"Usual" is the mean of the periods before (`tickets/figures.py: BEFORE` at most, those that are known). A mean of
shares or of ratings weighs each period by its cases, so that a week with one case does not count as one with a
hundred; a mean of medians weighs each week alike, for medians cannot be put together.
"""

from collections.abc import Mapping
from enum import StrEnum

from tickets.figures import Figure, Figures, Series, Spread


class Rate(StrEnum):
    """What is no count. Hours, save the share (0-1) and satisfaction (1-5)."""

    ON_TIME = "on_time_share"
    ANSWER = "answer_median"
    ANSWER_9 = "answer_p90"
    RESOLUTION = "resolution_median"
    RESOLUTION_9 = "resolution_p90"
    SATISFACTION = "satisfaction"


Measure = Figure | Rate
MEASURES: tuple[Measure, ...] = (*Figure, *Rate)
HOURS = frozenset({Rate.ANSWER, Rate.ANSWER_9, Rate.RESOLUTION, Rate.RESOLUTION_9})
_BASES: Mapping[Rate, Figure] = {
    Rate.ON_TIME: Figure.DUE,
    Rate.ANSWER: Figure.ANSWERED,
    Rate.ANSWER_9: Figure.ANSWERED,
    Rate.RESOLUTION: Figure.RESOLVED,
    Rate.RESOLUTION_9: Figure.RESOLVED,
    Rate.SATISFACTION: Figure.RATED,
}


def value(figures: Figures | None, measure: Measure) -> float | None:
    """None where it is not known, or where there was nothing to take a share or a median of."""
    if figures is None:
        return None
    match measure:
        case Figure():
            return figures.count(measure)
        case Rate.ON_TIME:
            return figures.on_time if figures.count(Figure.ON_TIME) is not None else None
        case Rate.ANSWER | Rate.RESOLUTION:
            spread = _spread(figures, measure)
            return spread.median if spread else None
        case Rate.ANSWER_9 | Rate.RESOLUTION_9:
            spread = _spread(figures, measure)
            return spread.p90 if spread else None
        case Rate.SATISFACTION:
            return figures.satisfaction


def base(figures: Figures, measure: Rate) -> int | None:
    """Of how many cases it speaks; None where even that is not known."""
    spread = _spread(figures, measure) if measure in HOURS else None
    return spread.n if spread else figures.count(_BASES[measure])


def usual(series: Series, measure: Measure) -> float | None:
    """Its mean over the periods before."""
    known = [(each, found) for each in series.before if each and (found := value(each, measure)) is not None]
    if not known:
        return None
    weights = [_weight(each, measure) for each, _ in known]
    return sum(weight * found for weight, (_, found) in zip(weights, known, strict=True)) / sum(weights)


def before(series: Series, measure: Measure) -> float | None:
    """In the one just before."""
    return value(series.before[-1], measure) if series.before else None


def compared(series: Series) -> int:
    """How many of the periods before are known."""
    return sum(each is not None for each in series.before)


def cases_before(series: Series, measure: Rate) -> int:
    """The cases behind what is usual."""
    return sum(base(each, measure) or 0 for each in series.before if each)


def _weight(figures: Figures, measure: Measure) -> int:
    if measure in (Rate.ON_TIME, Rate.SATISFACTION):
        return base(figures, Rate(measure)) or 1
    return 1


def _spread(figures: Figures, measure: Rate) -> Spread | None:
    return figures.answer if measure in (Rate.ANSWER, Rate.ANSWER_9) else figures.resolution
