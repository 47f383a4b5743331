"""The seeded chances of a hostile run. All that goes wrong is decided here, so that a seed names a run."""

from dataclasses import dataclass
from enum import Enum
from random import Random


class Luck(Enum):
    """What becomes of one request of ours to a provider."""

    GOOD = "good"
    SLOW = "slow"  # taken, answered late
    THROTTLED = "throttled"  # 429 with Retry-After; not taken
    BROKEN = "broken"  # 500; not taken
    BROKEN_TAKEN = "broken_taken"  # 500, but taken
    DROPPED = "dropped"  # the connection breaks; not taken
    DROPPED_TAKEN = "dropped_taken"  # the connection breaks, but taken


_CHANCES = {
    Luck.GOOD: 88.0, Luck.SLOW: 4.0, Luck.THROTTLED: 3.0, Luck.BROKEN: 1.5, Luck.BROKEN_TAKEN: 0.5,
    Luck.DROPPED: 1.0, Luck.DROPPED_TAKEN: 2.0,
}  # fmt: skip
TAKEN = frozenset({Luck.GOOD, Luck.SLOW, Luck.BROKEN_TAKEN, Luck.DROPPED_TAKEN})
ANSWERED = frozenset({Luck.GOOD, Luck.SLOW})
_COPIES = (1, 1, 2, 2, 3)
_DETOURS = (0.0, 0.0, 0.0, 0.2, 0.8)  # seconds a message spends on its way before the first try


@dataclass(frozen=True, slots=True)
class Dice:
    random: Random

    def luck(self) -> Luck:
        return self.random.choices(tuple(_CHANCES), tuple(_CHANCES.values()))[0]

    def copies(self) -> int:
        """How often a provider delivers one message."""
        return self.random.choice(_COPIES)

    def detour(self) -> float:
        return self.random.choice(_DETOURS)

    def seconds(self, longest: float) -> float:
        return self.random.uniform(0.0, longest)

    def chance(self, one_in: float) -> bool:
        return self.random.random() * one_in < 1
