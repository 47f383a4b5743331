"""What each figure is called, which way is good, and what is wanted of it on sentences by other hands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nlu.contract import LANGUAGES

UP, DOWN = "↑", "↓"
INDEPENDENT = ("authored", "unseen")  # the sets by other hands, on which most is promised
_REAL = ("real",)
POOLED = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A row of the tables. `way`: what is better (empty: neither). `target` holds on the `sets`, over all languages
    together or, with `each`, for every one. `count`: a whole number, not a share of 1."""

    key: str
    label: str
    way: str = UP
    target: float | None = None
    sets: tuple[str, ...] = INDEPENDENT
    each: bool = False
    count: bool = False

    def wanted(self, name: str) -> float | None:
        """The target on this set."""
        return self.target if name in self.sets else None

    def missed(self, name: str, column: str, value: float | None) -> bool:
        """Whether this value of a language (or `all`) falls short on this set."""
        target = self.wanted(name)
        if target is None or value is None or (column != POOLED and not self.each):
            return False
        return value < target if self.way == UP else value > target


FIGURES = (
    Figure(key="n", label="messages", way="", count=True),
    Figure(key="macro_f1", label="intent, macro-F1", target=0.9, each=True),
    Figure(key="macro_f1_decided", label="same, asking back is wrong"),
    Figure(key="asked_back", label="asked back", way=""),
    Figure(key="service", label="service right", target=0.7, sets=_REAL),
    Figure(key="service_in_3", label="service among first three", target=0.9, sets=_REAL),
    Figure(key="scopeless", label="messages out of scope", way="", count=True),
    Figure(key="scopeless_reported", label="out of scope, but filed", way=DOWN, target=0.03),
    Figure(key="language", label="language, must be said", target=0.985),
    Figure(key="language_or_silence", label="same, silent on address ok", target=0.985),
    Figure(key="language_wrong", label="another language", way=DOWN),
    Figure(key="ece", label="calibration error (ECE)", way=DOWN, target=0.05),
    Figure(key="emergencies", label="emergencies", way="", count=True),
    Figure(key="emergencies_missed", label="missed emergencies, model", way=DOWN, count=True),
    Figure(key="bot_missed", label="missed emergencies, bot", way=DOWN, target=0, count=True),
    Figure(key="emergencies_false", label="false alarms, model", way=DOWN),
    Figure(key="bot_false", label="false alarms, bot", way=DOWN, target=0.01),
    Figure(key="location_f1", label="place, token F1", target=0.75),
    Figure(key="ticket_f1", label="ticket number, token F1"),
)
COSTS = (
    Figure(key="load_s", label="until it answers, s", way=DOWN, target=12, sets=("cost",)),
    Figure(key="memory_mb", label="memory, MB", way=DOWN, target=600, sets=("cost",), count=True),
    Figure(key="ms", label="one message, p50 ms", way=DOWN, target=2, sets=("cost",)),
    Figure(key="load_average", label="machine's load average", way=""),
)


def shortfalls(report: Mapping[str, Any]) -> list[str]:
    """A line for each target that a column of the report misses; the report names its sets and `server`."""
    found = []
    for name, table in report.items():
        for figure in FIGURES if name != "server" else ():
            values = {column: table[column].get(figure.key) for column in (*LANGUAGES, POOLED)}
            missed = [f"{c} {v:g}" for c, v in values.items() if figure.missed(name, c, v)]
            if missed:
                sign = "≥" if figure.way == UP else "≤"
                found.append(f"{name}: {figure.label} {', '.join(missed)} (wanted {sign} {figure.target:g})")
    return found
