"""What a row of measured values does over time: a straight line through it, and its level early and late."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import linear_regression, median

_PART = 4  # the level early and late is that of a quarter


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The line of least squares through values over time, at the first and at the last of these times."""

    begins: float
    ends: float

    @property
    def growth(self) -> float:
        """As a share of where it begins: .05 is five in a hundred more at the end. 0 where it begins at nothing."""
        return (self.ends - self.begins) / self.begins if self.begins > 0 else 0.0


def line(times: Sequence[float], values: Sequence[float]) -> Line:
    """Through values at rising times; level where there are not two of them."""
    if len(times) < 2:
        level = values[0] if values else 0.0
        return Line(begins=level, ends=level)
    slope, at_zero = linear_regression(times, values)
    return Line(begins=at_zero + slope * times[0], ends=at_zero + slope * times[-1])


def risen(values: Sequence[float]) -> float:
    """How much higher the last quarter is than the first, each by its median: what comes and goes is none."""
    if len(values) < 2:
        return 0.0
    part = max(1, len(values) // _PART)
    return median(values[-part:]) - median(values[:part])
