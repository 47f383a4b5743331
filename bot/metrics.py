"""What this process has counted since its start. `bot/roles/scrape.py` shows it; whoever counts need not know how."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

Labels = tuple[tuple[str, str], ...]
BOUNDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)  # seconds


@dataclass(slots=True)
class Times:
    """How often something took how long: `counts` has a number for each of BOUNDS, and one for what took longer."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    total: float = 0.0  # seconds


class Counters:
    """Numbers by name and labels: `count("outbound", channel="sms", outcome="sent")`. Labels are words of ours, few of
    them; never a citizen's words, contact or ticket."""

    def __init__(self) -> None:
        self._counted: Counter[tuple[str, Labels]] = Counter()
        self._times: dict[str, Times] = {}
        self._states: dict[str, float] = {}

    def count(self, name: str, times: int = 1, /, **labels: str) -> None:
        """So many more. This only grows."""
        self._counted[name, tuple(sorted(labels.items()))] += times

    def took(self, name: str, seconds: float) -> None:
        times = self._times.setdefault(name, Times())
        times.counts[bisect_left(BOUNDS, seconds)] += 1
        times.total += seconds

    def state(self, name: str, value: float) -> None:
        """How it is now."""
        self._states[name] = value

    def all(self) -> Mapping[tuple[str, Labels], int]:
        """A copy: name and labels -> count."""
        return dict(self._counted)

    def times(self) -> Mapping[str, Times]:
        return dict(self._times)

    def states(self) -> Mapping[str, float]:
        return dict(self._states)

    def get(self, name: str, **labels: str) -> int:
        """The sum over everything of this name that has these labels."""
        wanted = set(labels.items())
        return sum(count for (known, has), count in self._counted.items() if known == name and wanted <= set(has))
