"""What the digest page shows of a scope's figures, in tables, and how departments and areas are compared by it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from digest.changes import distance, notable, small, worse
from digest.measures import MEASURES, Measure, Rate, base, usual, value
from tickets.figures import SMALL, Figure, Figures, Scope, Series

# The tables of the page; every figure is in one of them.
GROUPS: Mapping[str, tuple[Measure, ...]] = {
    "work": (Figure.FILED, Figure.CLOSED, Figure.OPEN, Figure.LATE),
    "promises": (Figure.DUE, Figure.ON_TIME, Rate.ON_TIME, Figure.BROKEN),
    "times": (
        Rate.ANSWER, Rate.ANSWER_9, Figure.ANSWERED, Rate.RESOLUTION, Rate.RESOLUTION_9, Figure.RESOLVED,
    ),
    "citizens": (
        Figure.ASKED, Figure.CONFIRMED, Figure.DISPUTED, Figure.UNANSWERED, Figure.REOPENED, Rate.SATISFACTION,
        Figure.RATED, Figure.FOLLOWERS, Figure.SPARED,
    ),
    "unknown": (Figure.UNDELIVERED, Figure.UNLOCATED, Figure.UNSURE),
}  # fmt: skip
# What departments and areas are compared by.
COMPARED: tuple[Measure, ...] = (
    Rate.ON_TIME, Rate.ANSWER, Rate.RESOLUTION, Rate.SATISFACTION, Figure.FILED, Figure.CLOSED, Figure.OPEN,
    Figure.LATE, Figure.BROKEN, Figure.REOPENED, Figure.DISPUTED,
)  # fmt: skip
# What is told of each of the periods before.
TREND: tuple[Measure, ...] = (Figure.FILED, Figure.CLOSED, Figure.OPEN, Figure.LATE, Rate.ON_TIME)

NOT_TICKETS = frozenset(  # these count something of which one ticket may have several
    {
        Figure.ASKED, Figure.CONFIRMED, Figure.DISPUTED, Figure.UNANSWERED, Figure.RATED, Figure.FOLLOWERS,
        Figure.SPARED, Figure.BROKEN, Figure.UNDELIVERED,
    }
)  # fmt: skip
_BEHIND: Mapping[Measure, Figure] = {
    Rate.ON_TIME: Figure.ON_TIME,
    Rate.ANSWER: Figure.ANSWERED,
    Rate.ANSWER_9: Figure.ANSWERED,
    Rate.RESOLUTION: Figure.RESOLVED,
    Rate.RESOLUTION_9: Figure.RESOLVED,
    Rate.SATISFACTION: Figure.RATED,
}
_BY_NAME: Mapping[str, Measure] = {measure.value: measure for measure in MEASURES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measure of one scope: now, in the period before, in the mean of those before. None: not known. `sample`, and
    `sample_before`: of how many it speaks, where it is no count. `few`: of too few to be compared, and so nothing is
    said. `in_use`: Vecino was, in the period before. `tone`: `worse` or `better` where that is more than chance,
    and no small sample."""

    scope: Scope
    measure: Measure
    now: float | None
    before: float | None
    mean: float | None
    in_use: bool
    sample: int | None = None
    sample_before: int | None = None
    few: bool = False
    tone: str = ""

    @property
    def change(self) -> float | None:
        return None if self.now is None or self.before is None else self.now - self.before

    @property
    def is_small(self) -> bool:
        """A share, a median or a mean of few: chance has its say."""
        return self.sample is not None and 0 < self.sample < SMALL


def row(series: Series, measure: Measure) -> Row:
    """One line of a scope's table."""
    last = series.before[-1] if series.before else None
    return Row(
        scope=series.scope,
        measure=measure,
        now=value(series.now, measure),
        before=value(last, measure),
        mean=usual(series, measure),
        in_use=last is not None,
        sample=_sample(series.now, measure),
        sample_before=_sample(last, measure),
        tone=_tone(series, measure),
    )


def compared(series: Series, measure: Measure) -> Row:
    """One line of a table that compares scopes: a period with too few cases counts as one of which nothing is known."""
    if isinstance(measure, Figure):
        return row(series, measure)
    enough = tuple(one if one and _enough(one, measure) else None for one in series.before)
    whole = row(series, measure)
    found = replace(
        row(replace(series, before=enough), measure), in_use=whole.in_use, sample_before=whole.sample_before
    )
    return found if _enough(series.now, measure) else replace(found, now=None, few=found.sample is not None, tone="")


def behind(measure: Measure) -> Figure:
    """Which tickets stand behind it."""
    return measure if isinstance(measure, Figure) else _BEHIND[measure]


def named(name: str) -> Measure | None:
    """The measure of this name, as an address has it."""
    return _BY_NAME.get(name)


def ordered(rows: Iterable[Row], by: str, names: Callable[[Scope], str], *, falling: bool) -> Sequence[Row]:
    """By one of the columns; what has no value there comes last, whichever way, and the same value by name."""
    alphabetic = sorted(rows, key=lambda one: names(one.scope).casefold(), reverse=falling and by == "name")
    if by == "name":
        return alphabetic
    known = [one for one in alphabetic if getattr(one, by) is not None]
    return [
        *sorted(known, key=lambda one: getattr(one, by), reverse=falling),
        *(one for one in alphabetic if getattr(one, by) is None),
    ]


def _sample(figures: Figures | None, measure: Measure) -> int | None:
    return base(figures, measure) if figures and isinstance(measure, Rate) else None


def _tone(series: Series, measure: Measure) -> str:
    if small(series, measure) or not notable(series, measure):
        return ""
    bad = worse(measure, distance(series, measure))
    return "" if bad is None else "worse" if bad else "better"


def _enough(figures: Figures, measure: Rate) -> bool:
    return (base(figures, measure) or 0) >= SMALL
